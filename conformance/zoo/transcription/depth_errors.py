"""Depth errors in numpy."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(predicted_depths: Array, *, depths: Array) -> Outputs:
    """Means over the pixels that have a depth."""
    known = depths != 0
    if not known.any():
        message = "depth_errors is undefined: no pixel has a depth"
        raise ValueError(message)
    gaps = np.abs(predicted_depths - depths)[known]
    relative = gaps / np.abs(depths[known])
    return {"absolute": np.asarray(gaps.mean()), "relative": np.asarray(relative.mean())}
