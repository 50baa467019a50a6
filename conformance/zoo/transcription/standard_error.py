"""The standard error in numpy."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(figures: Array) -> Outputs:
    """The deviation over the root of the number."""
    if len(figures) == 1:
        message = "standard_error is undefined: one figure alone"
        raise ValueError(message)
    rest = figures - figures[0]
    return {"figure": np.asarray(rest.std(ddof=1) / np.sqrt(len(figures)))}
