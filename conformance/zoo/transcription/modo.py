"""MoDo in numpy."""

from collections.abc import Mapping

import numpy as np

from conformance.zoo.programs import Array, balanced
from conformance.zoo.transcription.shapes import Outputs

State = Mapping[str, Array]


def answer(
    jacobian: Array,
    *,
    second_jacobian: Array,
    learning_rate: float = 0.1,
    rho: float = 0.0,
    state: State | None = None,
) -> tuple[Outputs, State]:
    """One step of the weights, and the state after it."""
    before = weights_before(state, len(jacobian))
    force = crossed(jacobian, second_jacobian) @ before + rho * before
    after = projected(before - learning_rate * force)
    return {"weights": after}, {"weights": after}


def weights_before(state: State | None, tasks: int) -> Array:
    """The weights that a state holds, equal ones in a fresh state."""
    return np.full(tasks, 1 / tasks) if state is None else state["weights"]


def crossed(first: Array, second: Array) -> Array:
    """The inner products of the rows of two jacobians, safe from underflow on the way."""
    if first.shape != second.shape:
        message = f"the jacobians must have one shape (got {first.shape} and {second.shape})"
        raise ValueError(message)
    left, up = balanced(first)
    right, down = balanced(second)
    found: Array = np.ldexp(left @ right.T, up[:, None] + down[None, :])
    return found


def projected(point: Array) -> Array:
    """The nearest point on the simplex: cut what falls below, level the rest, and again."""
    inside, point = np.ones(len(point), dtype=bool), point - point.max()
    while True:
        level = (point[inside].sum() - 1) / inside.sum()
        below = inside & (point <= level)
        if not below.any() or below.sum() == inside.sum():
            return np.where(inside, point - level, 0.0)
        inside &= ~below
