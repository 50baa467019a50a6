"""PCGrad-DW in numpy: PCGrad's gradients, weighed by powers of their sum's projections."""

import numpy as np

from conformance.zoo.programs import Array, common, units
from conformance.zoo.transcription import pcgrad
from conformance.zoo.transcription.dw import weighed
from conformance.zoo.transcription.shapes import Orders, Outputs


def answer(jacobian: Array, *, orders: Orders, alpha: float = 0.0) -> Outputs:
    """Equations (3)-(5) of GradOPS on PCGrad's gradients, with absolute projections."""
    scaled, exponent = common(jacobian)
    projected = pcgrad.answer(scaled, orders=orders)["task_gradients"]
    unit, _, _ = units(scaled)
    weights = weighed(np.abs(unit @ projected.sum(axis=0)), scaled, alpha)
    return {"direction": np.ldexp(weights @ projected, exponent), "weights": weights}
