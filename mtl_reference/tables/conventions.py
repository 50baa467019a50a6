"""What a derived cell should say, under each convention that the field uses.

A convention is a function of a table, a row and a column that gives the interval of values that
the row's own printed cells leave open; ZeroDivisionError or None where they leave everything open.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

from mtl_reference.tables.interval import Interval, exactly, mean
from mtl_reference.tables.table import Column, Table

Convention = Callable[[Table, str, Column], Interval | None]
HUNDRED = exactly(100)


def gain(table: Table, row: str, column: Column) -> Interval | None:
    """Relative gain on the baseline in one criterion, in per cent; None where a cell is blank."""
    value, base = table.value(row, column.name), table.value(table.baseline, column.name)
    if value is None or base is None:
        return None
    rise = (value / base - exactly(1)).times(100)
    return rise if column.direction == "higher" else -rise


def flat_gain(table: Table, row: str, column: Column) -> Interval | None:
    """Δm as the mean over all criteria (CAGrad, GradOPS), as a gain."""
    del column
    gains = [gain(table, row, criterion) for criterion in table.of_kind("criterion")]
    known = [each for each in gains if each is not None]
    return mean(known) if len(known) == len(gains) else None


def grouped_gain(table: Table, row: str, column: Column) -> Interval | None:
    """Δm as the mean over tasks of the mean over the task's criteria (Recon), as a gain."""
    del column
    tasks: dict[str, list[Interval]] = {}
    for criterion in table.of_kind("criterion"):
        found = gain(table, row, criterion)
        if found is None:
            return None
        tasks.setdefault(criterion.task, []).append(found)
    return mean([mean(gains) for gains in tasks.values()])


def opposite(convention: Convention) -> Convention:
    """The same with the other sign."""

    def turned(table: Table, row: str, column: Column) -> Interval | None:
        found = convention(table, row, column)
        return None if found is None else -found

    return turned


def average(table: Table, row: str, column: Column) -> Interval | None:
    """Mean of the row's criteria."""
    del column
    cells = [table.value(row, criterion.name) for criterion in table.of_kind("criterion")]
    known = [cell for cell in cells if cell is not None]
    return mean(known) if len(known) == len(cells) else None


def difference(reference: str = "") -> Convention:
    """The cell less that of the row it is compared with, or the other way where drops are told.

    ``reference`` is the column in which the other row is read, if it is not the same.
    """

    def apart(table: Table, row: str, column: Column) -> Interval | None:
        against = table.against.get(row, row)
        value, other = table.value(row, column.of), table.value(against, reference or column.of)
        if value is None or other is None:
            return None
        if against == row:
            return exactly(0)
        return other - value if table.drop else value - other

    return apart


def differences(table: Table, column: Column) -> dict[str, Convention]:
    """The difference in the column itself, and against each other criterion (a slip of column)."""
    others = [other.name for other in table.of_kind("criterion") if other.name != column.of]
    return {f"difference in {column.of}": difference()} | {
        f"difference to {name}": difference(name) for name in others
    }


def reduction(table: Table, row: str, column: Column) -> Interval | None:
    """100 (J - M) / J, with J and M the shares from the column's first interval on."""
    names = [share.name for share in table.of_kind("share")]
    counted = names[names.index(column.first) :]
    mine = [table.value(row, name) for name in counted]
    base = [table.value(table.baseline, name) for name in counted]
    known = [cell for cell in (*mine, *base) if cell is not None]
    if len(known) < 2 * len(counted):
        return None
    masses = known[: len(counted)], known[len(counted) :]
    mass, joint = (sum(cells[1:], cells[0]) for cells in masses)
    return (exactly(1) - mass / joint).times(100)


# Ranks -----------------------------------------------------------------------------------------


def _standing(table: Table, row: str, column: Column, rows: tuple[str, ...]) -> tuple[int, int]:
    """How many of the rows are better, and how many print the same (the row itself too)."""
    sign = -1 if column.direction == "higher" else 1
    mine = sign * Fraction(table.cell(row, column.name))
    others = [sign * Fraction(table.cell(other, column.name)) for other in rows]
    return sum(other < mine for other in others), sum(other == mine for other in others)


def _dense(table: Table, row: str, column: Column, rows: tuple[str, ...]) -> Fraction:
    sign = -1 if column.direction == "higher" else 1
    mine = sign * Fraction(table.cell(row, column.name))
    better = {sign * Fraction(table.cell(other, column.name)) for other in rows}
    return Fraction(1 + sum(value < mine for value in better))


def _ordinal(table: Table, row: str, column: Column, rows: tuple[str, ...]) -> Fraction:
    """Ties in the order of the rows."""
    better, _ = _standing(table, row, column, rows)
    before = rows[: rows.index(row)]
    mine = Fraction(table.cell(row, column.name))
    return Fraction(
        1 + better + sum(Fraction(table.cell(other, column.name)) == mine for other in before)
    )


def _minimum(table: Table, row: str, column: Column, rows: tuple[str, ...]) -> Fraction:
    return Fraction(1 + _standing(table, row, column, rows)[0])


def _maximum(table: Table, row: str, column: Column, rows: tuple[str, ...]) -> Fraction:
    return Fraction(sum(_standing(table, row, column, rows)))


def _middle(table: Table, row: str, column: Column, rows: tuple[str, ...]) -> Fraction:
    better, tied = _standing(table, row, column, rows)
    return better + Fraction(tied + 1, 2)


TIES: Mapping[str, Callable[[Table, str, Column, tuple[str, ...]], Fraction]] = MappingProxyType({
    "ordinal": _ordinal, "min": _minimum, "average": _middle, "max": _maximum, "dense": _dense,
})  # fmt: skip


def mean_rank(ties: str, *, baseline: bool) -> Convention:
    """The rank among the rows, averaged over the criteria; with or without the baseline row."""

    def ranked(table: Table, row: str, column: Column) -> Interval | None:
        del column
        if row == table.baseline and not baseline:
            return None
        rows = tuple(name for name in table.rows if baseline or name != table.baseline)
        criteria = table.of_kind("criterion")
        ranks = [TIES[ties](table, row, criterion, rows) for criterion in criteria]
        return exactly(sum(ranks, Fraction(0)) / len(ranks))

    return ranked


def hidden_rank(table: Table, row: str, column: Column) -> Interval | None:
    """The mean rank with ties broken by digits that are not printed: from min to max."""
    low = mean_rank("min", baseline=True)(table, row, column)
    high = mean_rank("max", baseline=True)(table, row, column)
    return None if low is None or high is None else Interval(low.low, high.high)


def _ranks() -> dict[str, Convention]:
    among = {"all rows": True, "all rows but the baseline": False}
    found = {
        f"ties {ties}, among {words}": mean_rank(ties, baseline=baseline)
        for words, baseline in among.items()
        for ties in TIES
    }
    return found | {"ties broken by digits that are not printed, among all rows": hidden_rank}


CONVENTIONS: Mapping[str, Mapping[str, Convention]] = MappingProxyType({
    "delta_m": {
        "flat, as a drop": opposite(flat_gain), "flat, as a gain": flat_gain,
        "grouped by task, as a drop": opposite(grouped_gain),
        "grouped by task, as a gain": grouped_gain,
    },
    "average": {"mean of the criteria": average},
    "reduction": {"100 (J - M) / J": reduction},
    "mean_rank": _ranks(),
})  # fmt: skip


def conventions(table: Table, column: Column) -> Mapping[str, Convention]:
    """The conventions to try on a column, by what they are called; none for a measured one."""
    if column.kind == "difference":
        return differences(table, column)
    return CONVENTIONS.get(column.kind, {})
