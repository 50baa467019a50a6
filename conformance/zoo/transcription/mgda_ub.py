"""MGDA-UB in numpy, by the faces of the simplex."""

import numpy as np

from conformance.zoo.programs import Array, common
from conformance.zoo.transcription import mgda
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array, *, representation_jacobian: Array) -> Outputs:
    """The rows by the weights that are shortest for the representation's rows."""
    weights = mgda.answer(representation_jacobian)["weights"]
    scaled, exponent = common(jacobian)
    return {"direction": np.ldexp(weights @ scaled, exponent), "weights": weights}
