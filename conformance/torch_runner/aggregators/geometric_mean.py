"""Geometric mean of the losses, and the weights that its gradient gives them.

[CYBG19] Chennupati, Sistu, Yogamani and Rawashdeh, MultiNet++: multi-stream feature aggregation
and geometric loss strategy for multi-task learning, 2019.
"""

import numpy as np

from conformance.torch_runner.aggregation import Weighting
from conformance.torch_runner.losses import Losses, above_zero, each, weighting


def weigh(losses: Losses) -> Weighting:
    """Weights (T,) and value from losses (T,), which must be positive where there are several.

    Powers of two are taken out first: logarithms of large and small losses lose digits.
    """
    values = each("losses", losses)
    tasks = len(values)
    if tasks == 1 and values[0] >= 0:
        return weighting(losses, np.ones(1), value=values[0])
    above_zero("losses", values, "geometric_mean")
    mantissas, exponents = np.frexp(values)
    whole, rest = divmod(int(exponents.sum()), tasks)
    mean = np.exp(np.log(mantissas).mean() + rest * np.log(2.0) / tasks)
    with np.errstate(over="ignore"):
        weights = np.ldexp(mean / (tasks * mantissas), whole - exponents)
    return weighting(losses, weights, value=np.ldexp(mean, whole))
