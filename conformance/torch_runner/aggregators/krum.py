"""Krum: the gradients that lie nearest to their neighbours, averaged.

[Krum] Blanchard, El Mhamdi, Guerraoui and Stainer, Machine learning with adversaries: Byzantine
tolerant gradient descent, 2017. Scores are sums of *squared* distances.
"""

import numpy as np

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.gramian import Rows, combined, prepared
from conformance.torch_runner.shapes import Jacobian, Matrix


def aggregate(jacobian: Jacobian, *, n_byzantine: float = 0, n_selected: float = 1) -> Aggregation:
    """Direction and weights of a jacobian (T, d).

    The scores are those of the T - n_byzantine - 2 nearest others. ValueError for NaN, infinities
    and wrong shapes, fewer than n_byzantine + 3 tasks, and n_selected not between 1 and T.
    """
    rows = prepared(jacobian)
    tasks = len(rows.gramian)
    others = tasks - 2 - whole("n_byzantine", n_byzantine, 0, tasks - 3)
    selected = whole("n_selected", n_selected, 1, tasks)
    chosen = scores(rows, others).argsort(kind="stable")[:selected]
    weights = np.zeros(tasks)
    weights[chosen] = 1 / selected
    if selected == 1:
        return Aggregation(jacobian.detach()[chosen[0]].clone(), weights_of(jacobian, weights))
    largest = int(rows.exponents.max())
    scale = np.ldexp(1.0, rows.exponents - largest)
    return Aggregation(combined(rows, weights * scale, largest), weights_of(jacobian, weights))


def whole(name: str, value: float, least: int, most: int) -> int:
    """A whole number from ``least`` to ``most``; ValueError for any other."""
    if value != int(value) or not least <= value <= most:
        message = f"{name} must be a whole number from {least} to {most} (got {value})"
        raise ValueError(message)
    return int(value)


def scores(rows: Rows, others: int) -> Matrix:
    """Sums of the squared distances to the nearest others (T,), over 4**largest exponent."""
    scale = np.ldexp(1.0, rows.exponents - int(rows.exponents.max()))
    gramian = scale[:, None] * rows.gramian * scale
    squares = gramian.diagonal()
    distances = squares[:, None] + squares - 2 * gramian
    np.fill_diagonal(distances, np.inf)
    sums: Matrix = np.sort(distances, axis=1)[:, :others].sum(1)
    return sums
