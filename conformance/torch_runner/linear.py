"""Linear programs over the simplex in float64: the simplex method on a small dense table."""

import numpy as np

from conformance.torch_runner.shapes import Matrix

STEPS = 200
"""Exchanges that one phase may take; Bland's rule ends sooner for all but contrived programs."""


def best(objective: Matrix, rows: Matrix, bounds: Matrix) -> Matrix:
    """The b (T,) >= 0 with sum one and rows b >= bounds for which objective'b is largest.

    The table finds which constraints are tight; b then solves their equations as they stand.
    ValueError where no b keeps the constraints.
    """
    count, tasks = rows.shape
    size = np.maximum(np.abs(rows).max(axis=1, initial=0.0), np.abs(bounds))
    size = np.where(size > 0, size, 1.0)
    left: Matrix = np.vstack(
        (
            np.hstack((rows / size[:, None], -np.eye(count))),
            np.hstack((np.ones((1, tasks)), np.zeros((1, count)))),
        )
    )
    right = np.append(bounds / size, 1.0)
    left, right = np.where(right < 0, -1.0, 1.0)[:, None] * left, np.abs(right)
    table = np.hstack((left, np.eye(count + 1), right[:, None]))
    basis = np.arange(tasks + count, tasks + 2 * count + 1)
    price = np.append(np.zeros(tasks + count), -np.ones(count + 1))
    improve(table, basis, price, tasks + 2 * count + 1)
    if (price[basis] @ table[:, -1]) < -noise(table):
        message = "no weights keep the constraints"
        raise ValueError(message)
    freed(table, basis, tasks + count)
    scale = np.abs(objective).max(initial=0.0)
    wanted = objective / scale if scale > 0 else objective
    improve(table, basis, np.append(wanted, np.zeros(2 * count + 1)), tasks + count)
    return at_vertex(rows, bounds, basis)


def at_vertex(rows: Matrix, bounds: Matrix, basis: Matrix) -> Matrix:
    """The b of a basis: zero where it is not basic, tight rows where the slack is not."""
    count, tasks = rows.shape
    basic = np.zeros(tasks + count, dtype=np.bool_)
    basic[basis[basis < tasks + count]] = True
    tight = ~basic[tasks:]
    system = np.vstack((np.ones(tasks), np.eye(tasks)[~basic[:tasks]], rows[tight]))
    right = np.concatenate(([1.0], np.zeros(int((~basic[:tasks]).sum())), bounds[tight]))
    try:
        found = np.linalg.solve(system, right)
    except np.linalg.LinAlgError:  # an artificial variable that stayed: one equation too few
        found = np.linalg.lstsq(system, right, rcond=None)[0]
    kept: Matrix = np.where(basic[:tasks], np.maximum(found, 0.0), 0.0)
    return kept


def improve(table: Matrix, basis: Matrix, price: Matrix, allowed: int) -> None:
    """Enter the first variable that improves the price until none does [Bland, 1977], in place."""
    for _ in range(STEPS):
        gains = price[:allowed] - price[basis] @ table[:, :allowed]
        rounding = noise(table)
        entering = np.flatnonzero(gains > rounding)
        if not len(entering):
            return
        column = table[:, entering[0]]
        rising = column > rounding
        if not rising.any():
            return
        ratios = np.where(rising, table[:, -1] / np.where(rising, column, 1.0), np.inf)
        ties = np.flatnonzero(ratios <= ratios.min() + rounding)
        pivot(table, basis, int(ties[np.argmin(basis[ties])]), int(entering[0]))


def noise(table: Matrix) -> float:
    """What rounding leaves of an entry of the table that is zero."""
    return float(len(table) * np.finfo(np.float64).eps * np.abs(table).max())


def freed(table: Matrix, basis: Matrix, width: int) -> None:
    """Exchange the artificial variables that are basic at zero, in place."""
    for row in np.flatnonzero(basis >= width):
        column = int(np.argmax(np.abs(table[row, :width])))
        pivot(table, basis, int(row), column)


def pivot(table: Matrix, basis: Matrix, row: int, column: int) -> None:
    """Solve a row for a variable and eliminate it from the others, in place."""
    table[row] /= table[row, column]
    others = np.arange(len(table)) != row
    table[others] -= np.outer(table[others, column], table[row])
    basis[row] = column
