"""Ways in which GradNorm goes wrong."""

from typing import Any

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import gradnorm as sound
from conformance.zoo.transcription.gradnorm import State
from conformance.zoo.transcription.shapes import Outputs


def overwritten(jacobian: Array, *, losses: Array, **given: Any) -> tuple[Outputs, State]:  # noqa: ANN401
    """Take the losses of each step for the initial ones of the next."""
    outputs, state = sound.answer(jacobian, losses=losses, **given)
    return outputs, {**state, "initial": losses}


def sums_to_one(jacobian: Array, **given: Any) -> tuple[Outputs, State]:  # noqa: ANN401
    """Let the weights sum to 1."""
    outputs, state = sound.answer(jacobian, **given)
    weights = outputs["weights"] / len(outputs["weights"])
    return {"weights": weights}, {**state, "weights": weights}


def differentiated(
    jacobian: Array,
    *,
    losses: Array,
    initial_losses: Array,
    weights: Array,
    alpha: float = 1.5,
    learning_rate: float = 0.025,
    state: State | None = None,
) -> tuple[Outputs, State]:
    """Differentiate the target, too: the mean of the norms moves with each weight."""
    kept = {"initial": initial_losses, "weights": weights} if state is None else state
    before, lengths = kept["weights"], sound.lengths(jacobian)
    norms, powers = before * lengths, sound.rates(losses, kept["initial"], alpha)
    side = np.sign(norms - norms.mean() * powers)
    slope = (side - (side @ powers) / len(losses)) * lengths
    return sound.stepped(before - learning_rate * slope, kept["initial"])


def ascending(
    jacobian: Array,
    *,
    learning_rate: float = 0.025,
    **given: Any,  # noqa: ANN401
) -> tuple[Outputs, State]:
    """Step up the gradient."""
    return sound.answer(jacobian, learning_rate=-learning_rate, **given)


def forgetful(
    jacobian: Array,
    *,
    state: State | None = None,
    weights: Array,
    **given: Any,  # noqa: ANN401
) -> tuple[Outputs, State]:
    """Begin each step with the weights of the first."""
    kept = None if state is None else {**state, "weights": weights}
    return sound.answer(jacobian, state=kept, weights=weights, **given)


FAULTS = (
    Fault(
        "gradnorm_initial_overwritten",
        "gradnorm",
        "Overwrites the initial losses at every step, as a released baseline does.",
        ("sequence",),
        overwritten,
    ),
    Fault(
        "gradnorm_sums_to_one",
        "gradnorm",
        "Makes the weights sum to 1 in place of T.",
        ("gradnorm-force",),
        sums_to_one,
    ),
    Fault(
        "gradnorm_target_differentiated",
        "gradnorm",
        "Differentiates the target, as code that forgets to detach the mean norm does.",
        ("gradnorm-force",),
        differentiated,
    ),
    Fault(
        "gradnorm_ascending",
        "gradnorm",
        "Steps up the gradient, so that fast tasks get still larger weights.",
        ("gradnorm-force",),
        ascending,
    ),
    Fault(
        "gradnorm_forgetful",
        "gradnorm",
        "Keeps the initial losses between steps, and not the weights.",
        ("sequence",),
        forgetful,
    ),
)
