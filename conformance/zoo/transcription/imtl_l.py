"""IMTL-L in numpy."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(
    losses: Array, *, log_scales: Array, scales: str = "given", learning_rate: float = 0.125
) -> Outputs:
    """Weights e^s, and a gradient step on s; at the optimum s = -log L."""
    if scales == "optimum":
        if (losses <= 0).any():
            message = "imtl_l is undefined: a loss is not positive"
            raise ValueError(message)
        log_scales = -np.log(losses)
        weights = 1 / losses
        following = log_scales
    else:
        weights = np.exp(log_scales)
        following = log_scales - learning_rate * (weights * losses - 1)
    value = np.asarray(weights @ losses - log_scales.sum())
    return {"weights": weights, "value": value, "log_scales": following}
