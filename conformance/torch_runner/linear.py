"""Linear programs over the simplex: the simplex method on a small dense table.

It is made in float64 first. Beside each entry of the table stands the sum of the sizes of the terms
that it was made of, and an entry is taken for zero if it is no larger than what rounding may have
left of those terms. The vertex is kept if slacks and prices have the right signs; if they have
not, which rows of very unlike lengths bring about, the same steps are made in fractions.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.torch_runner.shapes import Matrix

STEPS = 200
"""Exchanges that one phase may take; Bland's rule ends sooner for all but contrived programs."""

Numbers = NDArray[Any]  # float64, or fractions
Names = NDArray[np.int64]
Support = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Program:
    """Maximise objective't over t >= 0 with shares't = 1 and rows t >= bounds."""

    objective: Numbers
    rows: Numbers
    bounds: Numbers
    shares: Numbers


@dataclass(frozen=True, slots=True)
class Table:
    """Equations in x >= 0 solved for the basic variables: entries, right sides last, and sizes."""

    entries: Numbers
    sizes: Numbers
    basis: Names
    unit: float


def best(objective: Matrix, rows: Matrix, bounds: Matrix, lengths: Matrix | None = None) -> Matrix:
    """The b (T,) >= 0 with sum one and rows b >= bounds for which objective'b is largest.

    ``lengths`` (T,) > 0 are the units in which the columns are alike: t_k = b_k lengths_k is solved
    for. ValueError where no b keeps the constraints.
    """
    units = np.ones(len(objective)) if lengths is None else lengths / lengths.min()
    scaled = rows / units
    largest = np.abs(scaled).max(axis=1, initial=0.0)
    largest[largest == 0] = 1.0
    program = Program(objective / units, scaled / largest[:, None], bounds / largest, 1 / units)
    found = in_floats(program)
    weights: Matrix = (in_fractions(program) if found is None else found) / units
    weights /= weights.sum()
    return weights


def in_floats(program: Program) -> Matrix | None:
    """The vertex in float64; None where the signs that prove it do not come out."""
    try:
        basis = optimal(program, float(np.finfo(np.float64).eps)).basis
        return at_vertex(program, basis)
    except (ValueError, np.linalg.LinAlgError):
        return None


def in_fractions(program: Program) -> Matrix:
    """The vertex of the program as its floats stand, rounded once."""
    exact = np.vectorize(Fraction, otypes=[object])
    parts = (program.objective, program.rows, program.bounds, program.shares)
    table = optimal(Program(*(exact(part) for part in parts)), 0.0)
    tasks = len(program.objective)
    result = np.zeros(tasks)
    for name, value in zip(table.basis, table.entries[:, -1], strict=True):
        if name < tasks:
            result[name] = float(value)
    return result


def optimal(program: Program, unit: float) -> Table:
    """The table at the optimum: two phases. ValueError where nothing keeps the constraints."""
    count, tasks = program.rows.shape
    zero, one = program.shares[0] * 0, program.shares[0] * 0 + 1
    left = np.full((count + 1, tasks + 2 * count + 1), zero)
    left[:count, :tasks], left[count, :tasks] = program.rows, program.shares
    left[np.arange(count), tasks + np.arange(count)] = -one
    right = np.append(program.bounds, one)
    signs = np.where(right < 0, -one, one)
    left = left * signs[:, None]
    left[np.arange(count + 1), tasks + count + np.arange(count + 1)] = one
    entries = np.hstack((left, (signs * right)[:, None]))
    names = np.arange(tasks + count, tasks + 2 * count + 1)
    table = Table(entries, np.abs(entries), names, unit)
    improve(table, np.append(np.full(tasks + count, zero), np.full(count + 1, -one)), len(left[0]))
    missing = table.entries[:, -1] * (table.basis >= tasks + count)
    if (missing > noise(table, table.sizes[:, -1])).any():
        message = "no weights keep the constraints"
        raise ValueError(message)
    freed(table, tasks + count)
    price = np.append(program.objective, np.full(2 * count + 1, zero))
    improve(table, price, tasks + count)
    return table


def at_vertex(program: Program, basis: Names) -> Matrix | None:
    """The t of a basis by its equations as they stand; None where a sign is wrong.

    LinAlgError where they do not determine it.
    """
    count, tasks = program.rows.shape
    basic = np.zeros(tasks + 2 * count + 1, dtype=np.bool_)
    basic[basis] = True
    kept, tight = basic[:tasks], ~basic[tasks : tasks + count]
    system = np.vstack((program.shares, program.rows[tight]))
    found = np.zeros(tasks)
    found[kept] = np.linalg.solve(system[:, kept], np.append(1.0, program.bounds[tight]))
    prices = np.linalg.solve(system[:, kept].T, program.objective[kept])
    unit = 8 * (tasks + count) * np.finfo(np.float64).eps
    slack = program.rows @ found - program.bounds
    gains = program.objective - prices @ system
    room = unit * (np.abs(program.rows) @ np.abs(found) + np.abs(program.bounds))
    doubt = unit * (np.abs(program.objective) + np.abs(prices) @ np.abs(system))
    right = (found >= 0).all() and (slack >= -room)[~tight].all() and (prices[1:] <= 0).all()
    return found if right and (gains <= doubt)[~kept].all() else None


def improve(table: Table, price: Numbers, allowed: int) -> None:
    """Enter the first variable that improves the price until none does [Bland, 1977], in place."""
    basis = table.basis
    for _ in range(STEPS):
        gains = price[:allowed] - price[basis] @ table.entries[:, :allowed]
        sizes = np.abs(price[:allowed]) + np.abs(price[basis]) @ table.sizes[:, :allowed]
        entering = np.flatnonzero(gains > noise(table, sizes))
        if not len(entering):
            return
        column = table.entries[:, entering[0]]
        rising = np.flatnonzero(column > noise(table, table.sizes[:, entering[0]]))
        if not len(rising):
            return
        ratios = table.entries[rising, -1] / column[rising]
        doubt = noise(table, table.sizes[rising, -1]) / column[rising]
        ties = rising[ratios - doubt <= (ratios + doubt).min()]
        pivot(table, int(ties[np.argmin(basis[ties])]), int(entering[0]))


def noise(table: Table, sizes: Numbers) -> Numbers:
    """What rounding may leave of terms of these sizes; nothing in fractions."""
    left: Numbers = len(table.basis) * table.unit * sizes if table.unit else sizes * 0
    return left


def freed(table: Table, width: int) -> None:
    """Exchange the artificial variables that are basic at zero, in place."""
    for row in np.flatnonzero(table.basis >= width):
        sizes = table.sizes[row, :width]
        shares = np.abs(table.entries[row, :width]) / np.where(sizes == 0, sizes + 1, sizes)
        pivot(table, int(row), int(np.argmax(shares)))


def pivot(table: Table, row: int, column: int) -> None:
    """Solve a row for a variable and eliminate it from the others, in place."""
    entries, sizes = table.entries, table.sizes
    divisor = entries[row, column]
    entries[row] = entries[row] / divisor
    sizes[row] = sizes[row] / abs(divisor)
    others = np.arange(len(entries)) != row
    factors = entries[others, column]
    entries[others] -= np.outer(factors, entries[row])
    if table.unit:
        sizes[others] += np.outer(np.abs(factors), sizes[row])
    entries[others, column], table.basis[row] = entries[row, column] * 0, column
