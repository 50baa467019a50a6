"""Ways in which FairGrad goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import Outputs
from conformance.zoo.transcription import fairgrad as sound


def combination(weights: Array, jacobian: Array) -> Outputs:
    """A direction by its weights."""
    return {"direction": weights @ jacobian, "weights": weights}


def inverted(jacobian: Array, *, alpha: float = 1.0) -> Outputs:
    """Take a^-alpha for a^(-1/alpha)."""
    return sound.answer(jacobian, alpha=1 / alpha)


def averaged(jacobian: Array, *, alpha: float = 1.0) -> Outputs:
    """Divide the weights by the number of tasks."""
    weights = sound.answer(jacobian, alpha=alpha)["weights"]
    return combination(weights / len(weights), jacobian)


def relaxed(jacobian: Array, *, alpha: float = 1.0) -> Outputs:
    """Iterate a <- sqrt(a (K a)^-alpha) a hundred times from equal weights."""
    sound.answer(jacobian, alpha=alpha)  # refuses what is undefined
    weights = np.full(len(jacobian), 1 / len(jacobian))
    for _ in range(100):
        gains = np.maximum(jacobian @ (weights @ jacobian), 1e-8)
        weights = np.sqrt(weights * gains**-alpha)
    return combination(weights, jacobian)


FAULTS = (
    Fault(
        "fairgrad_inverted",
        "fairgrad",
        "Takes alpha for 1/alpha in the exponent, as a reader of the utility does.",
        ("homogeneous", "accuracy"),
        inverted,
    ),
    Fault(
        "fairgrad_averaged",
        "fairgrad",
        "Divides by the number of tasks, as code that averages losses does.",
        ("accuracy",),
        averaged,
    ),
    Fault(
        "fairgrad_relaxed",
        "fairgrad",
        "Stops a fixed-point iteration after a hundred rounds, with an absolute floor.",
        ("accuracy",),
        relaxed,
    ),
)
