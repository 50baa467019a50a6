"""Ways in which accuracy goes wrong."""

import numpy as np
from numpy.typing import NDArray

from conformance.zoo.faults.fault import Fault
from conformance.zoo.transcription import accuracy as sound
from conformance.zoo.transcription.shapes import Outputs

Classes = NDArray[np.int64]


def unmasked(predictions: Classes, *, labels: Classes) -> Outputs:
    """Divide by all entries, those without a label among them."""
    found = sound.answer(predictions, labels=labels)["figure"]
    return {"figure": found * (labels != -1).mean()}


def by_class(predictions: Classes, *, labels: Classes) -> Outputs:
    """Average over the classes of the labels."""
    sound.answer(predictions, labels=labels)  # refuses what is undefined
    kinds = np.unique(labels[labels != -1])
    shares = [(predictions[labels == kind] == kind).mean() for kind in kinds]
    return {"figure": np.asarray(np.mean(shares))}


FAULTS = (
    Fault("accuracy_unmasked", "accuracy", "Counts entries without a label as wrong.",
          ("metric-definition",), unmasked),
    Fault("accuracy_by_class", "accuracy", "Averages over classes, not over entries.",
          ("metric-definition",), by_class),
)  # fmt: skip
