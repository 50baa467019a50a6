"""Ways in which Nash-MTL goes wrong."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from conformance.zoo.equilibria import relative
from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import Outputs
from conformance.zoo.transcription import nash_mtl as sound

State = Mapping[str, Any]

RESIDUAL: Final = 1e-3  # the stopping rule of the released code
ROUNDS: Final = 20  # and its limit on convex-concave rounds
EPSILON: Final = 1e-10  # small by itself, and not beside the squares of small gradients


def combination(weights: Array, jacobian: Array) -> tuple[Outputs, State]:
    """A direction by its weights."""
    return {"direction": weights @ jacobian, "weights": weights}, {}


def stopped(
    jacobian: Array, *, max_norm: float = 0.0, update_every: int = 1, state: State | None = None
) -> tuple[Outputs, State]:
    """Take Newton steps on the unit rows until |K a - 1/a| < 1e-3."""
    sound.answer(jacobian)  # refuses what is undefined
    del max_norm, update_every, state
    norms = np.linalg.norm(jacobian, axis=1)
    unit, weights = jacobian / norms[:, None], np.ones(len(norms))
    while np.linalg.norm(unit @ (weights @ unit) - 1 / weights) >= RESIDUAL:
        step = relative(unit, np.ones(len(norms)), 1.0, weights)
        weights = weights * (1 + step / (1 + 2 * max(float(-step.min()), 0.0)))
    return combination(weights / norms, jacobian)


def rounds(
    jacobian: Array, *, max_norm: float = 0.0, update_every: int = 1, state: State | None = None
) -> tuple[Outputs, State]:
    """Take 20 rounds that treat half of the equation as known: a <- sqrt(a / K a)."""
    sound.answer(jacobian)  # refuses what is undefined
    del max_norm, update_every, state
    norms = np.linalg.norm(jacobian, axis=1)
    unit, weights = jacobian / norms[:, None], np.ones(len(norms))
    for _ in range(ROUNDS):
        gains = np.maximum(unit @ (weights @ unit), EPSILON)
        weights = np.sqrt(weights / gains)
    return combination(weights / norms, jacobian)


def shifted(
    jacobian: Array, *, max_norm: float = 0.0, update_every: int = 1, state: State | None = None
) -> tuple[Outputs, State]:
    """Add 1e-10 to the diagonal of the Gramian: a column of 1e-5 for each task."""
    padded = np.hstack([jacobian, np.sqrt(EPSILON) * np.eye(len(jacobian))])
    found, after = sound.answer(padded, max_norm=max_norm, update_every=update_every, state=state)
    sound.answer(jacobian)  # refuses what is undefined
    return combination(found["weights"], jacobian)[0], after


def silent(
    jacobian: Array, *, max_norm: float = 0.0, update_every: int = 1, state: State | None = None
) -> tuple[Outputs, State]:
    """Clip at length 1 whatever is asked."""
    return sound.answer(jacobian, max_norm=max_norm or 1.0, update_every=update_every, state=state)


def normalised(
    jacobian: Array, *, max_norm: float = 0.0, update_every: int = 1, state: State | None = None
) -> tuple[Outputs, State]:
    """Solve for the Gramian over its Frobenius norm and keep those weights."""
    scale = np.sqrt(np.linalg.norm(jacobian @ jacobian.T))
    found, after = sound.answer(
        jacobian / scale, max_norm=max_norm, update_every=update_every, state=state
    )
    return combination(found["weights"], jacobian)[0], after


def forgetful(
    jacobian: Array, *, max_norm: float = 0.0, update_every: int = 1, state: State | None = None
) -> tuple[Outputs, State]:
    """Solve at every step, whatever ``update_every`` says."""
    del update_every, state
    return sound.answer(jacobian, max_norm=max_norm)


FAULTS = (
    Fault(
        "nash_mtl_residual",
        "nash_mtl",
        "Stops at a residual of 1e-3, as the released code does.",
        ("nash-fixed-point",),
        stopped,
    ),
    Fault(
        "nash_mtl_rounds",
        "nash_mtl",
        "Stops after 20 rounds that each solve for half of the equation, as code with a fixed "
        "number of convex-concave rounds does.",
        ("nash-fixed-point",),
        rounds,
    ),
    Fault(
        "nash_mtl_epsilon",
        "nash_mtl",
        "Adds an absolute 1e-10 to the Gramian, as careful-looking code does.",
        ("homogeneous",),
        shifted,
    ),
    Fault(
        "nash_mtl_clip",
        "nash_mtl",
        "Clips the length at 1 without being asked to, as the released code does by default.",
        ("nash-fixed-point",),
        silent,
    ),
    Fault(
        "nash_mtl_normalised",
        "nash_mtl",
        "Divides the Gramian by its norm and keeps the weights that belong to it, as the released "
        "code does.",
        ("homogeneous",),
        normalised,
    ),
    Fault(
        "nash_mtl_forgetful",
        "nash_mtl",
        "Solves afresh at every step, as code that lost its counter does.",
        ("sequence",),
        forgetful,
    ),
)
