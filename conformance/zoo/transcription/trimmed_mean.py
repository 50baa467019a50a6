"""The trimmed mean in numpy, column by column."""

import numpy as np

from conformance.zoo.programs import Array, common
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array, *, trim_number: float = 0.0) -> Outputs:
    """The mean of what is left without the largest and the smallest entries."""
    scaled, exponent = common(jacobian)
    trimmed = int(trim_number)
    if not 0 <= 2 * trimmed < len(scaled):
        message = f"trim_number must leave something of {len(scaled)} tasks (got {trim_number})"
        raise ValueError(message)
    kept = np.sort(scaled, axis=0)[trimmed : len(scaled) - trimmed]
    return {"direction": np.ldexp(kept.mean(axis=0), exponent)}
