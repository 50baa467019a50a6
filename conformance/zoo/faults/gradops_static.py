"""Ways in which GradOPS-static goes wrong."""

from collections.abc import Sequence

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import gradops
from conformance.zoo.transcription.shapes import Outputs


def weighed_first(jacobian: Array, *, weights: float | Sequence[float] = 1.0) -> Outputs:
    """Weigh the losses, so that raw gradients are weighed and then modified, and a test changes."""
    shares = np.broadcast_to(weights, len(jacobian)).astype(np.float64)
    gradients = gradops.modified(shares[:, None] * jacobian, fallback="mgda").gradients
    return {"direction": gradients.sum(axis=0), "task_gradients": gradients}


def no_fallback(jacobian: Array, *, weights: float | Sequence[float] = 1.0) -> Outputs:
    """Leave a gradient in the span of the others at 0."""
    shares = np.broadcast_to(weights, len(jacobian)).astype(np.float64)
    gradients = gradops.modified(jacobian, fallback="none").gradients
    return {"direction": shares @ gradients, "task_gradients": gradients}


FAULTS = (
    Fault(
        "gradops_static_weighed_first",
        "gradops_static",
        "Weighs the losses, so that the modified gradients themselves are scaled.",
        ("static-sum",),
        weighed_first,
    ),
    Fault(
        "gradops_static_no_fallback",
        "gradops_static",
        "Leaves a conflicting gradient in the span of the others at 0.",
        ("static-sum",),
        no_fallback,
    ),
)
