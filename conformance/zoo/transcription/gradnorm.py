"""GradNorm in numpy."""

from collections.abc import Mapping

import numpy as np

from conformance.zoo.programs import Array, balanced
from conformance.zoo.transcription.shapes import Outputs

State = Mapping[str, Array]


def answer(
    jacobian: Array,
    *,
    losses: Array,
    initial_losses: Array | None = None,
    weights: Array | None = None,
    alpha: float = 1.5,
    learning_rate: float = 0.025,
    state: State | None = None,
) -> tuple[Outputs, State]:
    """One step of the weights, and the state after it."""
    if state is None:
        initial = losses if initial_losses is None else initial_losses
        state = {
            "initial": initial,
            "weights": np.ones_like(losses) if weights is None else weights,
        }
    sizes = lengths(jacobian)
    before = state["weights"]
    norms = np.abs(before) * sizes
    aims = norms.mean() * rates(losses, state["initial"], alpha)
    moved = before - learning_rate * np.sign(norms - aims) * np.sign(before) * sizes
    return stepped(moved, state["initial"])


def lengths(jacobian: Array) -> Array:
    """The lengths of the rows, safe from overflow."""
    scaled, exponents = balanced(jacobian)
    found: Array = np.ldexp(np.linalg.norm(scaled, axis=1), exponents)
    return found


def rates(losses: Array, initial: Array, alpha: float) -> Array:
    """The relative training rates, raised to alpha."""
    if (initial <= 0).any() or (losses < 0).any() or not losses.any():
        message = "gradnorm is undefined: there are no training rates"
        raise ValueError(message)
    ratios = losses / initial
    if alpha < 0 and not ratios.all():
        message = "gradnorm is undefined: a training rate is 0, and alpha is negative"
        raise ValueError(message)
    powers: Array = (ratios / ratios.mean()) ** alpha
    return powers


def stepped(moved: Array, initial: Array) -> tuple[Outputs, State]:
    """The moved weights made to sum to T, with the state that goes with them."""
    if moved.sum() == 0:
        message = "gradnorm is undefined: the weights sum to 0"
        raise ValueError(message)
    after = moved * len(moved) / moved.sum()
    return {"weights": after}, {"initial": initial, "weights": after}
