"""Ways in which FAMO goes wrong."""

from typing import Any

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import famo as sound
from conformance.zoo.transcription.shapes import Outputs


def ascending(losses: Array, *, previous_losses: Array, logits: Array,
              learning_rate: float = 0.025, decay: float = 0.001) -> Outputs:  # fmt: skip
    """Take the rise of the logarithms for their fall."""
    sound.answer(losses, previous_losses=previous_losses, logits=logits)
    rises = np.log(losses / previous_losses)
    shares = sound.softmax(logits)
    slope = shares * (rises - shares @ rises)
    return sound.stepped(logits - learning_rate * (slope + decay * logits), losses)


def uncoupled(losses: Array, *, previous_losses: Array, logits: Array,
              learning_rate: float = 0.025, decay: float = 0.001) -> Outputs:  # fmt: skip
    """Step by the falls themselves, without the derivative of the softmax."""
    sound.answer(losses, previous_losses=previous_losses, logits=logits)
    falls = np.log(previous_losses / losses)
    return sound.stepped(logits - learning_rate * (falls + decay * logits), losses)


def undivided(losses: Array, **given: Any) -> Outputs:  # noqa: ANN401
    """Weigh by the softmax alone."""
    found = sound.answer(losses, **given)
    return {**found, "weights": sound.softmax(found["logits"])}


FAULTS = (
    Fault(
        "famo_ascending",
        "famo",
        "Has the sign of the change of the losses wrong, so that lucky tasks gain.",
        ("accuracy",),
        ascending,
    ),
    Fault(
        "famo_uncoupled",
        "famo",
        "Steps by the change itself and forgets the softmax's derivative.",
        ("famo-simplex",),
        uncoupled,
    ),
    Fault(
        "famo_undivided",
        "famo",
        "Weighs the losses by the softmax, where their logarithms are so weighed.",
        ("accuracy",),
        undivided,
    ),
)
