"""The conflict histogram in numpy."""

from collections.abc import Sequence

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(cosines: Array, *, edges: Sequence[float] = (0.0, -0.25, -0.5, -0.75)) -> Outputs:
    """The share of the cosines in each interval, each with its lower end."""
    if (np.abs(cosines) > 1).any():
        message = f"cosines must lie in [-1, 1] (got {np.abs(cosines).max()} in size)"
        raise ValueError(message)
    places = (cosines[:, None] < np.array(edges)).sum(axis=1)
    return {"fractions": np.bincount(places, minlength=len(edges) + 1) / len(cosines)}
