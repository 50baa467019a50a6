"""MoDo: one projected gradient step of the weights, on the jacobians of two independent samples.

[CFYC23] Chen, Fernando, Ying and Chen, Three-way trade-off in multi-objective learning:
optimization, generalization and conflict-avoidance, 2023, equation (9a).
"""

from collections.abc import Mapping

import numpy as np
import torch

from conformance.torch_runner.aggregation import Weighting, weights_of
from conformance.torch_runner.gramian import prepared
from conformance.torch_runner.shapes import Jacobian, Matrix


def weigh(
    jacobian: Jacobian,
    *,
    second_jacobian: Jacobian,
    learning_rate: float = 0.1,
    rho: float = 0.0,
    state: Mapping[str, Matrix] | None = None,
) -> Weighting:
    """Weights (T,) on the simplex after one step; the state is the weights in float64.

    ValueError for NaN, infinities, jacobians (T, d) of two shapes, and negative parameters.
    """
    not_negative(learning_rate=learning_rate, rho=rho)
    before = weights_before(state, len(jacobian))
    force = crossed(jacobian, second_jacobian) @ before + rho * before
    after = projected(before - learning_rate * force)
    return Weighting(weights_of(jacobian, after), state={"weights": after})


def crossed(jacobian: Jacobian, second_jacobian: Jacobian) -> Matrix:
    """The products J1 J2' (T, T) in float64, from the Gramian of both, one below the other."""
    if jacobian.shape != second_jacobian.shape:
        shapes = f"{tuple(jacobian.shape)} and {tuple(second_jacobian.shape)}"
        message = f"the jacobians must have one shape (got {shapes})"
        raise ValueError(message)
    rows = prepared(torch.cat([jacobian, second_jacobian]))
    tasks, exponents = len(jacobian), rows.exponents
    powers = exponents[:tasks, None] + exponents[None, tasks:]
    found: Matrix = np.ldexp(rows.gramian[:tasks, tasks:], powers)
    return found


def weights_before(state: Mapping[str, Matrix] | None, tasks: int) -> Matrix:
    """The weights that a state holds; 1 / T in a fresh one."""
    return np.full(tasks, 1 / tasks) if state is None else state["weights"]


def projected(point: Matrix) -> Matrix:
    """The nearest point on the simplex: the largest entries less one number, the others zero.

    Told from the largest entry down, so that the size of the entries takes no digits.
    """
    below = point - point.max()
    order = np.sort(below)[::-1]
    levels = (np.cumsum(order) - 1) / np.arange(1, len(point) + 1)
    above = np.flatnonzero(order > levels)
    found: Matrix = np.maximum(below - levels[above[-1]], 0.0)
    return found


def not_negative(**parameters: float) -> None:
    """Raise ValueError for a parameter below 0, or one that is no number."""
    for name, value in parameters.items():
        if not value >= 0 or not np.isfinite(value):
            message = f"{name} must be a number that is not negative (got {value})"
            raise ValueError(message)
