"""Ways in which DualProj goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.faults.upgrad import told
from conformance.zoo.programs import Array
from conformance.zoo.transcription import dual_proj as sound
from conformance.zoo.transcription.shapes import Outputs


def of_the_sum(jacobian: Array) -> Outputs:
    """Project the sum."""
    outputs = sound.answer(jacobian)
    return {name: array * len(jacobian) for name, array in outputs.items()}


def one_at_a_time(jacobian: Array) -> Outputs:
    """Take the mean off each row that it conflicts with, once around."""
    weights = np.full(len(jacobian), 1 / len(jacobian))
    for task, row in enumerate(jacobian):
        along = weights @ jacobian @ row
        if along < 0:
            weights[task] -= along / (row @ row)
    return told(weights, jacobian)


def ridge(jacobian: Array) -> Outputs:
    """Add an absolute 1e-3 to the Gramian's diagonal."""
    shift = np.sqrt(1e-3) * np.eye(len(jacobian))
    padded = np.hstack([jacobian, shift])
    gap = sound.answer(padded)["weights"]
    return told(gap, jacobian)


FAULTS = (
    Fault(
        "dual_proj_of_the_sum",
        "dual_proj",
        "Projects the sum of the gradients, as code whose total loss is a sum does.",
        ("cone-projection",),
        of_the_sum,
    ),
    Fault(
        "dual_proj_one_at_a_time",
        "dual_proj",
        "Projects off one conflicting task after the other, which leaves the first ones behind.",
        ("non-conflict",),
        one_at_a_time,
    ),
    Fault(
        "dual_proj_ridge",
        "dual_proj",
        "Adds 1e-3 to the Gramian's diagonal, as the released code of GEM does.",
        ("homogeneous",),
        ridge,
    ),
)
