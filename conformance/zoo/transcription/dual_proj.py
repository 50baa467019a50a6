"""DualProj in numpy, by the faces of the cone."""

import numpy as np

from conformance.zoo.programs import Array, common, units
from conformance.zoo.transcription.shapes import Outputs
from conformance.zoo.transcription.upgrad import onto_cone


def answer(jacobian: Array) -> Outputs:
    """The mean of the rows, projected on the cone of all x that conflict with no row."""
    scaled, exponent = common(jacobian)
    weights = np.full(len(scaled), 1 / len(scaled))
    centre = weights @ scaled
    unit, norms, least = units(scaled)
    kept = norms > 0
    step = onto_cone(unit[kept], centre)
    weights[kept] += np.ldexp(step / norms[kept], -least)
    return {"direction": np.ldexp(centre + step @ unit[kept], exponent), "weights": weights}
