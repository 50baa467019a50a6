"""Linear programs over the simplex: a vertex found in exact numbers, a system solved in any.

max c'b with b >= 0, sum b = 1 and Ab >= r. Where c, A or r are refinable reals, the vertex is found
for rationals near them, and is a guess: whoever asks proves it with the numbers themselves.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from flint import arb, arb_mat, fmpq

from mtl_reference.enclosure import Number, Real, Vector, enclose, real

Line = list[fmpq]

_NEAR_BITS: Final = 512  # how near the rationals are that stand for refinable numbers


def vertex(
    objective: Vector, rows: Sequence[Vector], bounds: Vector
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The tight constraints of an optimal vertex, b_i = 0 and (Ab)_j = r_j; None if there is none.

    Together with sum b = 1 they are T equations, independent for the rationals that stand for the
    program's numbers.

    >>> one, two = fmpq(1), fmpq(2)
    >>> vertex((one, two), [(one, -one)], (fmpq(0),))
    ((), (0,))
    """
    tasks, count = len(objective), len(rows)
    lines = [[*map(near, row), *_slacks(count, place)] for place, row in enumerate(rows)]
    lines.append([fmpq(1)] * tasks + [fmpq(0)] * count)
    rights = [*map(near, bounds), fmpq(1)]
    table = _Table(lines, rights)
    if table.improve([fmpq(0)] * (tasks + count) + [fmpq(-1)] * len(lines)) != 0:
        return None
    table.drop_artificial(tasks + count)
    table.improve([*map(near, objective), *[fmpq(0)] * (count + len(lines))])
    basic = set(table.basis)
    zero = tuple(task for task in range(tasks) if task not in basic)
    return zero, tuple(place for place in range(count) if tasks + place not in basic)


def solution(matrix: Sequence[Vector], right: Vector) -> tuple[Real, ...]:
    """The solution of a square system of numbers of any kind; nan balls where it is singular."""
    solved: dict[int, arb_mat] = {}
    size = len(right)

    def entry(place: int, bits: int) -> arb:
        if bits not in solved:
            balls = arb_mat([[real(number).enclosure(bits) for number in row] for row in matrix])
            column = arb_mat(size, 1, [real(number).enclosure(bits) for number in right])
            solved[bits] = balls.solve(column, nonstop=True)
        return solved[bits][place, 0]

    return tuple(Real(partial(entry, place)) for place in range(size))


def near(number: Number, bits: int = _NEAR_BITS) -> fmpq:
    """A rational as itself, any other number as a rational within a relative 2**-bits of it."""
    if isinstance(number, fmpq):
        return number
    mantissa, exponent = enclose(number, bits).mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def _slacks(count: int, place: int) -> Line:
    return [fmpq(-int(place == other)) for other in range(count)]


class _Table:
    """The table of a program in equations, x >= 0, with an artificial variable for each of them."""

    def __init__(self, lines: Sequence[Line], rights: Sequence[fmpq]) -> None:
        size, self.width = len(lines), len(lines[0])
        self.lines: list[Line] = []
        for place, (line, right) in enumerate(zip(lines, rights, strict=True)):
            sign = -1 if right < 0 else 1
            unit = [fmpq(int(place == other)) for other in range(size)]
            self.lines.append([*(sign * entry for entry in line), *unit, sign * right])
        self.basis = list(range(self.width, self.width + size))
        self.allowed = self.width + size

    def improve(self, objective: Line) -> fmpq:
        """Enter the first variable that improves until none does [Bland 1977]; the value then."""
        while True:
            priced = [objective[name] for name in self.basis]
            gains = (
                (k, objective[k] - sum(map(_times, priced, self.column(k)), fmpq(0)))
                for k in range(self.allowed)
            )
            entering = next((k for k, gain in gains if gain > 0), None)
            if entering is None:
                return sum(map(_times, priced, self.column(-1)), fmpq(0))
            rising = [i for i, line in enumerate(self.lines) if line[entering] > 0]
            self.pivot(min(rising, key=partial(self.order, entering)), entering)

    def order(self, entering: int, row: int) -> tuple[fmpq, int]:
        """How soon a basic variable meets zero, and its name for ties."""
        return self.lines[row][-1] / self.lines[row][entering], self.basis[row]

    def column(self, place: int) -> Line:
        return [line[place] for line in self.lines]

    def pivot(self, row: int, column: int) -> None:
        """Solve a row for a variable and eliminate it from the others."""
        pivot = self.lines[row][column]
        self.lines[row] = [entry / pivot for entry in self.lines[row]]
        for other, line in enumerate(self.lines):
            if other != row and line[column] != 0:
                factor = line[column]
                self.lines[other] = [
                    a - factor * b for a, b in zip(line, self.lines[row], strict=True)
                ]
        self.basis[row] = column

    def drop_artificial(self, width: int) -> None:
        """Bar the artificial variables, and exchange those that are basic at zero."""
        self.allowed = width
        for row, name in enumerate(self.basis):
            if name >= width:
                self.pivot(row, next(k for k in range(width) if self.lines[row][k] != 0))


def _times(one: fmpq, other: fmpq) -> fmpq:
    return one * other
