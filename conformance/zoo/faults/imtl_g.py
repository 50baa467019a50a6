"""Ways in which IMTL-G goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import Outputs
from conformance.zoo.transcription import imtl_g as sound


def combination(weights: Array, jacobian: Array) -> Outputs:
    """A direction by its weights."""
    return {"direction": weights @ jacobian, "weights": weights}


def solved(matrix: Array, target: Array, jacobian: Array) -> Outputs:
    """The direction whose weights solve a linear system, scaled to sum to 1."""
    weights = np.linalg.lstsq(matrix, target, rcond=None)[0]
    return combination(weights / weights.sum(), jacobian)


def unnormalised(jacobian: Array) -> Outputs:
    """Ask for equal inner products with the raw rows."""
    sound.answer(jacobian)  # refuses what is undefined
    return solved(jacobian @ jacobian.T, np.ones(len(jacobian)), jacobian)


def ridge(jacobian: Array) -> Outputs:
    """Add 1e-8 to the Gramian's diagonal."""
    sound.answer(jacobian)  # refuses what is undefined
    gramian = jacobian @ jacobian.T + 1e-8 * np.eye(len(jacobian))
    return solved(gramian, np.linalg.norm(jacobian, axis=1), jacobian)


def clamped(jacobian: Array) -> Outputs:
    """Cut negative weights off and divide by what is left."""
    outputs = sound.answer(jacobian)
    if "weights" not in outputs:
        return outputs
    weights = np.maximum(outputs["weights"], 0.0)
    return combination(weights / weights.sum(), jacobian)


def absolute(jacobian: Array) -> Outputs:
    """Let the sizes of the weights sum to 1."""
    outputs = sound.answer(jacobian)
    if "weights" not in outputs:
        return outputs
    return combination(outputs["weights"] / np.abs(outputs["weights"]).sum(), jacobian)


def single_precision(jacobian: Array) -> Outputs:
    """Round the jacobian to float32 inside."""
    rounded = jacobian.astype(np.float32).astype(np.float64)
    return sound.answer(rounded)


FAULTS = (
    Fault(
        "imtl_g_unnormalised",
        "imtl_g",
        "Equalises <d, g_i> in place of the projections on unit gradients.",
        ("imtl-equal-projections",),
        unnormalised,
    ),
    Fault(
        "imtl_g_ridge",
        "imtl_g",
        "Adds an absolute 1e-8 to the Gramian so that it inverts, as code for singular systems "
        "does.",
        ("homogeneous",),
        ridge,
    ),
    Fault(
        "imtl_g_clamped",
        "imtl_g",
        "Cuts negative weights off, as code that thinks of convex combinations does.",
        ("imtl-equal-projections",),
        clamped,
    ),
    Fault(
        "imtl_g_absolute",
        "imtl_g",
        "Divides by the sum of the weights' sizes, as code that wants bounded weights does.",
        ("imtl-equal-projections",),
        absolute,
    ),
    Fault(
        "imtl_g_single_precision",
        "imtl_g",
        "Converts to float32 inside, as code with a hard-coded .float() does.",
        ("accuracy",),
        single_precision,
    ),
)
