"""The section of a report on the papers' printed tables: what recomputes, and what does not."""

from collections.abc import Iterator, Sequence
from functools import cache

from conformance.report.markup import Markup, element
from mtl_reference.tables import TABLES, Finding, Table, audit, echoes, remarks, sizes

NOTE = (
    "Every derived figure of the papers' tables, recomputed from the printed cells that it follows "
    "from; a cell stands for all numbers that round to it. These are facts about printed digits "
    "and say nothing about the backends above."
)


@cache
def section() -> Markup:
    """The section, folded: conventions by column, cells that none explains, statements."""
    found = [(table, finding) for table in TABLES.values() for finding in audit(table)]
    summary = element("summary", "The papers' tables, recomputed")
    return element(
        "section",
        element("h2", "The papers", id="papers"),
        element("p", NOTE, class_="note"),
        element(
            "details",
            summary,
            element("h3", "Conventions by column"),
            _conventions(found),
            element("h3", "Cells that no convention explains"),
            _open(found),
            element("h3", "Statements, repetitions and sizes that differ"),
            _differing(),
        ),
        aria_labelledby="papers",
    )


def _conventions(found: list[tuple[Table, Finding]]) -> Markup:
    rows = [
        (table.id, finding.column, finding.best.convention,
         f"{finding.best.explained} of {len(finding.best.cells)}")
        for table, finding in found
    ]  # fmt: skip
    return _table(
        "Conventions", ("table", "column", "convention that explains the most", "cells"), rows
    )


def _open(found: list[tuple[Table, Finding]]) -> Markup:
    rows = [
        (table.id, finding.column, cell.row, cell.printed, str(cell.expected))
        for table, finding in found
        for cell in finding.unexplained
    ]
    return _table("Unexplained cells", ("table", "column", "row", "printed", "expected"), rows)


def _differing() -> Markup:
    told = (*remarks(), *echoes(), *sizes())
    rows = [
        (f"{each.paper.split(' ')[0]}, {each.place}", each.says, each.arithmetic)
        for each in told
        if not each.holds
    ]
    return _table("Statements that differ", ("place", "says", "the printed cells"), rows)


def _table(caption: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Markup:
    head = element("tr", *(element("th", each, scope="col") for each in heads))
    body: Iterator[Markup] = (_row(row) for row in rows)
    table = element(
        "table",
        element("caption", caption, class_="unseen"),
        element("thead", head),
        element("tbody", *body),
        class_="plain",
    )
    return element("div", table, class_="frame", role="region", aria_label=caption, tabindex="0")


def _row(cells: tuple[str, ...]) -> Markup:
    first, *rest = cells
    return element("tr", element("th", first, scope="row"), *(element("td", each) for each in rest))
