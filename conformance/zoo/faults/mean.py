"""Ways in which a mean of gradients goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import Outputs


def total(jacobian: Array) -> Outputs:
    """Sum the rows."""
    return {"direction": jacobian.sum(axis=0)}


def single_precision(jacobian: Array) -> Outputs:
    """Average in float32 and answer in float64."""
    return {"direction": jacobian.astype(np.float32).mean(axis=0).astype(np.float64)}


def unit_rows(jacobian: Array) -> Outputs:
    """Average the rows divided by their norms."""
    norms = np.linalg.norm(jacobian, axis=1, keepdims=True)
    return {"direction": (jacobian / np.where(norms > 0, norms, 1.0)).mean(axis=0)}


def halving(jacobian: Array) -> Outputs:
    """Average each row with the average so far."""
    average = jacobian[0].copy()
    for row in jacobian[1:]:
        average = (average + row) / 2
    return {"direction": average}


FAULTS = (
    Fault(
        "mean_total",
        "mean",
        "Forgets to divide by the number of tasks, as code that adds losses does.",
        ("accuracy",),
        total,
    ),
    Fault(
        "mean_single_precision",
        "mean",
        "Converts to float32 inside, as code with a hard-coded .float() does.",
        ("accuracy",),
        single_precision,
    ),
    Fault(
        "mean_unit_rows",
        "mean",
        "Normalises the gradients first and does not say so, as trainers that balance tasks do.",
        ("homogeneous",),
        unit_rows,
    ),
    Fault(
        "mean_halving",
        "mean",
        "Updates a running average by halves, as a wrong streaming mean does.",
        ("permutation",),
        halving,
    ),
)
