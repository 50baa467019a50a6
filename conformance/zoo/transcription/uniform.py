"""Uniform weighting in numpy."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(losses: Array) -> Outputs:
    """Every loss once."""
    return {"weights": np.ones_like(losses)}
