"""Ways in which MoDo goes wrong."""

from collections.abc import Callable
from typing import Any

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import modo as sound
from conformance.zoo.transcription.modo import State, crossed, weights_before
from conformance.zoo.transcription.shapes import Outputs

Stepped = tuple[Outputs, State]


def with_projection(project: Callable[[Array], Array]) -> Callable[..., Stepped]:
    """MoDo with another way back to the simplex."""

    def answer(
        jacobian: Array,
        *,
        second_jacobian: Array,
        learning_rate: float = 0.1,
        rho: float = 0.0,
        state: State | None = None,
    ) -> Stepped:
        before = weights_before(state, len(jacobian))
        force = crossed(jacobian, second_jacobian) @ before + rho * before
        after = project(before - learning_rate * force)
        return {"weights": after}, {"weights": after}

    return answer


def clipped(point: Array) -> Array:
    """Cut negative weights off and divide by the sum."""
    found = np.maximum(point, 0.0)
    return found / (found.sum() or 1.0)


def softened(point: Array) -> Array:
    """Take a softmax."""
    found: Array = np.exp(point - point.max())
    found /= found.sum()
    return found


def one_sample(jacobian: Array, *, second_jacobian: Array, **given: Any) -> Stepped:  # noqa: ANN401
    """Take both factors from the first sample."""
    del second_jacobian
    return sound.answer(jacobian, second_jacobian=jacobian, **given)


def forgetful(jacobian: Array, *, state: State | None = None, **given: Any) -> Stepped:  # noqa: ANN401
    """Begin at equal weights each time."""
    del state
    return sound.answer(jacobian, **given)


FAULTS = (
    Fault(
        "modo_clipped",
        "modo",
        "Cuts negative weights off and divides by the sum, for want of a projection.",
        ("accuracy",),
        with_projection(clipped),
    ),
    Fault(
        "modo_softmax",
        "modo",
        "Keeps the weights on the simplex by a softmax, as code with logits does.",
        ("accuracy",),
        with_projection(softened),
    ),
    Fault(
        "modo_one_sample",
        "modo",
        "Takes both factors from one sample, which makes the estimate biased.",
        ("accuracy",),
        one_sample,
    ),
    Fault(
        "modo_forgetful",
        "modo",
        "Begins at equal weights in every step, as code that makes its weights anew does.",
        ("sequence",),
        forgetful,
    ),
)
