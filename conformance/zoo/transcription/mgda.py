"""MGDA in numpy, by the faces of the simplex."""

import numpy as np

from conformance.zoo.programs import ROUNDOFF, Array, shortest, units
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array, *, normalization: str = "none") -> Outputs:
    """The shortest vector of the rows' convex hull, and its weights (T,)."""
    if normalization != "none":
        message = f"normalization must be none (got {normalization})"
        raise NotImplementedError(message)
    unit, norms, exponent = units(jacobian)
    if not norms.all():
        weights = (norms == 0).astype(np.float64)
        return {"direction": np.zeros(jacobian.shape[1]), "weights": weights / weights.sum()}
    shares = norms.min() / norms
    t = shortest(unit, shares)
    direction = t @ unit
    if np.linalg.norm(direction) <= 4 * ROUNDOFF * t.sum():
        direction = np.zeros_like(direction)
    return {"direction": np.ldexp(norms.min() * direction, exponent), "weights": t * shares}
