"""Smooth Tchebycheff scalarization in numpy."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(
    losses: Array,
    *,
    preference: Array,
    reference_losses: Array,
    mu: float = 1.0,
    form: str = "linear",
) -> Outputs:
    """The smooth maximum of the heights, and its derivatives by the losses."""
    if form == "log":
        if (losses <= 0).any() or (reference_losses <= 0).any():
            message = "stch is undefined: a loss is not positive"
            raise ValueError(message)
        heights, slopes = preference * np.log(losses / reference_losses), preference / losses
    else:
        heights, slopes = preference * (losses - reference_losses), preference
    return smooth(heights, slopes, mu)


def smooth(heights: Array, slopes: Array, mu: float) -> Outputs:
    """Mu times the logarithm of the sum of e^(height / mu), and the shares times the slopes."""
    order = np.argsort(heights)
    powers = np.exp((heights - heights[order[-1]]) / mu)
    value = np.asarray(heights[order[-1]] + mu * np.log1p(powers[order[:-1]].sum()))
    return {"weights": slopes * powers / powers.sum(), "value": value}
