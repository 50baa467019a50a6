"""Ways in which the mean intersection over union goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.transcription import mean_iou as sound
from conformance.zoo.transcription.mean_iou import Classes
from conformance.zoo.transcription.shapes import Outputs


def absent_as_zero(predictions: Classes, *, labels: Classes) -> Outputs:
    """Count a class that does not occur as 0."""
    both, union = sound.confused(predictions, labels)
    return {"figure": np.asarray((both / np.maximum(union, 1)).mean())}


def over_sum(predictions: Classes, *, labels: Classes) -> Outputs:
    """Divide by both counts without taking the intersection out."""
    both, union = sound.confused(predictions, labels)
    return {"figure": np.asarray(np.mean(sound.shares(both, union + both)))}


def pooled(predictions: Classes, *, labels: Classes) -> Outputs:
    """Divide the sum of the intersections by that of the unions."""
    both, union = sound.confused(predictions, labels)
    return {"figure": np.asarray(both.sum() / union.sum())}


FAULTS = (
    Fault("mean_iou_absent_as_zero", "mean_iou", "Takes an absent class for one that is all wrong.",
          ("metric-definition",), absent_as_zero),
    Fault("mean_iou_over_sum", "mean_iou", "Counts the intersection twice in the union.",
          ("metric-definition",), over_sum),
    Fault("mean_iou_pooled", "mean_iou", "Pools the classes in place of averaging them.",
          ("metric-definition",), pooled),
)  # fmt: skip
