"""Ways in which a sum of gradients goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import Outputs


def average(jacobian: Array) -> Outputs:
    """Average the rows."""
    return {"direction": jacobian.mean(axis=0)}


def in_place(jacobian: Array) -> Outputs:
    """Add every row to the first one, where it stands."""
    direction = jacobian[0]
    for row in jacobian[1:]:
        direction += row
    return {"direction": direction}


def agreement(jacobian: Array) -> Outputs:
    """Keep the coordinates on which all rows agree in sign."""
    signs = np.sign(jacobian)
    agreed = np.abs(signs.sum(axis=0)) == len(jacobian)
    return {"direction": np.where(agreed, jacobian.sum(axis=0), 0.0)}


def clipped(jacobian: Array) -> Outputs:
    """Sum, and clip the length to 1."""
    direction = jacobian.sum(axis=0)
    return {"direction": direction / max(1.0, float(np.linalg.norm(direction)))}


FAULTS = (
    Fault(
        "sum_average",
        "sum",
        "Averages, as libraries whose total loss is a mean do, and declares no scale.",
        ("accuracy",),
        average,
    ),
    Fault(
        "sum_in_place",
        "sum",
        "Accumulates into the first task's gradient, as code that saves an allocation does.",
        ("shape",),
        in_place,
    ),
    Fault(
        "sum_agreement",
        "sum",
        "Drops coordinates on which the tasks disagree, as a sign mask left switched on does.",
        ("orthogonal",),
        agreement,
    ),
    Fault(
        "sum_clipped",
        "sum",
        "Clips the length to 1, as a training loop's gradient clipping left inside does.",
        ("homogeneous",),
        clipped,
    ),
)
