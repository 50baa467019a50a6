"""The audit of printed tables."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from mtl_reference.tables import TABLES, Finding, Table, audit, remarks
from mtl_reference.tables.conventions import (
    flat_gain,
    grouped_gain,
    mean_rank,
    reduction,
)
from mtl_reference.tables.interval import exactly
from mtl_reference.tables.table import Column


def found(table: Table, column: str) -> Finding:
    """The finding on one column."""
    return next(finding for finding in audit(table) if finding.column == column)


def changed(table: Table, row: str, column: str, cell: str) -> Table:
    """The table with another cell."""
    place = table.columns.index(table.column(column))
    cells = list(table.rows[row])
    cells[place] = cell
    return replace(table, rows={**table.rows, row: tuple(cells)})


DERIVED = [
    ("gradops-1", "MR", "GradOPS(α=-3)", "1.67"),
    ("gradops-1", "Average", "PCGrad", "0.9367"),
    ("cagrad-1", "Δm%", "CAGrad", "-0.20"),
    ("gradops-4", "Average difference", "GradOPS(α=-3)", "0.0027"),
    ("recon-4", "Δm%", "MGDA", "-7.72"),
    ("recon-6", "Reduction (%)", "MGDA", "8.40"),
    ("recon-7", "CAGrad Task 1 Acc PD", "w/ RSL seed 0", "0.75"),
]


@pytest.mark.parametrize(("table", "column", "row", "wrong"), DERIVED)
def test_a_wrong_digit_is_found(table: str, column: str, row: str, wrong: str) -> None:
    """A derived cell that is off by a little more than rounding is found, and only that one."""
    assert not found(TABLES[table], column).unexplained
    slipped = found(changed(TABLES[table], row, column, wrong), column)
    assert [cell.row for cell in slipped.against] == [row]


def test_the_convention_of_each_delta_m_is_told() -> None:
    """CAGrad and GradOPS print a flat drop, Recon a gain grouped by task."""
    told = {name: found(TABLES[name], "Δm%").best.convention for name in ("cagrad-1", "recon-4")}
    assert told == {"cagrad-1": "flat, as a drop", "recon-4": "grouped by task, as a gain"}


def test_ties_are_ranked_in_row_order() -> None:
    """GradOPS's mean ranks are ordinal: nothing else explains all cells of Table 1."""
    trials = found(TABLES["gradops-1"], "MR").trials
    whole = [trial.convention for trial in trials if trial.explained == len(trial.cells)]
    assert whole[0] == "ties ordinal, among all rows"
    assert not any("ties min" in name or "ties average" in name for name in whole)


def test_what_no_convention_explains_stays_open() -> None:
    """Recon's Table 5 prints a Δm that no convention gives from its own rows."""
    finding = found(TABLES["recon-5"], "Δm%")
    assert len(finding.unexplained) == len(TABLES["recon-5"].rows) - 1


def test_a_slip_of_column_is_named() -> None:
    """Recon's Table 11 takes PCGrad's drops from CAGrad's accuracy."""
    best = found(TABLES["recon-11"], "PCGrad Task 1 Acc PD").best
    assert best.convention == "difference to CAGrad Task 1 Acc"


def test_shares_that_do_not_sum_are_found() -> None:
    """Two columns of Recon's Table 10 sum to 95.8."""
    rows = [cell.row for cell in found(TABLES["recon-10"], "sum of shares").unexplained]
    assert rows == ["Joint-train w/ RSL", "Joint-train w/ RSP"]


def test_distances_have_a_grain() -> None:
    """Distances of rankings of 41 layers are even multiples of 1/41: 0.82 is none, 0.83 is."""
    finding = found(TABLES["recon-12"], "distances")
    assert "All Iter., 3rd 25% Iter." in {cell.row for cell in finding.against}
    mended = changed(TABLES["recon-12"], "All Iter.", "3rd 25% Iter.", "0.83")
    assert "All Iter., 3rd 25% Iter." not in {c.row for c in found(mended, "distances").against}


SMALL = Table(
    "x-1", "X", 1, "c", "b",
    (Column("a", "criterion", "higher", "s"), Column("b", "criterion", "higher", "s"),
     Column("c", "criterion", "lower", "t"), Column("r", "mean_rank")),
    {"base": ("2", "4", "8", ""), "one": ("3", "4", "6", ""), "two": ("3", "2", "8", "")},
    baseline="base",
)  # fmt: skip


def test_delta_m_by_hand() -> None:
    """Gains of 50, 0 and 25 per cent: 25 flat, and also 25 grouped; 50, -50, 0 give 0."""
    middle = {
        name: [
            (each.low + each.high) / 2
            for row in ("one", "two")
            if (each := convention(_exact(SMALL), row, SMALL.columns[0])) is not None
        ]
        for name, convention in (("flat", flat_gain), ("grouped", grouped_gain))
    }
    assert middle == {"flat": [25, 0], "grouped": [25, 0]}


def _exact(table: Table) -> Table:
    """The table with so many zeros behind the point that its cells are all but exact."""
    rows = {name: tuple(f"{cell}.{'0' * 30}" if cell else "" for cell in cells)
            for name, cells in table.rows.items()}  # fmt: skip
    return _Rounded(**{name: getattr(table, name) for name in Table.__slots__} | {"rows": rows})


class _Rounded(Table):
    """A table whose cells stand for one number each."""

    def value(self, row: str, column: str) -> object:  # type: ignore[override]
        """The number printed."""
        cell = self.cell(row, column)
        return exactly(Fraction(cell)) if cell else None


RANKS: Mapping[str, tuple[Fraction, Fraction, Fraction]] = {
    "min": (Fraction(2), Fraction(1), Fraction(2)),
    "max": (Fraction(8, 3), Fraction(5, 3), Fraction(8, 3)),
    "average": (Fraction(7, 3), Fraction(4, 3), Fraction(7, 3)),
    "dense": (Fraction(5, 3), Fraction(1), Fraction(5, 3)),
    "ordinal": (Fraction(2), Fraction(4, 3), Fraction(8, 3)),
}


@pytest.mark.parametrize("ties", RANKS)
def test_mean_ranks_by_hand(ties: str) -> None:
    """Three rows, three criteria, a tie in each."""
    ranks = tuple(
        each.low
        for row in SMALL.rows
        if (each := mean_rank(ties, baseline=True)(SMALL, row, SMALL.columns[3])) is not None
    )
    assert ranks == RANKS[ties]


def test_reduction_by_hand() -> None:
    """From a share of 10 to one of 4 is a reduction of 60 per cent."""
    columns = (Column("in", "share"), Column("out", "share"), Column("R", "reduction", first="out"))
    rows = {"J": ("90", "10", ""), "M": ("96", "4", "60")}
    table = _exact(Table("x-2", "X", 2, "c", "b", columns, rows, baseline="J"))
    assert reduction(table, "M", columns[2]) == exactly(60)


def test_statements_that_a_table_contradicts_are_told() -> None:
    """The five sentences that the printed cells contradict, and no other."""
    wrong = {(remark.paper.split(" ")[0], remark.place) for remark in remarks() if not remark.holds}
    assert wrong == {("CAGrad", "section 5.4"), ("Recon", "section 5.2"), ("Recon", "section 5.3"),
                     ("Recon", "appendix C")}  # fmt: skip
