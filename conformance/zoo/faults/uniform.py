"""Ways in which uniform weighting goes wrong."""

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import uniform as sound
from conformance.zoo.transcription.shapes import Outputs


def mean(losses: Array) -> Outputs:
    """Weigh by 1 / T."""
    return {"weights": sound.answer(losses)["weights"] / len(losses)}


def proportional(losses: Array) -> Outputs:
    """Weigh every loss by its share of the sum."""
    size = abs(losses).sum() or 1.0
    return {"weights": len(losses) * abs(losses) / size}


FAULTS = (
    Fault(
        "uniform_mean",
        "uniform",
        "Averages where the sum is due, and does not declare the scale.",
        ("accuracy",),
        mean,
    ),
    Fault(
        "uniform_proportional",
        "uniform",
        "Normalises the losses themselves and calls that equal weighting.",
        ("accuracy",),
        proportional,
    ),
)
