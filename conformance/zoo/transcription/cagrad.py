"""CAGrad in numpy, by the faces of the simplex."""

import numpy as np

from conformance.zoo.programs import Array, ascent, common
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array, *, c: float = 0.5) -> Outputs:
    """The direction within c |g0| of the mean g0 whose least decrease is greatest."""
    scaled, exponent = common(jacobian)
    centre = scaled.mean(axis=0)
    extra = ascent(scaled, centre, c * float(np.linalg.norm(centre)))
    direction = np.ldexp(centre + extra @ scaled, exponent)
    return {"direction": direction, "weights": 1 / len(jacobian) + extra}
