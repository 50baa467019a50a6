"""A-GEM in numpy: one projection."""

import numpy as np

from conformance.zoo.programs import Array, balanced
from conformance.zoo.transcription.shapes import Outputs


def answer(gradient: Array, *, reference: Array) -> Outputs:
    """The gradient, projected off the reference where the two conflict."""
    (start, against), (exponent, _) = balanced(np.stack([gradient, reference]))
    along = start @ against
    if along < 0:
        start = start - along / (against @ against) * against
    return {"direction": np.ldexp(start, exponent)}
