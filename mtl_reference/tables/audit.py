"""The audit: every derived cell of the printed tables, recomputed from the cells it follows from.

A printed cell is the interval of numbers that round to it. A derived cell is *consistent* under a
convention if the interval computed from its row meets the printed one. For each table and column
the audit says which convention explains the most cells, and which cells none explains. Findings
are about printed digits; a typing error and a hidden convention look the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from mtl_reference.tables.conventions import Convention, conventions
from mtl_reference.tables.interval import Interval, exactly, printed
from mtl_reference.tables.table import Column, Table

MOST_ITEMS = 200  # longest ranking whose granularity is tried


@dataclass(frozen=True, slots=True)
class Cell:
    """A derived cell: what is printed, and what its row leaves open under a convention."""

    row: str
    printed: str
    expected: Interval

    @property
    def consistent(self) -> bool:
        """Whether what is printed is possible."""
        return self.gap == 0

    @property
    def gap(self) -> Fraction:
        """How far the printed interval lies from the expected one; 0 where they meet."""
        found = printed(self.printed)
        return max(found.low - self.expected.high, self.expected.low - found.high, Fraction(0))


@dataclass(frozen=True, slots=True)
class Trial:
    """One convention tried on one column."""

    convention: str
    cells: tuple[Cell, ...]

    @property
    def explained(self) -> int:
        """How many cells it explains."""
        return sum(cell.consistent for cell in self.cells)

    @property
    def distance(self) -> Fraction:
        """How far all cells together lie from what it expects of them."""
        return sum((cell.gap for cell in self.cells), Fraction(0))


@dataclass(frozen=True, slots=True)
class Finding:
    """What the audit says of one column of one table.

    ``trials`` are all conventions tried, the best first. ``unexplained`` are the cells that no
    convention explains, as the best one expects them.
    """

    table: str
    column: str
    trials: tuple[Trial, ...]

    @property
    def best(self) -> Trial:
        """The convention that explains the most cells; of equals the one that comes nearest."""
        return self.trials[0]

    @property
    def unexplained(self) -> tuple[Cell, ...]:
        """Cells that no convention explains."""
        explained = {cell.row for trial in self.trials for cell in trial.cells if cell.consistent}
        return tuple(cell for cell in self.best.cells if cell.row not in explained)

    @property
    def against(self) -> tuple[Cell, ...]:
        """Cells that the best convention does not explain."""
        return tuple(cell for cell in self.best.cells if not cell.consistent)


def audit(table: Table) -> Iterator[Finding]:
    """Findings on every derived column of a table, and on its shares and distances."""
    for column in table.columns:
        tried = conventions(table, column)
        if tried and column.name not in table.unrecomputable:
            yield Finding(table.id, column.name, _best_first(table, column, tried))
    if table.of_kind("share"):
        yield Finding(table.id, "sum of shares", (_shares(table),))
    if table.of_kind("distance"):
        yield Finding(table.id, "distances", _distances(table))


def _best_first(table: Table, column: Column, tried: Mapping[str, Convention]) -> tuple[Trial, ...]:
    trials = [_trial(table, column, name, convention) for name, convention in tried.items()]
    return tuple(sorted(trials, key=lambda trial: (-trial.explained, trial.distance)))


def _trial(table: Table, column: Column, name: str, convention: Convention) -> Trial:
    cells = []
    for row in table.rows:
        cell = table.cell(row, column.name)
        expected = convention(table, row, column) if cell else None
        if expected is not None:
            cells.append(Cell(row, cell, expected))
    return Trial(name, tuple(cells))


def _shares(table: Table) -> Trial:
    """The shares of a row are a partition: together 100 per cent."""
    cells = []
    for row in table.rows:
        found = [table.value(row, column.name) for column in table.of_kind("share")]
        known = [value for value in found if value is not None]
        total = sum(known[1:], known[0])
        cells.append(Cell(row, "100", total))
    return Trial("shares of a row sum to 100", tuple(cells))


def _distances(table: Table) -> tuple[Trial, ...]:
    """Distances of rankings of n items are even multiples of 1/n, at most floor(n^2/2)/n.

    Each |p(l) - q(l)| has the parity of p(l) - q(l), and these sum to 0, so the sum is even. The
    number of layers of the network is tried first, then every number of items.
    """
    sizes = (table.layers, *range(2, MOST_ITEMS + 1))
    trials = [_granular(table, items) for items in sizes if items]
    explaining = [trial for trial in trials[1:] if trial.explained == len(trial.cells)]
    return (trials[0], *explaining[:1])


def _granular(table: Table, items: int) -> Trial:
    cells = []
    for column in table.of_kind("distance"):
        for row in table.rows:
            cell = table.cell(row, column.name)
            if cell:
                name = f"{row}, {column.name}"
                cells.append(Cell(name, cell, _nearest(printed(cell), items)))
    return Trial(f"even multiples of 1/{items}", tuple(cells))


def _nearest(wanted: Interval, items: int) -> Interval:
    """The possible distance next to the middle of what is printed."""
    middle = (wanted.low + wanted.high) / 2
    step = Fraction(2, items)
    most = Fraction(items * items // 2, items)
    return exactly(min(max(round(middle / step) * step, Fraction(0)), most))
