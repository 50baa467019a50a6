"""Angle errors in numpy."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def angles(predicted: Array, exact: Array) -> Array:
    """Degrees between normals, for the pixels that have a true one."""
    known = exact.sum(axis=1) != 0
    if not known.any():
        message = "angle_errors is undefined: no pixel has a normal"
        raise ValueError(message)
    products = (predicted[known] * exact[known]).sum(axis=1)
    found: Array = np.degrees(np.arccos(np.clip(products, -1, 1)))
    return found


def answer(predicted_normals: Array, *, true_normals: Array, degrees: float = 11.25) -> Outputs:
    """Mean, median and share below the bound."""
    found = angles(predicted_normals, true_normals)
    return {
        "mean": np.asarray(found.mean()),
        "median": np.asarray(np.median(found)),
        "within": np.asarray((found < degrees).mean()),
    }
