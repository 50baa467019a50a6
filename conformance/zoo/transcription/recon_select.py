"""Recon's selection in numpy."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(scores: Array, *, k: float = 1) -> Outputs:
    """The layers with the largest scores, in rank order."""
    if k != int(k) or not 0 <= k <= len(scores):
        message = f"k must be a whole number from 0 to {len(scores)} (got {k})"
        raise ValueError(message)
    order = np.argsort(-scores, kind="stable")
    return {"layers": order[: int(k)].astype(np.int64)}
