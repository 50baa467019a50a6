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
    weights = weighed(np.abs(projections(scaled, orders)), scaled, alpha)
    return {"direction": np.ldexp(weights @ projected, exponent), "weights": weights}


def projections(scaled: Array, orders: Orders) -> Array:
    """<G, g_i> / |g_i| (T,) for the sum G of PCGrad's gradients.

    From cosines, so that what two tasks take from one another is one number: their projections
    are small together, and the quotient is all that counts. A product made 0 is 0.
    """
    unit, _, _ = units(scaled)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, np.any(scaled, axis=1))
    total = np.zeros(len(scaled))
    for task, order in enumerate(orders):
        sides = cosines[task].copy()
        for other in order:
            if sides[other] < 0:
                sides -= sides[other] * cosines[other]
                sides[other] = 0
        total += np.linalg.norm(scaled[task]) * sides
    return total
