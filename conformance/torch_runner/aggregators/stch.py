"""Smooth Tchebycheff scalarization: a smooth stand-in for the largest of the weighed losses.

[LZYLWZ24] Lin, Zhang, Yang, Liu, Wang and Zhang, Smooth Tchebycheff scalarization for
multi-objective optimization, 2024.
"""

import numpy as np

from conformance.torch_runner.aggregation import Weighting
from conformance.torch_runner.losses import (
    Losses,
    above_zero,
    each,
    logarithms,
    softmax,
    weighting,
)


def weigh(
    losses: Losses,
    *,
    preference: Losses,
    reference_losses: Losses,
    mu: float = 1.0,
    form: str = "linear",
) -> Weighting:
    """Weights (T,) and value from losses, a preference and reference losses (T,).

    ``form`` is "linear", losses less the reference, or "log", logarithms of their ratios.
    ValueError for another form, a mu that is not positive, NaN and infinities, and in the form
    "log" for numbers that are not positive.
    """
    if not 0 < mu < np.inf or form not in {"linear", "log"}:
        message = f"mu must be positive, and form 'linear' or 'log' (got {mu} and {form!r})"
        raise ValueError(message)
    now = each("losses", losses)
    slopes = each("preference", preference, len(now))
    reference = each("reference_losses", reference_losses, len(now))
    if form == "linear":
        heights = slopes * (now - reference)
    else:
        above_zero("losses", now, "stch")
        above_zero("reference_losses", reference, "stch")
        heights = slopes * logarithms(now, reference)
        slopes = slopes / now
    top = int(np.argmax(heights))
    with np.errstate(over="ignore"):
        below = (heights - heights[top]) / mu
    others = np.exp(np.delete(below, top)).sum()  # log(1 + x) keeps the digits of a small x
    value = heights[top] + mu * np.log1p(others)
    return weighting(losses, slopes * softmax(below), value=value)
