"""Ways in which DW goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array, units
from conformance.zoo.transcription.dw import weighed
from conformance.zoo.transcription.shapes import Outputs


def clipped(jacobian: Array, *, alpha: float = 0.0) -> Outputs:
    """Take max(R, 0) where |R| belongs."""
    unit, _, _ = units(jacobian)
    weights = weighed(np.maximum(unit @ jacobian.sum(axis=0), 0), jacobian, alpha)
    return {"direction": weights @ jacobian, "weights": weights}


def divided_twice(jacobian: Array, *, alpha: float = 0.0) -> Outputs:
    """Divide by the squared length: shares, not projections."""
    squares = np.einsum("ij,ij->i", jacobian, jacobian)
    reached = np.abs(jacobian @ jacobian.sum(axis=0)) / np.where(squares > 0, squares, 1)
    weights = weighed(reached, jacobian, alpha)
    return {"direction": weights @ jacobian, "weights": weights}


def normalised(jacobian: Array, *, alpha: float = 0.0) -> Outputs:
    """Let the weights add up to 1."""
    unit, _, _ = units(jacobian)
    weights = weighed(np.abs(unit @ jacobian.sum(axis=0)), jacobian, alpha) / len(jacobian)
    return {"direction": weights @ jacobian, "weights": weights}


FAULTS = (
    Fault(
        "dw_clipped",
        "dw",
        "Takes max(R, 0) for a projection that is negative, where |R| belongs.",
        ("dw-weights",),
        clipped,
    ),
    Fault(
        "dw_divided_twice",
        "dw",
        "Divides by the squared length, as code that takes shares for projections does.",
        ("dw-weights",),
        divided_twice,
    ),
    Fault(
        "dw_normalised",
        "dw",
        "Normalises the weights to 1 where their sum is T.",
        ("dw-weights",),
        normalised,
    ),
)
