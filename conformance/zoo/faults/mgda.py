"""Ways in which MGDA goes wrong."""

from itertools import pairwise
from typing import Final

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array, affine_nearest, units
from conformance.zoo.transcription import Outputs
from conformance.zoo.transcription import mgda as sound

STEPS: Final = 20
SETTLED: Final = 1e-5  # the stopping rule of the authors' solver


def combination(weights: Array, jacobian: Array) -> Outputs:
    """A direction by its weights."""
    return {"direction": weights @ jacobian, "weights": weights}


def frank_wolfe(jacobian: Array, steps: int) -> list[Array]:
    """The iterates of Frank-Wolfe from equal weights, with exact line search."""
    weights = np.full(len(jacobian), 1 / len(jacobian))
    iterates = [weights]
    for _ in range(steps):
        direction = weights @ jacobian
        vertex = int(np.argmin(jacobian @ direction))
        gap = direction - jacobian[vertex]
        length = gap @ gap
        share = min(1.0, max(0.0, float(gap @ direction / length))) if length > 0 else 0.0
        weights = (1 - share) * weights
        weights[vertex] += share
        iterates.append(weights)
    return iterates


def early_stop(jacobian: Array, *, normalization: str = "none") -> Outputs:
    """Stop Frank-Wolfe after 20 steps."""
    del normalization
    return combination(frank_wolfe(jacobian, STEPS)[-1], jacobian)


def previous_iterate(jacobian: Array, *, normalization: str = "none") -> Outputs:
    """Return the iterate before the last one, at the first step that moves little."""
    del normalization
    iterates = frank_wolfe(jacobian, 250)
    for before, after in pairwise(iterates):
        if np.abs(after - before).sum() < SETTLED:
            return combination(before, jacobian)
    return combination(iterates[-2], jacobian)


def vertex(jacobian: Array, *, normalization: str = "none") -> Outputs:
    """Never give a task less than a thousandth."""
    weights = sound.answer(jacobian, normalization=normalization)["weights"]
    weights = np.maximum(weights, 0.001)
    return combination(weights / weights.sum(), jacobian)


def ridge(jacobian: Array, *, normalization: str = "none") -> Outputs:
    """Add 1e-8 to the Gramian's diagonal, which is a column of 1e-4 for each task."""
    padded = np.hstack([jacobian, 1e-4 * np.eye(len(jacobian))])
    weights = sound.answer(padded, normalization=normalization)["weights"]
    return combination(weights, jacobian)


def affine(jacobian: Array, *, normalization: str = "none") -> Outputs:
    """Solve for weights that sum to 1, of either sign."""
    del normalization
    shares = np.ones(len(jacobian))
    return combination(affine_nearest(jacobian, shares), jacobian)


def unit_rows(jacobian: Array, *, normalization: str = "none") -> Outputs:
    """Weigh the rows by what is right for their unit vectors."""
    unit = units(jacobian)[0]
    weights = sound.answer(unit, normalization=normalization)["weights"]
    return combination(weights, jacobian)


FAULTS = (
    Fault(
        "mgda_early_stop",
        "mgda",
        "Stops Frank-Wolfe after a fixed 20 steps, as nearly every library does.",
        ("mgda-kkt",),
        early_stop,
    ),
    Fault(
        "mgda_previous_iterate",
        "mgda",
        "Returns the iterate before the one that met the stopping rule, as the authors' code does.",
        ("mgda-kkt",),
        previous_iterate,
    ),
    Fault(
        "mgda_vertex",
        "mgda",
        "Keeps every weight above .001, as the authors' two-task solver does at a vertex.",
        ("mgda-kkt",),
        vertex,
    ),
    Fault(
        "mgda_ridge",
        "mgda",
        "Adds an absolute 1e-8 to the Gramian so that it inverts, as careful-looking code does.",
        ("homogeneous",),
        ridge,
    ),
    Fault(
        "mgda_affine",
        "mgda",
        "Misses the branch w >= 0, as a closed form by Lagrange multipliers does.",
        ("mgda-kkt",),
        affine,
    ),
    Fault(
        "mgda_unit_rows",
        "mgda",
        "Normalises the gradients for the weights and combines the raw ones, as the released "
        "option l2 does, and declares nothing.",
        ("mgda-kkt",),
        unit_rows,
    ),
)
