"""UPGrad in numpy, by the faces of the cone."""

import numpy as np

from conformance.zoo.programs import Array, balanced, cone_projection
from conformance.zoo.transcription import mean
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array) -> Outputs:
    """The mean of the rows' projections on the cone of all x that conflict with no row."""
    scaled, exponents = balanced(jacobian)
    norms = np.linalg.norm(scaled, axis=1)
    unit = scaled / np.where(norms > 0, norms, 1.0)[:, None]
    steps = np.array([onto_cone(unit[norms > 0], row) for row in unit])
    projections = np.ldexp((unit + steps @ unit[norms > 0]) * norms[:, None], exponents[:, None])
    weights = np.ones(len(unit))
    for row, place in enumerate(np.flatnonzero(norms > 0)):
        ratios = np.ldexp(norms / norms[place], exponents - exponents[place])
        weights[place] += steps[:, row] @ ratios
    return {"direction": mean.answer(projections)["direction"], "weights": weights / len(unit)}


def onto_cone(unit: Array, vector: Array) -> Array:
    """Coefficients t >= 0 on unit rows; none where the vector conflicts with none of them."""
    if not len(unit) or (unit @ vector).min() >= 0:
        return np.zeros(len(unit))
    return cone_projection(unit, vector)
