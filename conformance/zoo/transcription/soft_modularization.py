"""Soft modularization's task weights in numpy."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(temperatures: Array, *, form: str = "paper") -> Outputs:
    """Softmax(-alpha), or the released code's shares of 1 / alpha."""
    if form == "paper":
        powers = np.exp(temperatures.min() - temperatures)
        return {"weights": powers / powers.sum()}
    if (temperatures <= 0).any():
        message = "soft_modularization is undefined: a temperature is not positive"
        raise ValueError(message)
    shares = temperatures.min() / temperatures
    return {"weights": len(shares) * shares / shares.sum()}
