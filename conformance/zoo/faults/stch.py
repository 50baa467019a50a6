"""Ways in which smooth Tchebycheff scalarization goes wrong."""

from typing import Any

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import stch as sound
from conformance.zoo.transcription.shapes import Outputs


def unsmoothed(losses: Array, *, mu: float = 1.0, **given: Any) -> Outputs:  # noqa: ANN401
    """Forget to multiply the logarithm by mu."""
    found = sound.answer(losses, mu=mu, **given)
    return {**found, "value": found["value"] / mu}


def unweighed(losses: Array, *, preference: Array, **given: Any) -> Outputs:  # noqa: ANN401
    """Apply the preference to the heights and forget it in the derivative."""
    found = sound.answer(losses, preference=preference, **given)
    return {**found, "weights": found["weights"] / preference}


def hard(losses: Array, *, mu: float = 1.0, **given: Any) -> Outputs:  # noqa: ANN401
    """Take the largest loss alone."""
    del mu
    with np.errstate(under="ignore"):
        return sound.answer(losses, mu=2.0**-40, **given)


FAULTS = (
    Fault(
        "stch_unsmoothed",
        "stch",
        "Takes the logarithm of the sum without mu before it.",
        ("stch-band",),
        unsmoothed,
    ),
    Fault(
        "stch_unweighed",
        "stch",
        "Gives the shares of the softmax for the derivatives.",
        ("accuracy",),
        unweighed,
    ),
    Fault(
        "stch_hard",
        "stch",
        "Takes the maximum, which is Tchebycheff scalarization without smoothing.",
        ("accuracy",),
        hard,
    ),
)
