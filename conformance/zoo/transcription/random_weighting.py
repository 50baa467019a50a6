"""Random weighting in numpy, its draws given."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(losses: Array, *, normals: Array) -> Outputs:
    """The softmax of the draws."""
    del losses
    powers = np.exp(normals - normals.max())
    return {"weights": powers / powers.sum()}
