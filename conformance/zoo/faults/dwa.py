"""Ways in which dynamic weight averaging goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import dwa as sound
from conformance.zoo.transcription.shapes import Outputs


def sums_to_one(losses: Array, *, previous_losses: Array, temperature: float = 2.0) -> Outputs:
    """Forget the factor T."""
    found = sound.answer(losses, previous_losses=previous_losses, temperature=temperature)
    return {"weights": found["weights"] / len(losses)}


def upside_down(losses: Array, *, previous_losses: Array, temperature: float = 2.0) -> Outputs:
    """Divide the earlier loss by the later one."""
    if not losses.all() or not previous_losses.all():
        return sound.answer(losses, previous_losses=previous_losses, temperature=temperature)
    return sound.answer(previous_losses, previous_losses=losses, temperature=temperature)


def multiplied(losses: Array, *, previous_losses: Array, temperature: float = 2.0) -> Outputs:
    """Multiply by the temperature."""
    return sound.answer(losses, previous_losses=previous_losses, temperature=1 / temperature)


def overflowing(losses: Array, *, previous_losses: Array, temperature: float = 2.0) -> Outputs:
    """Take the exponentials as they are."""
    sound.answer(losses, previous_losses=previous_losses)  # refuses what is undefined
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(losses / previous_losses / temperature)
        return {"weights": len(losses) * powers / powers.sum()}


FAULTS = (
    Fault(
        "dwa_sums_to_one",
        "dwa",
        "Leaves the softmax as it is, so that the weights sum to 1 and not to T.",
        ("dwa-sum",),
        sums_to_one,
    ),
    Fault(
        "dwa_upside_down",
        "dwa",
        "Divides the earlier loss by the later one.",
        ("dwa-sum",),
        upside_down,
    ),
    Fault(
        "dwa_multiplied",
        "dwa",
        "Multiplies by the temperature where it divides.",
        ("accuracy",),
        multiplied,
    ),
    Fault(
        "dwa_overflowing",
        "dwa",
        "Exponentiates without taking the largest exponent out.",
        ("accuracy",),
        overflowing,
    ),
)
