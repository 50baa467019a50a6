"""IMTL-L: losses scaled so that all are worth the same.

[IMTL] Liu, Li, Kuang, Xue, Chen, Yang, Liao and Zhang, Towards impartial multi-task learning,
2021, section 3.2.
"""

import numpy as np

from conformance.torch_runner.aggregation import Weighting
from conformance.torch_runner.losses import Losses, above_zero, each, weighting


def weigh(
    losses: Losses, *, log_scales: Losses, scales: str = "given", learning_rate: float = 0.125
) -> Weighting:
    """Weights (T,), value and next log-scales (T,) from losses (T,) and log-scales (T,).

    ``scales`` is "given", for one gradient step from the log-scales, or "optimum", which does not
    use them. ValueError for another choice, NaN and infinities, and at the optimum for losses that
    are not positive.
    """
    values = each("losses", losses)
    logs = each("log_scales", log_scales, len(values))
    if scales == "optimum":
        above_zero("losses", values, "imtl_l")
        logs = np.log(values)
        value = (1 + logs).sum()
        return weighting(losses, 1 / values, value=value, log_scales=-logs)
    if scales != "given":
        message = f"scales must be 'given' or 'optimum' (got {scales!r})"
        raise ValueError(message)
    with np.errstate(over="ignore"):
        root = np.exp(logs / 2)  # its square may leave the range though the product does not
        scaled = (root * values) * root
        following = logs - learning_rate * (scaled - 1)
        value = (scaled - logs).sum()
        return weighting(losses, root * root, value=value, log_scales=following)
