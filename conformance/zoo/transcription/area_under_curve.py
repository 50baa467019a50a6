"""The area under the curve in numpy."""

import numpy as np
from numpy.typing import NDArray

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def parted(confidences: Array, labels: NDArray[np.int64]) -> tuple[Array, Array]:
    """The confidences of positives, as a column, and of negatives."""
    high, low = confidences[labels == 1], confidences[labels == 0]
    if not len(high) or not len(low):
        message = "area_under_curve is undefined: a class does not occur"
        raise ValueError(message)
    return high[:, None], low


def answer(confidences: Array, *, labels: NDArray[np.int64]) -> Outputs:
    """The share of pairs won, ties counting one half."""
    high, low = parted(confidences, labels)
    return {"figure": np.asarray(((high > low).mean() + (high >= low).mean()) / 2)}
