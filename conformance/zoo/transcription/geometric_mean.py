"""The geometric mean of the losses in numpy."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(losses: Array) -> Outputs:
    """The product's root, of losses scaled by powers of two, and its derivatives."""
    tasks = len(losses)
    if (losses < 0).any() or (tasks > 1 and not losses.all()):
        message = "geometric_mean is undefined: a loss is not positive"
        raise ValueError(message)
    if tasks == 1:
        return {"weights": np.ones(1), "value": losses[0]}
    mantissas, exponents = np.frexp(losses)
    whole, rest = divmod(int(exponents.sum()), tasks)
    root = (mantissas.prod() * 2.0**rest) ** (1 / tasks)
    with np.errstate(over="ignore"):
        weights = np.ldexp(root / mantissas / tasks, whole - exponents)
    return {"weights": weights, "value": np.asarray(np.ldexp(root, whole))}
