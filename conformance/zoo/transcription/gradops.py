"""GradOPS in numpy, by least squares."""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from conformance.zoo.programs import ROUNDOFF, Array, balanced, common, units
from conformance.zoo.transcription import mgda
from conformance.zoo.transcription.shapes import Outputs


def rejection(row: Array, others: Array) -> Array:
    """The part of a row that is orthogonal to the others; exactly zero where it is in their span.

    Both must be balanced: the threshold is what rounding leaves of a dependent row.
    """
    coefficients = np.linalg.lstsq(others.T, row, rcond=None)[0]
    remainder: Array = row - coefficients @ others
    # The least-squares residual, once more: its own rounding has a part in the span.
    remainder -= np.linalg.lstsq(others.T, remainder, rcond=None)[0] @ others
    floor = (
        4 * ROUNDOFF * (np.linalg.norm(row) + np.abs(coefficients) @ np.linalg.norm(others, axis=1))
    )
    return remainder if np.linalg.norm(remainder) > floor else np.zeros_like(row)


@final
@dataclass(frozen=True, slots=True)
class Modified:
    """GradOPS's gradients g'_i (T, d), and which tasks were projected, which fell back on MGDA."""

    gradients: Array
    projected: NDArray[np.bool_]
    replaced: NDArray[np.bool_]


def modified(jacobian: Array, *, fallback: str) -> Modified:
    """Equations (1)-(2) of GradOPS, with the fallback."""
    rows, exponents = balanced(jacobian)
    gradients = np.array(jacobian)
    projected, replaced = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    for task in np.flatnonzero((rows @ rows.T).min(axis=1) < 0):
        remainder = rejection(rows[task], np.delete(rows, task, axis=0))
        if fallback == "mgda" and not remainder.any():
            gradients[task] = mgda.answer(jacobian)["direction"]
            replaced[task] = True
        else:
            gradients[task] = np.ldexp(remainder, exponents[task])
            projected[task] = True
    return Modified(gradients, projected, replaced)


def projections(found: Modified, jacobian: Array) -> Array:
    """R_i = <G', g_i> / |g_i| (T,), equation (3); zero for zero rows.

    What is known of the terms is used: a projected gradient is orthogonal to all other rows, and
    MGDA's direction d has <d, g_i> >= |d|^2.
    """
    unit, norms, exponent = units(jacobian)
    inner = found.gradients @ unit.T
    inner[found.projected] *= np.eye(len(inner))[found.projected]
    squares = np.einsum("ij,ij->i", found.gradients, found.gradients)
    with np.errstate(divide="ignore"):
        least = np.where(norms > 0, np.ldexp(1 / norms, -exponent), 0.0)
    bound = np.where(found.replaced[:, None], np.outer(squares, least), 0.0)
    reached: Array = np.maximum(inner, bound).sum(axis=0)
    return reached


def reweighted(reached: Array, jacobian: Array, alpha: float) -> Array:
    """GradOPS's weights w (T,), equations (4)-(5); zero rows of the jacobian keep the weight 1."""
    active = np.any(jacobian, axis=1)
    weights, reached = np.ones(len(active)), reached[active]
    if alpha == 0 or not reached.any():
        return weights
    if alpha < 0 and not reached.all():
        # Undefined where a projection is zero; but rounding cannot tell that from a small one, of
        # which this is the limit.
        powers = (reached == 0).astype(np.float64)
        weights[active] = powers / powers.mean()
        return weights
    # Relative to the one with the largest power, so that no power overflows.
    powers = (reached / (reached.max() if alpha > 0 else reached.min())) ** alpha
    weights[active] = powers / powers.mean()
    return weights


def answer(jacobian: Array, *, alpha: float = 0.0, fallback: str = "mgda") -> Outputs:
    """Rows in conflict made orthogonal to all others, then reweighted by their projections."""
    scaled, exponent = common(jacobian)
    found = modified(scaled, fallback=fallback)
    gradients, weights = found.gradients, reweighted(projections(found, scaled), scaled, alpha)
    return {
        "direction": np.ldexp(weights @ gradients, exponent),
        "task_gradients": np.ldexp(gradients, exponent),
        "weights": weights,
    }
