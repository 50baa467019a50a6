"""PE-LTR: the shortest combination of the task gradients whose weights keep their floors.

[PE-LTR] Lin et al., A Pareto-efficient algorithm for multiple objective optimization in e-commerce
recommendation, 2019.
"""

import numpy as np
from torch import Tensor

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.gramian import Rows, combined, prepared
from conformance.torch_runner.hulls import shortest_of
from conformance.torch_runner.shapes import Jacobian, Matrix
from conformance.torch_runner.stacking import checked

SOLVERS = ("exact", "two-stage")


def aggregate(jacobian: Jacobian, *, floors: Tensor, solver: str = "exact") -> Aggregation:
    """Direction and weights (T,) that sum to one, for a jacobian (T, d) and floors (T,).

    ValueError for NaN, infinities, wrong shapes, floors that are negative or sum to more than one,
    and for another solver than "exact" and "two-stage".
    """
    if solver not in SOLVERS:
        message = f"solver must be one of {', '.join(map(repr, SOLVERS))} (got {solver!r})"
        raise ValueError(message)
    rows = prepared(jacobian)
    least = kept_floors(floors, len(rows.gramian))
    free = 1.0 - least.sum()
    if free <= 0:
        weights = least
    elif solver == "two-stage":
        weights = least + onto_simplex(levelled(rows, least), free)
    else:
        weights = least + free * shortest_of(rows, least + free * np.eye(len(least)))
    largest = int(rows.exponents.max())
    coefficients = np.ldexp(weights, rows.exponents - largest)
    return Aggregation(combined(rows, coefficients, largest), weights_of(jacobian, weights))


def kept_floors(floors: Tensor, tasks: int) -> Matrix:
    """The floors in float64; ValueError where they are none."""
    least: Matrix = checked("floors", floors.detach()).double().cpu().numpy()[0]
    if floors.ndim != 1 or len(least) != tasks:
        message = f"floors must have {tasks} numbers (got shape {tuple(floors.shape)})"
        raise ValueError(message)
    if (least < 0).any() or least.sum() > 1:
        message = f"floors must not be negative nor sum to more than one (got {least.tolist()})"
        raise ValueError(message)
    return least


def levelled(rows: Rows, floors: Matrix) -> Matrix:
    """The weights of the shortest combination with sum one, of either sign, less the floors.

    Of several such weights those nearest to the floors. In units of the rows' cosines the weights
    are t_i z_i with (C + t t')z = t, up to a factor.
    """
    scale = np.ldexp(1.0, rows.exponents.min() - rows.exponents)
    values, vectors = np.linalg.eigh(rows.gramian + np.outer(scale, scale))
    noise = len(scale) * max(rows.resolution, np.finfo(np.float64).eps)
    kept = values > noise * values[-1]
    basis = vectors[:, kept]
    if kept.all():
        solution = np.linalg.solve(rows.gramian + np.outer(scale, scale), scale)
    else:
        solution = basis @ ((basis.T @ scale) / values[kept])
    sought = scale * solution / (scale @ solution) - floors
    if not kept.all():
        flat = np.linalg.qr(scale[:, None] * vectors[:, ~kept])[0]
        sought = sought - flat @ (flat.T @ sought)
    nearest: Matrix = sought
    return nearest


def onto_simplex(point: Matrix, mass: float) -> Matrix:
    """The nearest vector of numbers >= 0 that sum to ``mass``: the point less one number, cut."""
    ordered = np.sort(point)[::-1]
    levels = (np.cumsum(ordered) - mass) / np.arange(1, len(point) + 1)
    count = int(np.flatnonzero(ordered > levels)[-1])
    cut: Matrix = np.maximum(point - levels[count], 0.0)
    return cut
