"""The mean intersection over union in numpy."""

import numpy as np
from numpy.typing import NDArray

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs

Classes = NDArray[np.int64]


def answer(predictions: Classes, *, labels: Classes) -> Outputs:
    """The mean over the classes that occur."""
    return {"figure": np.asarray(np.mean(shares(*confused(predictions, labels))))}


def confused(predictions: Classes, labels: Classes) -> tuple[Array, Array]:
    """Intersections and unions, class by class, from one confusion matrix."""
    known = labels != -1
    if not known.any() or (labels < -1).any() or (predictions[known] < 0).any():
        message = "mean_iou is undefined: no label counts, or one is no class"
        raise ValueError(message)
    count = 1 + int(max(predictions[known].max(), labels[known].max()))
    table = np.zeros((count, count))
    np.add.at(table, (labels[known], predictions[known]), 1)
    both = np.diag(table)
    return both, table.sum(axis=0) + table.sum(axis=1) - both


def shares(both: Array, union: Array) -> Array:
    """Intersections over unions of the classes that occur."""
    found: Array = both[union > 0] / union[union > 0]
    return found
