"""Ways in which MGDA goes wrong."""

from collections.abc import Callable
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


def plain(faulty: Callable[[Array], Outputs]) -> Callable[..., Outputs]:
    """The mistake where nothing is normalised, the sound answer where something is."""

    def answer(
        jacobian: Array, *, losses: Array | None = None, normalization: str = "none"
    ) -> Outputs:
        if normalization == "none":
            return faulty(jacobian)
        return sound.answer(jacobian, losses=losses, normalization=normalization)

    return answer


def early_stop(jacobian: Array) -> Outputs:
    """Stop Frank-Wolfe after 20 steps."""
    return combination(frank_wolfe(jacobian, STEPS)[-1], jacobian)


def previous_iterate(jacobian: Array) -> Outputs:
    """Return the iterate before the last one, at the first step that moves little."""
    iterates = frank_wolfe(jacobian, 250)
    for before, after in pairwise(iterates):
        if np.abs(after - before).sum() < SETTLED:
            return combination(before, jacobian)
    return combination(iterates[-2], jacobian)


def vertex(jacobian: Array) -> Outputs:
    """Never give a task less than a thousandth."""
    weights = np.maximum(sound.answer(jacobian)["weights"], 0.001)
    return combination(weights / weights.sum(), jacobian)


def ridge(jacobian: Array) -> Outputs:
    """Add 1e-8 to the Gramian's diagonal, which is a column of 1e-4 for each task."""
    padded = np.hstack([jacobian, 1e-4 * np.eye(len(jacobian))])
    return combination(sound.answer(padded)["weights"], jacobian)


def affine(jacobian: Array) -> Outputs:
    """Solve for weights that sum to 1, of either sign."""
    return combination(affine_nearest(jacobian, np.ones(len(jacobian))), jacobian)


def unit_rows(jacobian: Array) -> Outputs:
    """Weigh the rows by what is right for their unit vectors."""
    return combination(sound.answer(units(jacobian)[0])["weights"], jacobian)


def divided_twice(
    jacobian: Array, *, losses: Array | None = None, normalization: str = "none"
) -> Outputs:
    """Combine the normalised rows by the weights that belong to the raw ones."""
    outputs = sound.answer(jacobian, losses=losses, normalization=normalization)
    if normalization == "none":
        return outputs
    rows = sound.normalised(jacobian, losses, normalization)
    return combination(outputs["weights"], rows)


def lengths_for_losses(
    jacobian: Array, *, losses: Array | None = None, normalization: str = "none"
) -> Outputs:
    """Take "loss+" for "loss"."""
    taken = "loss" if normalization == "loss+" else normalization
    return sound.answer(jacobian, losses=losses, normalization=taken)


FAULTS = (
    Fault(
        "mgda_early_stop",
        "mgda",
        "Stops Frank-Wolfe after a fixed 20 steps, as nearly every library does.",
        ("mgda-kkt",),
        plain(early_stop),
    ),
    Fault(
        "mgda_previous_iterate",
        "mgda",
        "Returns the iterate before the one that met the stopping rule, as the authors' code does.",
        ("mgda-kkt",),
        plain(previous_iterate),
    ),
    Fault(
        "mgda_vertex",
        "mgda",
        "Keeps every weight above .001, as the authors' two-task solver does at a vertex.",
        ("mgda-kkt",),
        plain(vertex),
    ),
    Fault(
        "mgda_ridge",
        "mgda",
        "Adds an absolute 1e-8 to the Gramian so that it inverts, as careful-looking code does.",
        ("homogeneous",),
        plain(ridge),
    ),
    Fault(
        "mgda_affine",
        "mgda",
        "Misses the branch w >= 0, as a closed form by Lagrange multipliers does.",
        ("mgda-kkt",),
        plain(affine),
    ),
    Fault(
        "mgda_unit_rows",
        "mgda",
        "Normalises the gradients for the weights and combines the raw ones, as the released "
        "option l2 does, and declares nothing.",
        ("mgda-kkt",),
        plain(unit_rows),
    ),
    Fault(
        "mgda_divided_twice",
        "mgda",
        "Combines the normalised gradients, as code that divides them in place does.",
        ("accuracy",),
        divided_twice,
    ),
    Fault(
        "mgda_lengths_for_losses",
        "mgda",
        "Forgets the length in the normalization loss+.",
        ("accuracy",),
        lengths_for_losses,
    ),
)
