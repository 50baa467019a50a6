"""Pareto-MTL in numpy, by the faces of the simplex."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription import mgda
from conformance.zoo.transcription.shapes import Outputs


def answer(
    jacobian: Array,
    *,
    losses: Array,
    preferences: Array,
    region: float = 0.0,
    phase: str = "second",
) -> Outputs:
    """The shortest vector of the hull of the rows and of the broken constraints' gradients."""
    beyond = preferences - preferences[int(region)]
    return of_hull(jacobian, beyond[beyond @ losses > 0], phase)


def of_hull(jacobian: Array, corners: Array, phase: str) -> Outputs:
    """The shortest vector of the hull of combinations of the rows, and of the rows."""
    tasks = len(jacobian)
    if phase == "second":
        corners = np.vstack([np.eye(tasks), corners])
    if not len(corners):
        return {"direction": np.zeros(jacobian.shape[1]), "weights": np.zeros(tasks)}
    weights = mgda.answer(corners @ jacobian)["weights"] @ corners
    return {"direction": weights @ jacobian, "weights": weights}
