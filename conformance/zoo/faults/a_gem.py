"""Ways in which A-GEM goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import a_gem as sound
from conformance.zoo.transcription.shapes import Outputs


def unconditional(gradient: Array, *, reference: Array) -> Outputs:
    """Project, conflict or not."""
    square = reference @ reference
    share = gradient @ reference / square if square > 0 else 0.0
    return {"direction": gradient - share * reference}


def missing_square(gradient: Array, *, reference: Array) -> Outputs:
    """Divide by the length of the reference in place of its square."""
    along, length = min(0.0, float(gradient @ reference)), float(np.linalg.norm(reference))
    return {"direction": gradient - along / (length or 1.0) * reference}


def onto_itself(gradient: Array, *, reference: Array) -> Outputs:
    """Divide by the square of the gradient."""
    along, square = min(0.0, float(gradient @ reference)), float(gradient @ gradient)
    return {"direction": gradient - along / (square or 1.0) * reference}


def damped(gradient: Array, *, reference: Array) -> Outputs:
    """Add 1e-8 to the square that is divided by."""
    padded = np.append(reference, 1e-4)
    return {"direction": sound.answer(np.append(gradient, 0.0), reference=padded)["direction"][:-1]}


FAULTS = (
    Fault(
        "a_gem_unconditional",
        "a_gem",
        "Projects whether the gradients conflict or not.",
        ("agem-is-pcgrad-row",),
        unconditional,
    ),
    Fault(
        "a_gem_missing_square",
        "a_gem",
        "Divides by |r| where |r|^2 belongs.",
        ("agem-is-pcgrad-row",),
        missing_square,
    ),
    Fault(
        "a_gem_own_square",
        "a_gem",
        "Divides by the square of the gradient where that of the reference belongs.",
        ("agem-is-pcgrad-row",),
        onto_itself,
    ),
    Fault(
        "a_gem_damped",
        "a_gem",
        "Adds an absolute 1e-8 to |r|^2.",
        ("accuracy",),
        damped,
    ),
)
