"""Ways in which SDMGrad goes wrong."""

from typing import Any

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import sdmgrad as sound
from conformance.zoo.transcription.modo import State, crossed, projected, weights_before
from conformance.zoo.transcription.sdmgrad import preferred
from conformance.zoo.transcription.shapes import Outputs

Stepped = tuple[Outputs, State]


def normalised(jacobian: Array, *, lambda_: float = 0.3, **given: Any) -> Stepped:  # noqa: ANN401
    """Divide the answer by 1 + lambda."""
    outputs, state = sound.answer(jacobian, lambda_=lambda_, **given)
    return {"weights": outputs["weights"] / (1 + lambda_)}, state


def unpulled(
    jacobian: Array,
    *,
    second_jacobian: Array,
    preference: Array | None = None,
    learning_rate: float = 0.1,
    lambda_: float = 0.3,
    state: State | None = None,
) -> Stepped:
    """Leave the preference out of the force, and add it to the answer alone."""
    before, aim = weights_before(state, len(jacobian)), preferred(preference, len(jacobian))
    after = projected(before - learning_rate * crossed(jacobian, second_jacobian) @ before)
    return {"weights": after + lambda_ * aim}, {"weights": after}


def fed_back(jacobian: Array, **given: Any) -> Stepped:  # noqa: ANN401
    """Keep the answer, with the preference in it, for the weights of the next step."""
    outputs, _ = sound.answer(jacobian, **given)
    return outputs, {"weights": outputs["weights"]}


FAULTS = (
    Fault(
        "sdmgrad_normalised",
        "sdmgrad",
        "Divides by 1 + lambda, as the released code does, and declares no scale.",
        ("accuracy",),
        normalised,
    ),
    Fault(
        "sdmgrad_unpulled",
        "sdmgrad",
        "Leaves the preference out of the force, as code that reuses MGDA's step does.",
        ("accuracy",),
        unpulled,
    ),
    Fault(
        "sdmgrad_fed_back",
        "sdmgrad",
        "Goes on from the answer in place of the weights on the simplex, one variable for both.",
        ("sequence",),
        fed_back,
    ),
)
