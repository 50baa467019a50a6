"""SDMGrad in numpy."""

from collections.abc import Mapping

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.modo import crossed, projected, weights_before
from conformance.zoo.transcription.shapes import Outputs

State = Mapping[str, Array]


def answer(
    jacobian: Array,
    *,
    second_jacobian: Array,
    preference: Array | None = None,
    learning_rate: float = 0.1,
    lambda_: float = 0.3,
    state: State | None = None,
) -> tuple[Outputs, State]:
    """One step of the weights, and the state after it."""
    before, aim = weights_before(state, len(jacobian)), preferred(preference, len(jacobian))
    force = crossed(jacobian, second_jacobian) @ (before + lambda_ * aim)
    after = projected(before - learning_rate * force)
    return {"weights": after + lambda_ * aim}, {"weights": after}


def preferred(preference: Array | None, tasks: int) -> Array:
    """The preference, equal where none is told."""
    return np.full(tasks, 1 / tasks) if preference is None else preference
