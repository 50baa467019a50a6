"""A printed table of a paper as data: the cells as they are printed, so that digits count."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType
from typing import Any

from mtl_reference.tables.interval import Interval, printed

KINDS = (
    "criterion", "delta_m", "average", "mean_rank", "difference", "share", "reduction", "distance",
    "size", "relative_size", "error",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column: a measured ``criterion`` of a task, or a figure that follows from others.

    ``direction`` is "higher" or "lower", whichever is better; ``of`` names the column that a
    difference or an error belongs to; ``sense`` says whether Δm is printed as a drop or a gain;
    ``first`` names the first interval that a reduction counts.
    """

    name: str
    kind: str
    direction: str = ""
    task: str = ""
    of: str = ""
    sense: str = ""
    first: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows by name, each with one cell (text, empty where nothing is printed) a column.

    ``baseline`` is the row that Δm and reductions refer to, ``against`` the row that each row's
    differences refer to, and ``drop`` whether they are printed as losses.
    """

    id: str
    paper: str
    number: int
    caption: str
    benchmark: str
    columns: tuple[Column, ...]
    rows: Mapping[str, tuple[str, ...]]
    baseline: str = ""
    against: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    layers: int = 0
    note: str = ""
    unrecomputable: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column of a name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        message = f"table {self.id} has no column {name!r}"
        raise KeyError(message)

    def cell(self, row: str, column: str) -> str:
        """What is printed in a row under a column; empty where nothing is."""
        return self.rows[row][self.columns.index(self.column(column))]

    def value(self, row: str, column: str) -> Interval | None:
        """The numbers that a cell may stand for; None where nothing is printed."""
        cell = self.cell(row, column)
        return printed(cell) if cell else None

    def of_kind(self, kind: str) -> tuple[Column, ...]:
        """The columns of one kind, in their order."""
        return tuple(column for column in self.columns if column.kind == kind)


def read(text: str) -> Table:
    """A table from its TOML; ValueError names what is not as it must be."""
    data = tomllib.loads(text)
    columns = tuple(Column(**column) for column in data.pop("columns"))
    rows = {name: tuple(cells) for name, *cells in data.pop("rows")}
    unrecomputable = tuple(data.pop("unrecomputable", ()))
    table = Table(columns=columns, rows=rows, unrecomputable=unrecomputable, **data)
    for complaint in _complaints(table):
        message = f"table {table.id}: {complaint}"
        raise ValueError(message)
    return table


def _complaints(table: Table) -> Iterator[str]:
    names = {column.name for column in table.columns}
    for column in table.columns:
        if column.kind not in KINDS:
            yield f"the kind of {column.name} must be one of {', '.join(KINDS)} ({column.kind})"
        if column.of and column.of not in names:
            yield f"{column.name} refers to no column {column.of!r}"
    for name, cells in table.rows.items():
        if len(cells) != len(table.columns):
            yield f"row {name!r} must have {len(table.columns)} cells (got {len(cells)})"
        for cell in filter(None, cells):
            printed(cell)
    for row in (table.baseline, *table.against, *table.against.values()):
        if row and row not in table.rows:
            yield f"there is no row {row!r}"


def _order(table: Table) -> tuple[str, int]:
    return table.paper, table.number


def _all() -> Mapping[str, Table]:
    files: list[Any] = [
        file for file in resources.files(__package__).iterdir() if file.name.endswith(".toml")
    ]
    tables = [read(file.read_text("utf-8")) for file in files if file.name != "sayings.toml"]
    return MappingProxyType({table.id: table for table in sorted(tables, key=_order)})


TABLES: Mapping[str, Table] = _all()
