"""The success rate in numpy."""

import numpy as np
from numpy.typing import NDArray

from conformance.zoo.transcription.shapes import Outputs


def answer(successes: NDArray[np.int64]) -> Outputs:
    """The best evaluation's share."""
    if not np.isin(successes, (0, 1)).all():
        message = "successes must be 0 or 1"
        raise ValueError(message)
    return {"figure": np.asarray(successes.mean(axis=1).max())}
