"""MGDA in numpy, by the faces of the simplex."""

import numpy as np

from conformance.zoo.programs import ROUNDOFF, Array, common, shortest, units
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array, *, losses: Array | None = None, normalization: str = "none") -> Outputs:
    """The shortest vector of the rows' convex hull and its weights (T,), or the raw rows by those.

    With a normalization the weights are those of the rows over lengths, losses or both.
    """
    if normalization != "none":
        weights = answer(normalised(jacobian, losses, normalization))["weights"]
        scaled, exponent = common(jacobian)
        return {"direction": np.ldexp(weights @ scaled, exponent), "weights": weights}
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


def normalised(jacobian: Array, losses: Array | None, normalization: str) -> Array:
    """The rows over lengths, losses or both; ValueError where one of these is not positive."""
    rows = jacobian
    if normalization in {"l2", "loss+"}:
        rows, norms, _ = units(jacobian)
        if not norms.all():
            message = f"row {int(np.argmin(norms))} is zero and has no direction"
            raise ValueError(message)
    if normalization in {"loss", "loss+"}:
        if losses is None or not (losses > 0).all():
            message = f"losses must be positive for normalization {normalization!r} (got {losses})"
            raise ValueError(message)
        rows = rows / losses[:, None]
    return rows
