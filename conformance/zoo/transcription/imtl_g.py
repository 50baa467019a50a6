"""IMTL-G in numpy, by a singular value decomposition."""

import numpy as np

from conformance.zoo.programs import ROUNDOFF, Array, units
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array) -> Outputs:
    """The combination, of weights that sum to 1, with equal projections on all unit rows."""
    unit, norms, exponent = units(jacobian)
    if not norms.all():
        message = f"imtl_g is undefined: row {int(np.argmin(norms))} is zero"
        raise ValueError(message)
    shares = norms.min() / norms
    left, values, _ = np.linalg.svd(unit, full_matrices=True)
    rank = int((values > 4 * max(unit.shape) * ROUNDOFF * values[0]).sum())
    kept, null = left[:, :rank], left[:, rank:]
    floor = 8 * len(unit) * ROUNDOFF
    tilted = np.abs(shares @ null) > floor
    if (np.abs(null.sum(axis=0)) > floor).any():
        if not tilted.any():
            message = "imtl_g is undefined: no combination has equal projections"
            raise ValueError(message)
        return {"direction": np.zeros(jacobian.shape[1])}
    x = kept @ ((kept.sum(axis=0) / values[:rank]) / values[:rank])
    total = shares @ x
    if abs(total) <= floor * np.abs(x).max():
        message = "imtl_g is undefined: the weights sum to zero"
        raise ValueError(message)
    direction = norms.min() * ((x / total) @ unit)
    return {"direction": np.ldexp(direction, exponent), "weights": x / total * shares}
