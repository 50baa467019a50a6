"""FairGrad: weights a > 0 with K a = a^(-1/alpha), at which all gains are alpha-fair.

[FairGrad] Ban and Ji, Fair resource allocation in multi-task learning, 2024.
"""

import numpy as np

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.equilibrium import solution
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.shapes import Jacobian


def aggregate(jacobian: Jacobian, *, alpha: float = 1.0) -> Aggregation:
    """Direction and weights of a jacobian (T, d), for alpha > 0.

    ValueError for NaN, infinities, wrong shapes, alpha <= 0, and where 0 may lie in the hull of the
    rows: there the definition has no answer.
    """
    if not 0 < alpha < np.inf:
        message = f"alpha must be a number above 0 (got {alpha})"
        raise ValueError(message)
    rows = prepared(jacobian)
    found = solution(rows, 1 / alpha, "fairgrad")
    direction = combined(rows, found.coefficients, found.exponent)
    weights = np.ldexp(found.coefficients, found.exponent - rows.exponents)
    return Aggregation(direction, weights_of(jacobian, weights))
