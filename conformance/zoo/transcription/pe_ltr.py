"""PE-LTR in numpy, by the faces of the simplex."""

import numpy as np

from conformance.zoo.programs import Array, affine_nearest, units
from conformance.zoo.transcription import mgda
from conformance.zoo.transcription.shapes import Outputs
from conformance.zoo.transcription.sum import answer as summed


def answer(jacobian: Array, *, floors: Array, solver: str = "exact") -> Outputs:
    """The shortest combination of the rows whose weights keep their floors, or the paper's."""
    free = 1.0 - floors.sum()
    if not (floors >= 0).all() or free < 0:
        message = f"floors must not be negative nor sum to more than one (got {floors})"
        raise ValueError(message)
    if free == 0:
        weights = floors
    elif solver == "two-stage":
        weights = floors + nearest(equalised(jacobian) - floors, free)
    else:
        shrunken = summed_rows(floors, jacobian) + free * jacobian
        weights = floors + free * mgda.answer(shrunken)["weights"]
    return {"direction": summed(weights[:, None] * jacobian)["direction"], "weights": weights}


def summed_rows(weights: Array, jacobian: Array) -> Array:
    """The combination of the rows with these weights."""
    return summed(weights[:, None] * jacobian)["direction"]


def equalised(jacobian: Array) -> Array:
    """The weights, of either sign and of sum one, of the shortest combination."""
    unit, norms, _ = units(jacobian)
    if not norms.all():
        message = "the rows must be independent for two stages (a row is zero)"
        raise NotImplementedError(message)
    shares = norms.min() / norms
    weights: Array = affine_nearest(unit, shares) * shares
    return weights


def nearest(point: Array, mass: float) -> Array:
    """The nearest vector of numbers >= 0 that sum to a mass."""
    kept = np.ones(len(point), dtype=bool)
    while True:
        level = (point[kept].sum() - mass) / kept.sum()
        if (point[kept] > level).all():
            cut: Array = np.maximum(point - level, 0.0)
            return cut
        kept &= point > level
