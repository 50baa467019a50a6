"""ConFIG in numpy, by least squares on the unit rows."""

import numpy as np

from conformance.zoo.programs import ROUNDOFF, Array, common, units
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array) -> Outputs:
    """The sum of the gains along the unit vector of pinv(unit rows) 1, times that vector."""
    unit, norms, _ = units(jacobian)
    if not norms.all():
        message = f"config is undefined: row {int(np.argmin(norms))} is zero"
        raise ValueError(message)
    floor = 4 * max(unit.shape) * ROUNDOFF
    best = np.linalg.lstsq(unit, np.ones(len(unit)), rcond=floor)[0]
    length = np.linalg.norm(best)
    if not np.linalg.norm(unit @ best) > floor * len(unit):
        message = "config is undefined: the unit rows have no common projection but 0"
        raise ValueError(message)
    scaled, exponent = common(jacobian)
    best = best / length
    return {"direction": np.ldexp((scaled @ best).sum() * best, exponent)}
