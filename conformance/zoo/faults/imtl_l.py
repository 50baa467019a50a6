"""Ways in which IMTL-L goes wrong."""

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import imtl_l as sound
from conformance.zoo.transcription.shapes import Outputs


def ascending(
    losses: Array, *, log_scales: Array, scales: str = "given", learning_rate: float = 0.125
) -> Outputs:
    """Step up the gradient."""
    return sound.answer(losses, log_scales=log_scales, scales=scales, learning_rate=-learning_rate)


def added_scales(
    losses: Array, *, log_scales: Array, scales: str = "given", learning_rate: float = 0.125
) -> Outputs:
    """Add s to the value where it is subtracted."""
    found = sound.answer(losses, log_scales=log_scales, scales=scales, learning_rate=learning_rate)
    used = found["log_scales"] if scales == "optimum" else log_scales
    return {**found, "value": found["value"] + 2 * used.sum()}


def inverted(
    losses: Array, *, log_scales: Array, scales: str = "given", learning_rate: float = 0.125
) -> Outputs:
    """Divide by e^s, as for a variance."""
    return sound.answer(losses, log_scales=-log_scales, scales=scales, learning_rate=learning_rate)


FAULTS = (
    Fault(
        "imtl_l_ascending",
        "imtl_l",
        "Steps up the gradient of the scales.",
        ("accuracy",),
        ascending,
    ),
    Fault(
        "imtl_l_added_scales",
        "imtl_l",
        "Adds the scales to the value where they are subtracted.",
        ("imtl-l-optimum",),
        added_scales,
    ),
    Fault(
        "imtl_l_inverted",
        "imtl_l",
        "Divides by e^s, as uncertainty weighting does.",
        ("imtl-l-optimum",),
        inverted,
    ),
)
