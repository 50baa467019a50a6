"""Delta m in numpy."""

import numpy as np
from numpy.typing import NDArray

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(
    values: Array,
    *,
    baseline: Array,
    lower_is_better: NDArray[np.bool_],
    task: NDArray[np.int64],
    convention: str = "flat-drop",
) -> Outputs:
    """Signed ratios to the baseline, weighed as the convention says."""
    if not baseline.all():
        message = "delta_m is undefined: a baseline is 0"
        raise ValueError(message)
    gains = np.where(lower_is_better, baseline - values, values - baseline) / baseline
    if convention == "flat-drop":
        return {"delta": np.asarray(-gains.mean())}
    numbers, places = np.unique(task, return_inverse=True)
    counts = np.bincount(places)[places]
    return {"delta": np.asarray((gains / counts).sum() / len(numbers))}
