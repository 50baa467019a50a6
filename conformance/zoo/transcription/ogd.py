"""OGD in numpy: the formula."""

import numpy as np

from conformance.zoo.programs import Array, common
from conformance.zoo.transcription.shapes import Outputs


def answer(gradient: Array, *, basis: Array) -> Outputs:
    """The gradient without its parts along the basis."""
    (start,), exponent = common(gradient[None])
    return {"direction": np.ldexp(start - (basis @ start) @ basis, exponent)}
