"""IMTL in numpy: IMTL-G of the scaled rows, its weights told on the raw ones."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription import imtl_g
from conformance.zoo.transcription.shapes import Outputs


def answer(
    jacobian: Array,
    *,
    losses: Array | None = None,
    log_scales: Array | None = None,
    scales: str = "optimum",
) -> Outputs:
    """The rows over their losses, or times their scales, combined with equal projections."""
    factors = np.ones(len(jacobian))
    if scales == "optimum" and losses is not None:
        if (losses <= 0).any():
            message = "imtl is undefined: a loss is not positive"
            raise ValueError(message)
        factors = 1 / losses
    elif scales == "given" and log_scales is not None:
        factors = np.exp(log_scales)
    found = imtl_g.answer(factors[:, None] * jacobian)
    return {name: x * factors if name == "weights" else x for name, x in found.items()}
