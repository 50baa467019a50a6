"""Nash-MTL: the bargaining solution, weights a > 0 with a_i (K a)_i = 1.

[Nash-MTL] Navon, Shamsian, Achituve, Maron, Kawaguchi, Chechik and Fetaya, Multi-task learning as a
bargaining game, 2022.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.equilibrium import solution
from conformance.torch_runner.gramian import Rows, combined, prepared
from conformance.torch_runner.shapes import Jacobian, Matrix


def aggregate(
    jacobian: Jacobian,
    *,
    max_norm: float = 0.0,
    update_every: int = 1,
    state: Mapping[str, Any] | None = None,
) -> Aggregation:
    """Direction, and its coefficients on the rows, of a jacobian (T, d).

    A direction longer than ``max_norm`` is scaled to it, unless that is 0. Solutions serve
    ``update_every`` steps; ``state`` is that of the last answer. ValueError for NaN, infinities,
    wrong shapes, max_norm < 0, update_every no whole number above 0, and where 0 may lie in the
    hull of the rows: there the definition has no answer.
    """
    if not 0 <= max_norm < np.inf:
        message = f"max_norm must be a number, at least 0 (got {max_norm})"
        raise ValueError(message)
    if update_every < 1 or update_every != int(update_every):
        message = f"update_every must be a whole number, at least 1 (got {update_every})"
        raise ValueError(message)
    rows = prepared(jacobian)
    step = int(state["step"]) if state else 0
    if state and step % int(update_every):
        held, exponents = state["held"], state["exponents"]
    else:
        held, exponents = solution(rows, 1.0, "nash_mtl").coefficients, rows.exponents
    coefficients = np.ldexp(held, rows.exponents - exponents)
    if max_norm > 0:
        coefficients = clipped(rows, coefficients, max_norm)
    direction = combined(rows, coefficients)
    weights = weights_of(jacobian, np.ldexp(coefficients, -rows.exponents))
    after = {"step": step + 1, "held": held, "exponents": exponents}
    return Aggregation(direction, weights, state=after)


def clipped(rows: Rows, coefficients: Matrix, max_norm: float) -> Matrix:
    """Coefficients on the u_i whose combination is no longer than ``max_norm``."""
    largest = int(np.frexp(np.abs(coefficients).max())[1])  # squares stay in range
    smaller = np.ldexp(coefficients, -largest)
    length = max(float(smaller @ rows.gramian @ smaller), 0.0) ** 0.5
    limit = float(np.ldexp(max_norm, -largest))
    return coefficients if length <= limit else coefficients * (limit / length)
