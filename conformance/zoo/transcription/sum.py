"""The sum in numpy."""

import numpy as np

from conformance.zoo.programs import Array, common
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array) -> Outputs:
    """The sum of the rows, safe from overflow."""
    scaled, exponent = common(jacobian)
    return {"direction": np.ldexp(scaled.sum(axis=0), exponent)}
