"""GradOPS: conflicting gradients are made orthogonal to all the others, then reweighted.

[GradOPS] Gradient deconfliction via orthogonal projections onto subspaces for multi-task
learning, WSDM 2025, equations (1)-(5). Tests and spans use the original gradients only. Where a
conflicting gradient lies in the others' span, nothing is left of it, and the fallback gives it
MGDA's direction ("mgda") or nothing ("none").
"""

import numpy as np
from numpy.typing import NDArray

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.aggregators.mgda import shortest, unit
from conformance.torch_runner.duals import duals, part_beside, told
from conformance.torch_runner.gramian import Rows, combined, prepared
from conformance.torch_runner.shapes import Jacobian, Matrix

FALLBACKS = ("mgda", "none")


def aggregate(jacobian: Jacobian, *, alpha: float = 0.0, fallback: str = "mgda") -> Aggregation:
    """Direction, weights w_i and each task's gradient g'_i of a jacobian (T, d).

    ValueError for NaN, infinities, wrong shapes and an unknown fallback. Where the definition
    has no answer, alpha < 0 and a projection R_i of zero, the limit of small R_i is returned.
    """
    if fallback not in FALLBACKS:
        message = f"fallback must be 'mgda' or 'none' (got {fallback!r})"
        raise ValueError(message)
    rows = prepared(jacobian)
    largest = int(rows.exponents.max())
    parts, inner = modified(rows, largest, fallback)
    weights = reweighted(rows.gramian, inner, alpha)
    direction = combined(rows, weights @ parts, largest)
    own = np.ldexp(parts, (largest - rows.exponents)[:, None])
    return Aggregation(direction, weights_of(jacobian, weights), rows, own)


def modified(rows: Rows, largest: int, fallback: str) -> tuple[Matrix, Matrix]:
    """Each g'_i as a combination of the u_j, and <g'_i, u_j>, both (T, T) over 2**largest.

    The inner products are those that hold by construction, so that zeros are zeros and no
    digits cancel: ||g'_i||^2 or 0 for a projected gradient, the Gramian's for one that is kept.
    """
    gramian = rows.gramian
    parts, inner = np.eye(len(gramian)), gramian.copy()
    conflicting = np.flatnonzero(gramian.min(1) < 0)
    scale = np.ldexp(1.0, rows.exponents - largest)
    left = orthogonal(gramian, conflicting, rows.resolution) if len(conflicting) else {}
    for task, (combination, square) in left.items():
        parts[task], inner[task] = combination, np.where(np.arange(len(parts)) == task, square, 0)
    parts, inner = parts * scale[:, None], inner * scale[:, None]
    for degenerate in set(conflicting.tolist()) - set(left):
        parts[degenerate], inner[degenerate] = substitute(rows, largest, fallback)
    return parts, inner


def orthogonal(
    gramian: Matrix, conflicting: NDArray[np.intp], resolution: float
) -> dict[int, tuple[Matrix, float]]:
    """For each conflicting task with something left: its combination and the square of that.

    By the inverse where the rows are independent, equation (2) for all tasks at once; else task
    by task beside the others' span.
    """
    nonzero = gramian.diagonal() > 0
    beside = duals(gramian) if nonzero.all() else None
    if beside is not None and told(*beside, gramian, resolution).all():
        return {int(i): (beside[0][i], float(beside[1][i])) for i in conflicting}
    found = {int(i): part_beside(gramian, int(i), resolution) for i in conflicting}
    return {
        task: (combination, square)
        for task, (combination, square) in found.items()
        if told(combination[None], np.array([square]), gramian, resolution)[0]
    }


def substitute(rows: Rows, largest: int, fallback: str) -> tuple[Matrix, Matrix]:
    """What a degenerate task gets: MGDA's direction d, or zero.

    <d, g_j> >= ||d||^2 holds by construction, so that no product is zero unless d is.
    """
    if fallback == "none":
        return np.zeros(len(rows.gramian)), np.zeros(len(rows.gramian))
    combination = np.ldexp(shortest(rows), unit(rows) - largest)
    products = rows.gramian @ combination
    square = float(combination @ products)
    # A shortest vector that rounding may have made is none: powers of R_i would make it large.
    if not told(combination[None], np.array([square]), rows.gramian, rows.resolution)[0]:
        return np.zeros_like(combination), np.zeros_like(combination)
    return combination, np.maximum(products, np.ldexp(square, largest - rows.exponents))


def reweighted(gramian: Matrix, inner: Matrix, alpha: float) -> Matrix:
    """Weights (T,) of equations (3)-(5): w_i = r_i**alpha over its mean, r_i over their mean.

    Rows of zeros keep the weight 1, and so do all tasks if no projection is left.
    """
    lengths = np.sqrt(gramian.diagonal())
    alive = lengths > 0
    weights = np.ones(len(lengths))
    projections = inner.sum(0)[alive] / lengths[alive]
    if alpha == 0 or not projections.any():
        return weights
    powers = powers_of(projections, alpha)
    weights[alive] = powers / powers.mean()
    return weights


def powers_of(projections: Matrix, alpha: float) -> Matrix:
    """The projections to the power alpha, up to a factor common to all, which never overflows.

    Zero to a negative power has no value, and rounding cannot tell zero from a small projection:
    the limit is taken, in which the tasks without a projection share all the weight.
    """
    if alpha < 0 and not projections.all():
        limit: Matrix = (projections == 0).astype(np.float64)
        return limit
    powers: Matrix = (
        projections / (projections.max() if alpha > 0 else projections.min())
    ) ** alpha
    return powers
