"""What the texts and other tables say of a table, held against its printed cells."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import resources
from itertools import combinations
from types import MappingProxyType
from typing import Any

from mtl_reference.recon import megabytes
from mtl_reference.tables.interval import Interval, exactly, printed
from mtl_reference.tables.table import TABLES, Table

LOWER = frozenset({"mean_rank"})  # derived columns in which less is better


@dataclass(frozen=True, slots=True)
class Remark:
    """A statement and what the printed cells make of it: ``holds``, and the arithmetic."""

    paper: str
    place: str
    says: str
    holds: bool
    arithmetic: str


def remarks() -> Iterator[Remark]:
    """Every statement of the texts that a table can confirm or contradict."""
    for saying in _data()["saying"]:
        holds, arithmetic = JUDGES[saying["kind"]](saying)
        yield Remark(saying["paper"], saying["place"], saying["says"], holds, arithmetic)


def echoes() -> Iterator[Remark]:
    """Measurements printed twice: in two tables of one benchmark, or by another name."""
    pairs = list(_same_names()) + list(_data()["pair"])
    for pair in pairs:
        (one, row), (two, other) = pair["first"], pair["second"]
        columns = pair.get("columns") or _shared(TABLES[one], TABLES[two])
        cells = [
            (left, TABLES[one].cell(row, left), TABLES[two].cell(other, right))
            for left, right in columns
        ]
        both = [(name, a, b) for name, a, b in cells if a and b]
        apart = [f"{name}: {a} and {b}" for name, a, b in both if not printed(a).meets(printed(b))]
        says = f"{row} in {one} is {other} in {two}"
        arithmetic = "; ".join(apart) if apart else f"{len(both)} cells agree"
        yield Remark(TABLES[one].paper, f"{one}, {two}", says, not apart, arithmetic)


def sizes() -> Iterator[Remark]:
    """Printed model sizes in MB against those that follow from the number of parameters."""
    for entry in _data()["size"]:
        table = TABLES[entry["table"]]
        column = table.of_kind("size")[0].name
        exact = megabytes(entry["parameters"])
        size = Fraction(int(exact.p), int(exact.q))
        cell = table.cell(entry["row"], column)
        says = f"{entry['row']} is {entry['network']}"
        arithmetic = f"{entry['parameters']} parameters are {float(size):.4f} MB, printed {cell}"
        holds = exactly(size).meets(printed(cell))
        yield Remark(table.paper, table.id, says, holds, arithmetic)


def _data() -> Mapping[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("sayings.toml").read_text("utf-8"))


def _same_names() -> Iterator[Mapping[str, Any]]:
    """Rows of one name in two tables of one paper and one benchmark."""
    for one, two in combinations(TABLES.values(), 2):
        if (one.paper, one.benchmark) == (two.paper, two.benchmark) and _shared(one, two):
            for row in one.rows:
                if row in two.rows:
                    yield {"first": (one.id, row), "second": (two.id, row)}


def _shared(one: Table, two: Table) -> list[tuple[str, str]]:
    names = {column.name for column in two.columns if column.kind not in {"share", "distance"}}
    return [(column.name, column.name) for column in one.columns if column.name in names]


# The kinds of statement ------------------------------------------------------------------------


def _worth(table: Table, row: str, column: str) -> Fraction:
    """A printed cell, the more the better."""
    facts = table.column(column)
    lower = facts.direction == "lower" or facts.kind in LOWER or facts.sense == "drop"
    return Fraction(table.cell(row, column)) * (-1 if lower else 1)


def _best(saying: Mapping[str, Any]) -> tuple[bool, str]:
    table, row = TABLES[saying["table"]], saying["row"]
    rivals = [name for name in table.rows if name != row and name not in saying.get("except", ())]
    beaten = [
        f"{column}: {table.cell(rival, column)} of {rival} against {table.cell(row, column)}"
        for column in saying["columns"]
        for rival in rivals
        if _worth(table, rival, column) > _worth(table, row, column)
    ]
    return not beaten, "; ".join(beaten) or f"no other row is better of {len(rivals)}"


def _above(saying: Mapping[str, Any]) -> tuple[bool, str]:
    table, than = TABLES[saying["table"]], saying["than"]
    short = [
        f"{column}: {table.cell(row, column)} of {row} against {table.cell(than, column)}"
        for column in saying["columns"]
        for row in saying["rows"]
        if _worth(table, row, column) <= _worth(table, than, column)
    ]
    return not short, "; ".join(short) or f"so in {len(saying['rows'])} rows"


def _below(saying: Mapping[str, Any]) -> tuple[bool, str]:
    table = TABLES[saying["table"]]
    cells = [cell for row in table.rows.values() for cell in row if cell]
    largest = max(cells, key=Fraction)
    return Fraction(largest) < Fraction(saying["bound"]), f"the largest is {largest}"


def _within(saying: Mapping[str, Any]) -> tuple[bool, str]:
    table = TABLES[saying["table"]]
    cells = sorted((table.cell(row, saying["column"]) for row in saying["rows"]), key=Fraction)
    low, high = printed(saying["low"]), printed(saying["high"])
    holds = printed(cells[0]).meets(low) and printed(cells[-1]).meets(high)
    return holds, f"they run from {cells[0]} to {cells[-1]}"


def _growth(saying: Mapping[str, Any]) -> tuple[bool, str]:
    found = [_grown(*pair) for pair in saying["pairs"]]
    least, most = min(found, key=_middle), max(found, key=_middle)
    holds = least.meets(printed(saying["low"])) and most.meets(printed(saying["high"]))
    return holds, f"the least growth is in {least}, the most in {most}"


def _grown(table: str, before: str, after: str) -> Interval:
    first, second = _size(TABLES[table], before), _size(TABLES[table], after)
    return (second / first - exactly(1)).times(100)


def _size(table: Table, row: str) -> Interval:
    found = table.value(row, table.of_kind("size")[0].name)
    if found is None:
        message = f"table {table.id} prints no size of {row}"
        raise ValueError(message)
    return found


def _middle(interval: Interval) -> Fraction:
    return interval.low + interval.high


def _turned(saying: Mapping[str, Any]) -> tuple[bool, str]:
    """What was added is T - 1 copies; shared parameters are at most all of the joint network's."""
    table = TABLES[saying["table"]]
    grown = _grown(table.id, "Joint-train", "Joint-train w/ Recon")
    least = grown.times(Fraction(1, saying["tasks"] - 1))
    holds = printed(saying["share"]).high >= least.low
    copies = saying["tasks"] - 1
    words = f"the sizes give {least} per cent of the whole joint network (copies added: {copies})"
    return holds, f"{words}, a lower bound of the share of its shared part"


def _percent(saying: Mapping[str, Any]) -> tuple[bool, str]:
    share = Fraction(100 * saying["part"], saying["whole"])
    return exactly(share).meets(printed(saying["share"])), f"it is {float(share):g} per cent"


JUDGES: Mapping[str, Callable[[Mapping[str, Any]], tuple[bool, str]]] = MappingProxyType({
    "best": _best, "above": _above, "below": _below, "within": _within, "growth": _growth,
    "turned": _turned, "percent": _percent,
})  # fmt: skip
