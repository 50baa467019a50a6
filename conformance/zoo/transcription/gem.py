"""GEM in numpy, by the faces of the cone."""

import numpy as np

from conformance.zoo.programs import Array, common, units
from conformance.zoo.transcription.shapes import Outputs
from conformance.zoo.transcription.upgrad import onto_cone


def answer(gradient: Array, *, memory: Array) -> Outputs:
    """The gradient, projected on the cone of all x that conflict with no memory."""
    (start,), exponent = common(gradient[None])
    unit, norms, least = units(memory)
    kept = norms > 0
    step = onto_cone(unit[kept], start)
    multipliers = np.zeros(len(memory))
    multipliers[kept] = np.ldexp(step / norms[kept], exponent - least)
    return {
        "direction": np.ldexp(start + step @ unit[kept], exponent),
        "multipliers": multipliers,
    }
