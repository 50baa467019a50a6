"""SDMGrad: a step towards the weights of the shortest direction, pulled to a preferred one.

[XBJ23] Xiao, Ban and Ji, Direction-oriented multi-objective learning: simple and provable
stochastic algorithms, 2023, Algorithm 1.
"""

from collections.abc import Mapping

import numpy as np

from conformance.torch_runner.aggregation import Weighting, weights_of
from conformance.torch_runner.aggregators.modo import (
    crossed,
    not_negative,
    projected,
    weights_before,
)
from conformance.torch_runner.losses import Losses, each
from conformance.torch_runner.shapes import Jacobian, Matrix


def weigh(
    jacobian: Jacobian,
    *,
    second_jacobian: Jacobian,
    preference: Losses | None = None,
    learning_rate: float = 0.1,
    lambda_: float = 0.3,
    state: Mapping[str, Matrix] | None = None,
) -> Weighting:
    """Weights (T,) w + lambda w0 after one step of w on the simplex; the state is w in float64.

    ``preference`` is w0, 1 / T each where it is not given. ValueError for NaN, infinities,
    jacobians (T, d) of two shapes, another number of preferences, and negative parameters.
    """
    not_negative(learning_rate=learning_rate, lambda_=lambda_)
    tasks = len(jacobian)
    before = weights_before(state, tasks)
    aim = np.full(tasks, 1 / tasks)
    if preference is not None:
        aim = each("preference", preference, tasks)
    force = crossed(jacobian, second_jacobian) @ (before + lambda_ * aim)
    after = projected(before - learning_rate * force)
    return Weighting(weights_of(jacobian, after + lambda_ * aim), state={"weights": after})
