"""Ways in which UPGrad goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import upgrad as sound
from conformance.zoo.transcription.shapes import Outputs


def summed(jacobian: Array) -> Outputs:
    """Add the projections up."""
    outputs = sound.answer(jacobian)
    return {name: array * len(jacobian) for name, array in outputs.items()}


def clamped(jacobian: Array) -> Outputs:
    """Solve for all multipliers as if every row were active, and cut the negative ones to zero."""
    gramian = jacobian @ jacobian.T
    multipliers = np.maximum(-np.linalg.pinv(gramian) @ np.minimum(gramian, 0.0), 0.0)
    return told((np.eye(len(jacobian)) + multipliers).mean(axis=1), jacobian)


def ridge(jacobian: Array) -> Outputs:
    """Divide the Gramian by its trace and add 1e-4 to its diagonal."""
    size = np.sqrt((jacobian**2).sum()) or 1.0
    padded = np.hstack([jacobian / size, 1e-2 * np.eye(len(jacobian))])
    return told(sound.answer(padded)["weights"], jacobian)


def one_at_a_time(jacobian: Array) -> Outputs:
    """Take each row off the others that it conflicts with, once around."""
    weights = np.zeros(len(jacobian))
    for task in range(len(jacobian)):
        own = np.eye(len(jacobian))[task]
        for other, row in enumerate(jacobian):
            along = own @ jacobian @ row
            if along < 0:
                own[other] -= along / (row @ row)
        weights += own / len(jacobian)
    return told(weights, jacobian)


def told(weights: Array, jacobian: Array) -> Outputs:
    """A direction by its weights."""
    return {"direction": weights @ jacobian, "weights": weights}


FAULTS = (
    Fault(
        "upgrad_summed",
        "upgrad",
        "Adds the projections up, where the definition averages them, and declares no scale.",
        ("cone-projection",),
        summed,
    ),
    Fault(
        "upgrad_clamped",
        "upgrad",
        "Solves the conditions with equality and clamps the multipliers at zero.",
        ("cone-projection",),
        clamped,
    ),
    Fault(
        "upgrad_ridge",
        "upgrad",
        "Adds 1e-4 to the diagonal of the Gramian over its trace, as a quadratic program's front "
        "end does.",
        ("cone-projection",),
        ridge,
    ),
    Fault(
        "upgrad_one_at_a_time",
        "upgrad",
        "Projects off one conflicting task after the other, once around: that is PCGrad's mean.",
        ("non-conflict",),
        one_at_a_time,
    ),
)
