"""Ways in which PCGrad-DW goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array, units
from conformance.zoo.transcription import pcgrad
from conformance.zoo.transcription.dw import weighed
from conformance.zoo.transcription.shapes import Orders, Outputs


def on_projected(jacobian: Array, *, orders: Orders, alpha: float = 0.0) -> Outputs:
    """Measure along the projected gradients, not the original ones."""
    projected = pcgrad.answer(jacobian, orders=orders)["task_gradients"]
    unit, _, _ = units(projected)
    weights = weighed(np.abs(unit @ projected.sum(axis=0)), jacobian, alpha)
    return {"direction": weights @ projected, "weights": weights}


def of_raw_sum(jacobian: Array, *, orders: Orders, alpha: float = 0.0) -> Outputs:
    """Take the weights from the sum of the raw gradients."""
    projected = pcgrad.answer(jacobian, orders=orders)["task_gradients"]
    unit, _, _ = units(jacobian)
    weights = weighed(np.abs(unit @ jacobian.sum(axis=0)), jacobian, alpha)
    return {"direction": weights @ projected, "weights": weights}


FAULTS = (
    Fault(
        "pcgrad_dw_on_projected",
        "pcgrad_dw",
        "Measures R along the projected gradients where the original ones belong.",
        ("dw-weights",),
        on_projected,
    ),
    Fault(
        "pcgrad_dw_of_raw_sum",
        "pcgrad_dw",
        "Takes the weights from the sum of the raw gradients, as code that weighs first does.",
        ("dw-weights",),
        of_raw_sum,
    ),
)
