"""Ways in which ARML goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array, affine_nearest, units
from conformance.zoo.transcription import mgda
from conformance.zoo.transcription.shapes import Outputs


def told(weights: Array, jacobian: Array, gradient: Array) -> Outputs:
    """A direction by its weights."""
    return {"direction": gradient + weights @ jacobian, "weights": weights}


def clamped(jacobian: Array, *, gradient: Array) -> Outputs:
    """Weights of either sign that sum to K, the negative ones cut to zero."""
    tasks = len(jacobian)
    unit, norms, _ = units(gradient - tasks * jacobian)
    shares = np.where(norms > 0, norms.min() / np.where(norms > 0, norms, 1.0), 1.0)
    weights = tasks * affine_nearest(unit, shares) * shares
    return told(np.maximum(weights, 0.0), jacobian, gradient)


def sum_one(jacobian: Array, *, gradient: Array) -> Outputs:
    """Weights that sum to one in place of K."""
    return told(mgda.answer(gradient - jacobian)["weights"], jacobian, gradient)


def residual(jacobian: Array, *, gradient: Array) -> Outputs:
    """Step along what is left of the main gradient."""
    tasks = len(jacobian)
    weights = tasks * mgda.answer(gradient - tasks * jacobian)["weights"]
    return {"direction": gradient - weights @ jacobian, "weights": weights}


FAULTS = (
    Fault(
        "arml_clamp",
        "arml",
        "Shifts the weights to sum K and clamps at zero, as the released code does, so that the "
        "sum exceeds K.",
        ("arml-optimal",),
        clamped,
    ),
    Fault(
        "arml_sum_one",
        "arml",
        "Lets the weights sum to one in place of the number of auxiliary tasks.",
        ("arml-optimal",),
        sum_one,
    ),
    Fault(
        "arml_residual",
        "arml",
        "Returns what is left of the main gradient in place of the weighed sum.",
        ("arml-optimal",),
        residual,
    ),
)
