"""Linear programs over the simplex: the simplex method on a small dense dictionary.

It is made in float64 first. The vertex is kept if slacks and prices have the right signs; if they
have not, which rows of very unlike lengths bring about, the same steps are made in whole numbers.
"""

from fractions import Fraction

import numpy as np

from conformance.torch_runner.dictionary import (
    EPSILON,
    Dictionary,
    Floats,
    Integers,
    Names,
    Program,
)
from conformance.torch_runner.shapes import Matrix


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
    weights: Matrix = (exactly(program) if found is None else found) / units
    weights /= weights.sum()
    return weights


def in_floats(program: Program) -> Matrix | None:
    """The vertex in float64; None where the signs that prove it do not come out."""
    try:
        table = Floats(program)
        solve(program, table)
        return at_vertex(program, table.basis)
    except (ValueError, FloatingPointError, np.linalg.LinAlgError):
        return None


def exactly(program: Program) -> Matrix:
    """The vertex of the program as its floats stand, rounded once."""
    table = Integers(program)
    solve(program, table)
    result = np.zeros(program.slacks)
    for name, value in zip(table.basis, table.entries[:-1, -1], strict=True):
        if name < program.slacks:
            result[name] = float(Fraction(value, table.divisor))
    return result


def solve(program: Program, table: Dictionary) -> None:
    """Bring the dictionary to the optimum, in place.

    ValueError where nothing keeps the constraints.
    """
    corners = (program.rows / program.shares - program.bounds[:, None]).min(axis=0, initial=0.0)
    table.pivot(len(program.rows), int(np.argmax(corners)))
    table.forget(program.shared)
    feasible(program, table)
    table.forget(program.shared + 1)
    stalled = False
    for _ in range(steps(table)):
        entering = np.flatnonzero(table.below(-1, slice(0, -1)))
        if not len(entering):
            return
        stalled = advanced(table, -1, entering, program.shared + 1, stalled=stalled)
    message = "rounding leads the search in a circle"
    raise ValueError(message)


def feasible(program: Program, table: Dictionary) -> None:
    """First phase, in place: the help that every slack gets is brought down to 0."""
    name, everything = program.shared + 1, slice(0, -1)
    short = np.flatnonzero(table.below(everything, -1))
    if not len(short):
        return
    column = int(np.flatnonzero(table.free == name)[0])
    table.pivot(max(map(int, short), key=lambda row: table.ratio(row, column)), column)
    stalled = False
    for _ in range(steps(table)):
        found = np.flatnonzero(table.basis == name)
        if not len(found):
            return
        row = int(found[0])
        entering = np.flatnonzero(table.above(row, everything))
        if not len(entering):
            if table.above(row, -1):
                break
            table.pivot(row, int(np.argmax(np.abs(table.entries[row, everything]))))
            return
        stalled = advanced(table, row, entering, name, stalled=stalled)
    message = "no weights keep the constraints"
    raise ValueError(message)


def steps(table: Dictionary) -> int:
    """Exchanges that a phase may take: many times what it needs, the number of variables."""
    return 10 * sum(table.entries.shape)


def advanced(
    table: Dictionary, line: int, entering: Names, preferred: int, *, stalled: bool
) -> bool:
    """Enter the variable that improves most; whether that gained nothing.

    After such a step the first by name is taken instead, in and out, which ends every circle
    [Bland, New finite pivoting rules for the simplex method, 1977]. ``preferred`` leaves if it can.
    """
    gains = np.abs(table.entries[line, entering])
    column = int(entering[np.argmin(table.free[entering]) if stalled else np.argmax(gains)])
    rising = np.flatnonzero(table.above(slice(0, -1), column))
    if not len(rising):
        message = "rounding leaves the search without a bound"
        raise ValueError(message)
    ties = table.tied(rising, column)
    names = table.basis[ties]
    place = np.argmin(names) if stalled else np.argmax(table.entries[ties, column])
    row = int(ties[names == preferred][0] if preferred in names else ties[place])
    gained = bool(table.above(row, -1))
    table.pivot(row, column)
    return not gained


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
    unit = 8 * (tasks + count) * EPSILON
    slack = program.rows @ found - program.bounds
    gains = program.objective - prices @ system
    room = unit * (np.abs(program.rows) @ np.abs(found) + np.abs(program.bounds))
    doubt = unit * (np.abs(program.objective) + np.abs(prices) @ np.abs(system))
    right = (found >= 0).all() and (slack >= -room)[~tight].all() and (prices[1:] <= 0).all()
    return found if right and (gains <= doubt)[~kept].all() else None
