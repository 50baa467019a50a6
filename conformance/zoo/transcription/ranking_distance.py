"""The distance of two rankings in numpy."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(first: Array, *, second: Array) -> Outputs:
    """The mean move of a layer."""
    moved = np.abs(np.argsort(first) - np.argsort(second))
    return {"distance": np.asarray(moved.mean())}
