"""Uncertainty weighting: each loss over its task's variance, and a price for large variances.

[KGC18] Kendall, Gal and Cipolla, Multi-task learning using uncertainty to weigh losses for scene
geometry and semantics, 2018.
"""

import numpy as np

from conformance.torch_runner.aggregation import Weighting
from conformance.torch_runner.losses import Losses, each, weighting

SHARES = {"regression": 0.5, "classification": 1.0}


def weigh(losses: Losses, *, log_variances: Losses, form: str = "regression") -> Weighting:
    """Weights (T,) and value from losses (T,) and log-variances (T,); they are not trained here.

    ValueError for an unknown form, NaN and infinities.
    """
    if form not in SHARES:
        message = f"form must be one of {', '.join(map(repr, SHARES))} (got {form!r})"
        raise ValueError(message)
    values = each("losses", losses)
    logs = each("log_variances", log_variances, len(values))
    with np.errstate(over="ignore"):
        root = np.exp(-logs / 2)  # its square may leave the range though the product does not
        weights = SHARES[form] * root * root
        value = (SHARES[form] * (root * values) * root + logs / 2).sum()
    return weighting(losses, weights, value=value)
