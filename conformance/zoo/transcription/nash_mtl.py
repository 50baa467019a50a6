"""Nash-MTL in numpy, by least squares on the unit rows."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.zoo.equilibria import equilibrium
from conformance.zoo.programs import Array, common
from conformance.zoo.transcription.shapes import Outputs

State = Mapping[str, Any]


def answer(
    jacobian: Array,
    *,
    max_norm: float = 0.0,
    update_every: int = 1,
    state: State | None = None,
) -> tuple[Outputs, State]:
    """The bargaining direction and its weights (T,), and the state after it."""
    step = state["step"] if state else 0
    if state and step % update_every:
        weights, exponent = state["weights"]
    else:
        weights, exponent = equilibrium(jacobian, 1.0, "nash_mtl")
    outputs = combined(jacobian, weights, exponent, max_norm)
    return outputs, {"step": step + 1, "weights": (weights, exponent)}


def combined(jacobian: Array, weights: Array, exponent: int, max_norm: float) -> Outputs:
    """The combination of the rows with weights * 2**exponent, clipped."""
    scaled, shift = common(jacobian)
    direction = np.ldexp(weights @ scaled, exponent + shift)
    weights = np.ldexp(weights, exponent)
    length = float(np.linalg.norm(direction))
    if 0 < max_norm < length:
        direction, weights = direction * (max_norm / length), weights * (max_norm / length)
    return {"direction": direction, "weights": weights}
