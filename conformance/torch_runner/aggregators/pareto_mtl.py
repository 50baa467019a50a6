"""Pareto-MTL: descent for all tasks and for the preferences that keep the losses in a region.

[Pareto-MTL] Lin, Zhen, Li, Zhang and Kwong, Pareto multi-task learning, 2019.
"""

import numpy as np
from torch import Tensor

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.hulls import shortest_of
from conformance.torch_runner.shapes import Jacobian, Matrix
from conformance.torch_runner.stacking import checked

PHASES = ("second", "first")


def aggregate(
    jacobian: Jacobian,
    *,
    losses: Tensor,
    preferences: Tensor,
    region: float = 0.0,
    phase: str = "second",
) -> Aggregation:
    """Direction and weights for rows (T, d), losses (T,) and preferences (P, T).

    ValueError for NaN, infinities, wrong shapes, a region that is none and an unknown phase.
    """
    if phase not in PHASES:
        message = f"phase must be one of {', '.join(map(repr, PHASES))} (got {phase!r})"
        raise ValueError(message)
    rows = prepared(jacobian)
    tasks, largest = len(rows.gramian), int(rows.exponents.max())
    corners = broken(losses, preferences, region, tasks)
    if phase == "second":
        corners = np.vstack((np.eye(tasks), corners))
    weights = shortest_of(rows, corners) @ corners if len(corners) else np.zeros(tasks)
    coefficients = np.ldexp(weights, rows.exponents - largest)
    return Aggregation(combined(rows, coefficients, largest), weights_of(jacobian, weights))


def broken(losses: Tensor, preferences: Tensor, region: float, tasks: int) -> Matrix:
    """The u_j - u_k (n, T) of the constraints that the losses break, strictly."""
    values: Matrix = checked("losses", losses.detach()).double().cpu().numpy()[0]
    vectors: Matrix = checked("preferences", preferences.detach()).double().cpu().numpy()
    if len(values) != tasks or vectors.shape[1] != tasks:
        message = (
            f"losses and preferences must have {tasks} columns (got {len(values)} and "
            f"{vectors.shape[1]})"
        )
        raise ValueError(message)
    if region not in range(len(vectors)):
        message = f"region must be a whole number from 0 to {len(vectors) - 1} (got {region})"
        raise ValueError(message)
    beyond = vectors - vectors[int(region)]
    active: Matrix = beyond[beyond @ values > 0]
    return active
