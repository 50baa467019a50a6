"""Why an UPGrad answer is right: the mean of projections found another way, by pivoting.

The method guesses the active rows of each projection and proves the guess. Here each projection
is led to along the edges of its linear complementarity problem, Ku + m >= 0, u >= 0, u'(Ku + m) = 0
[C. E. Lemke, Bimatrix equilibrium points and mathematical programming, 1965], in exact numbers
and with a lexicographic choice, which ends for every positive semidefinite K. Of the answer is
asked that it be the mean of these projections; and, which needs no projection, that it conflict
with no row, and that its weights be at least 1/T each and give it.
"""

from collections.abc import Iterator
from typing import cast

from flint import fmpq, fmpq_mat

from mtl_reference.certificates.mgda import combined
from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import difference, inner, products
from mtl_reference.rational import Jacobian, RationalVector, root_above

Row = list[fmpq]


def certificate(jacobian: Jacobian, outputs: Outputs) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    gramian, share = jacobian.gramian(), fmpq(1, jacobian.tasks)
    weights = cast("Vector | None", outputs.get("weights"))
    direction = cast("Vector | None", outputs.get("direction"))
    for task, weight in enumerate(weights or ()):
        name = f"the weight of task {task} is at least that of the mean"
        yield Residual(name, Relation.NONNEGATIVE, weight - share, {"weights": fmpq(1)})
    if direction is None:
        return
    sides = products(jacobian, direction)
    for task, side in enumerate(sides):
        slopes = {"direction": root_above(gramian[task, task])}
        name = f"the direction does not conflict with task {task}"
        yield Residual(name, Relation.NONNEGATIVE, side, slopes)
    if weights is not None:
        yield combined(gramian, sides, inner(direction, direction), weights)
    gap = difference(direction, jacobian.combine(_mean_of_projections(gramian)))
    name = "the direction is the mean of the projections"
    yield Residual(name, Relation.ZERO, inner(gap, gap), {}, {"direction": fmpq(1)})


def _mean_of_projections(gramian: fmpq_mat) -> RationalVector:
    """Weights (T,) of the mean of the rows' projections on their cone."""
    tasks = gramian.nrows()
    found = [complement(gramian, [gramian[i, t] for i in range(tasks)]) for t in range(tasks)]
    return tuple((1 + sum(column, fmpq(0))) / tasks for column in zip(*found, strict=True))


def complement(matrix: fmpq_mat, offsets: RationalVector) -> RationalVector:
    """The u >= 0 with Ku + m >= 0 and u'(Ku + m) = 0, for K (T, T) and m (T,), by Lemke's path.

    >>> complement(fmpq_mat([[1, -1], [-1, 2]]), (fmpq(1), fmpq(-1)))
    (0, 1/2)
    """
    size = len(offsets)
    cover, basis = 2 * size, list(range(size))
    table = [_line(matrix, offsets, row) for row in range(size)]
    row = min(range(size), key=lambda k: _order(table[k], fmpq(1)))
    entering = cover
    if offsets[row] >= 0:
        return (fmpq(0),) * size
    while True:
        _pivot(table, row, entering)
        leaving, basis[row] = basis[row], entering
        if leaving == cover:
            values = {name: line[-1] for name, line in zip(basis, table, strict=True)}
            return tuple(values.get(size + k, fmpq(0)) for k in range(size))
        entering = leaving + size if leaving < size else leaving - size
        rising = [k for k in range(size) if table[k][entering] > 0]
        row = min(rising, key=lambda k: _order(table[k], table[k][entering]))


def _line(matrix: fmpq_mat, offsets: RationalVector, row: int) -> Row:
    """A row of slack - Ku - cover = m: slacks, multipliers, the artificial variable, the right."""
    size = len(offsets)
    slacks = [fmpq(int(row == other)) for other in range(size)]
    return [*slacks, *(-matrix[row, k] for k in range(size)), fmpq(-1), offsets[row]]


def _order(line: Row, pivot: fmpq) -> list[fmpq]:
    """The lexicographic key of a row of the table: right side, then slacks, over the pivot."""
    size = (len(line) - 2) // 2
    return [line[-1] / pivot, *(line[k] / pivot for k in range(size))]


def _pivot(table: list[Row], row: int, column: int) -> None:
    """Solve the row for the column's variable and eliminate it from the others."""
    pivot = table[row][column]
    table[row] = [entry / pivot for entry in table[row]]
    for other, line in enumerate(table):
        if other != row and line[column] != 0:
            factor = line[column]
            table[other] = [a - factor * b for a, b in zip(line, table[row], strict=True)]
