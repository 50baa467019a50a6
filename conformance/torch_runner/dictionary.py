"""The dictionary of the simplex method, in float64 with doubts or exactly in whole numbers.

A dictionary gives each basic variable and the objective as ``constant - entries @ free``: a weight
t_k, the slack of a row, the rest of the shares (0 where the program is kept), or the help of the
first phase (what every slack is short of at the start).

In float64 the sum of the sizes of the terms that an entry was made of stands beside it, and an
entry is taken for zero if it is no larger than what rounding may have left of those terms. In whole
numbers all entries have one denominator
[Edmonds, Systems of distinct representatives and linear algebra, 1967].
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from conformance.torch_runner.shapes import Matrix

EPSILON = float(np.finfo(np.float64).eps)

LASTING = 10
"""Exchanges after which the entries in float64 are made anew: sizes double with each, or so."""

Numbers = NDArray[Any]  # float64, or whole numbers
Names = NDArray[np.int64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Program:
    """Maximise objective't over t >= 0 with shares't = 1 and rows t >= bounds."""

    objective: Matrix
    rows: Matrix
    bounds: Matrix
    shares: Matrix

    @property
    def slacks(self) -> int:
        """The name of the first slack; weights are named before it, the two helpers after all."""
        return len(self.objective)

    @property
    def shared(self) -> int:
        """The name of the rest of the shares, and one below the name of the first phase's help."""
        return len(self.objective) + len(self.rows)

    def table(self) -> Matrix:
        """The dictionary with every weight free: slacks, the shares, the objective last; (m, n)."""
        count, tasks = self.rows.shape
        entries = np.zeros((count + 2, tasks + 2))
        entries[:count, :tasks], entries[:count, tasks] = -self.rows, -1.0
        entries[count, :tasks], entries[count + 1, :tasks] = self.shares, -self.objective
        entries[:count, -1], entries[count, -1] = -self.bounds, 1.0
        return entries


class Dictionary(ABC):
    """Basic variables by the free ones; the objective is the last row, constants the last column.

    ``basis`` and ``free`` name the variables of the rows and of the columns.
    """

    def __init__(self, program: Program, entries: Numbers) -> None:
        count, tasks = program.rows.shape
        self.entries = entries
        self.basis: Names = np.arange(tasks, tasks + count + 1)
        self.free: Names = np.append(np.arange(tasks), program.shared + 1)

    def pivot(self, row: int, column: int) -> None:
        """Exchange a basic variable with a free one."""
        self.exchange(row, column)
        basis, free = self.basis, self.free
        basis[row], free[column] = free[column], basis[row]

    @abstractmethod
    def exchange(self, row: int, column: int) -> None:
        """Solve the row for the free variable and put it into the others, in place."""

    @abstractmethod
    def above(self, row: int | slice, column: int | slice) -> Truths:
        """Whether entries are larger than zero beyond what rounding may have left."""

    @abstractmethod
    def below(self, row: int | slice, column: int | slice) -> Truths:
        """Whether entries are smaller than zero beyond what rounding may have left."""

    def forget(self, name: int) -> None:
        """Leave out a free variable, which stays 0 from now on."""
        kept = self.free != name
        self.entries = self.entries[:, np.append(kept, [True])]
        self.free = self.free[kept]

    @abstractmethod
    def ratio(self, row: int, column: int) -> Any:  # noqa: ANN401  (a float or a fraction)
        """The constant of a row by its entry in a column."""

    @abstractmethod
    def tied(self, rows: Names, column: int) -> Names:
        """Those of the rows that first bound the free variable of a column from above."""


@final
class Floats(Dictionary):
    """The dictionary in float64, with the sizes of what its entries were made of."""

    def __init__(self, program: Program) -> None:
        super().__init__(program, program.table())
        self.program, self.age = program, 0
        self.sizes = np.abs(self.entries)
        self.unit = len(self.entries) * EPSILON

    def pivot(self, row: int, column: int) -> None:
        """Exchange, and make the entries anew from time to time."""
        super().pivot(row, column)
        self.age += 1
        if self.age == LASTING:
            self.renew()

    def renew(self) -> None:
        """Make the entries anew from the program, so that errors and sizes do not pile up.

        LinAlgError where rounding has made a basis of what is none.
        """
        start = self.program.table()
        count = len(start) - 1
        names = [*range(self.program.slacks), self.program.shared + 1, *range(self.program.slacks,
                 self.program.shared + 1)]  # fmt: skip
        places = np.argsort(names)
        system = np.hstack((start[:, :-1], np.eye(count + 1, count)))
        basic, free = system[:, places[self.basis]], system[:, places[self.free]]
        inverse = np.linalg.inv(basic[:-1])
        right = np.hstack((free, start[:, -1:]))
        solved, sizes = inverse @ right[:-1], np.abs(inverse) @ np.abs(right[:-1])
        self.entries = np.vstack((solved, right[-1] - basic[-1] @ solved))
        self.sizes = np.vstack((sizes, np.abs(right[-1]) + np.abs(basic[-1]) @ sizes))
        self.age = 0

    def exchange(self, row: int, column: int) -> None:
        """Solve and put in, the sizes of the terms beside them."""
        entries, sizes = self.entries, self.sizes
        divisor = entries[row, column]
        factors = entries[:, column] / divisor
        line, length = entries[row].copy(), sizes[row].copy()
        entries -= factors[:, None] * line
        sizes += np.abs(factors)[:, None] * length
        entries[row], sizes[row] = line / divisor, length / abs(divisor)
        entries[:, column] = -factors
        entries[row, column] = 1 / divisor
        sizes[:, column] = np.abs(entries[:, column])

    def above(self, row: int | slice, column: int | slice) -> Truths:
        """Whether entries are larger than their noise."""
        found: Truths = self.entries[row, column] > self.unit * self.sizes[row, column]
        return found

    def below(self, row: int | slice, column: int | slice) -> Truths:
        """Whether entries are smaller than minus their noise."""
        found: Truths = self.entries[row, column] < -self.unit * self.sizes[row, column]
        return found

    def forget(self, name: int) -> None:
        """Leave out a free variable and its sizes."""
        self.sizes = self.sizes[:, np.append(self.free != name, [True])]
        super().forget(name)

    def ratio(self, row: int, column: int) -> float:
        """The constant of a row by its entry in a column."""
        return float(self.entries[row, -1] / self.entries[row, column])

    def tied(self, rows: Names, column: int) -> Names:
        """The rows whose bounds cannot be told from the least one."""
        steps = self.entries[rows, column]
        ratios = self.entries[rows, -1] / steps
        doubt = self.unit * self.sizes[rows, -1] / steps
        found: Names = rows[ratios - doubt <= (ratios + doubt).min()]
        return found


@final
class Integers(Dictionary):
    """The dictionary exactly: whole numbers over one denominator above zero."""

    def __init__(self, program: Program) -> None:
        super().__init__(program, np.array([whole(line) for line in program.table()], dtype=object))
        self.divisor = 1

    def exchange(self, row: int, column: int) -> None:
        """Solve and put in: every division by the old denominator leaves no rest."""
        entries, divisor = self.entries, self.entries[row, column]
        line, factors = entries[row].copy(), entries[:, column].copy()
        entries[:] = (entries * divisor - factors[:, None] * line) // self.divisor
        entries[row], entries[:, column] = line, -factors
        entries[row, column], self.divisor = self.divisor, divisor
        if divisor < 0:
            entries *= -1
            self.divisor = -divisor

    def above(self, row: int | slice, column: int | slice) -> Truths:
        """Whether entries are larger than zero."""
        found: Truths = np.asarray(self.entries[row, column] > 0, dtype=np.bool_)
        return found

    def below(self, row: int | slice, column: int | slice) -> Truths:
        """Whether entries are smaller than zero."""
        found: Truths = np.asarray(self.entries[row, column] < 0, dtype=np.bool_)
        return found

    def ratio(self, row: int, column: int) -> Fraction:
        """The constant of a row by its entry in a column."""
        return Fraction(self.entries[row, -1], self.entries[row, column])

    def tied(self, rows: Names, column: int) -> Names:
        """The rows whose bounds are the least one."""
        ratios = [self.ratio(row, column) for row in rows]
        least = min(ratios)
        return rows[[ratio == least for ratio in ratios]]


def whole(line: Matrix) -> list[int]:
    """A row of floats in the coarsest unit, a power of two, in which all are whole numbers."""
    pairs = [float(each).as_integer_ratio() for each in line]
    unit = max(denominator for _, denominator in pairs)
    return [numerator * (unit // denominator) for numerator, denominator in pairs]
