"""Uncertainty weighting in numpy."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(losses: Array, *, log_variances: Array, form: str = "regression") -> Outputs:
    """Weights e^-s, half of that for regression; the value adds s / 2."""
    weights = np.exp(-log_variances) * (0.5 if form == "regression" else 1.0)
    return {"weights": weights, "value": np.asarray(weights @ losses + log_variances.sum() / 2)}
