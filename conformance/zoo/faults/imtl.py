"""Ways in which IMTL goes wrong."""

from typing import Any

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import imtl as sound
from conformance.zoo.transcription import imtl_g
from conformance.zoo.transcription.shapes import Outputs


def unscaled(jacobian: Array, **given: Any) -> Outputs:  # noqa: ANN401
    """Combine the raw rows."""
    sound.answer(jacobian, **given)  # refuses what is undefined
    return imtl_g.answer(jacobian)


def scaled_twice(
    jacobian: Array, *, losses: Array, log_scales: Array, scales: str = "optimum"
) -> Outputs:
    """Scale the rows, and once more the weights that they were given."""
    found = sound.answer(jacobian, losses=losses, log_scales=log_scales, scales=scales)
    if "weights" not in found:
        return found
    factors = 1 / losses if scales == "optimum" else np.exp(log_scales)
    weights = factors * found["weights"]
    return {"direction": weights @ jacobian, "weights": weights}


def inverse(
    jacobian: Array, *, losses: Array, log_scales: Array, scales: str = "optimum"
) -> Outputs:
    """Multiply by the losses in place of dividing, and by e^-s."""
    if (losses <= 0).any():
        return sound.answer(jacobian, losses=losses, log_scales=log_scales, scales=scales)
    return sound.answer(jacobian, losses=1 / losses, log_scales=-log_scales, scales=scales)


FAULTS = (
    Fault(
        "imtl_unscaled",
        "imtl",
        "Leaves the losses' scales out: IMTL-G alone.",
        ("accuracy",),
        unscaled,
    ),
    Fault(
        "imtl_scaled_twice",
        "imtl",
        "Applies the scales to the gradients and again to the loss that is differentiated.",
        ("accuracy",),
        scaled_twice,
    ),
    Fault(
        "imtl_inverse",
        "imtl",
        "Multiplies by what it should divide by.",
        ("accuracy",),
        inverse,
    ),
)
