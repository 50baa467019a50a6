"""``audit``: every derived figure of the papers' printed tables, recomputed in intervals.

What it finds are results about papers, so the exit status is 0.
"""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from conformance.cli import console
from conformance.cli.trouble import Exit, unknown

if TYPE_CHECKING:
    from mtl_reference.tables import Finding, Table


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the filter and the form."""
    parser.add_argument("table", nargs="?", metavar="TABLE", help="only this table (gradops-1)")
    parser.add_argument("--markdown", action="store_true", help="the page of the documentation")


def run(arguments: argparse.Namespace) -> int:
    """Print what the audit finds."""
    from conformance.audit import document, markdown
    from mtl_reference.tables import TABLES

    if arguments.table is not None and arguments.table not in TABLES:
        unknown("table", arguments.table, TABLES)
    if arguments.markdown:
        print(markdown(), end="")
    elif arguments.json:
        console.emit(document())
    elif arguments.table is not None:
        print("\n".join(_one(TABLES[arguments.table])))
    else:
        print("\n".join(_all()))
    return Exit.OK


def _all() -> Iterator[str]:
    """One line a column, then what the texts say that the tables do not."""
    from conformance.audit import findings
    from mtl_reference.tables import TABLES, echoes, remarks, sizes

    rows = [_row(table, found) for table in TABLES.values() for found in findings(table)]
    yield from console.table(["", "table", "column", "convention", "cells"], rows, align="lllwr")
    said = [*remarks(), *echoes(), *sizes()]
    wrong: list[list[console.Cell]] = [
        [("✗", "bad"), remark.place, remark.says, remark.arithmetic]
        for remark in said
        if not remark.holds
    ]
    yield ""
    heads = ["", "place", "the text says", "the printed cells"]
    yield from console.table(heads, wrong, align="llww")
    open_cells = sum(len(f.unexplained) for t in TABLES.values() for f in findings(t))
    yield ""
    yield (
        f"{open_cells} cells that no convention explains; "
        f"{len(wrong)} of {len(said)} statements, repetitions and sizes differ."
    )
    yield "mtl-conformance audit TABLE shows the arithmetic of one table."


def _row(table: "Table", finding: "Finding") -> list[console.Cell]:
    best = finding.best
    mark = ("✓", "good")
    if finding.unexplained:
        mark = ("✗", "bad")
    elif finding.against or best.convention.startswith("difference to"):
        mark = ("~", "warn")  # explained, but not as the table says
    count = f"{best.explained}/{len(best.cells)}"
    return [mark, table.id, finding.column, best.convention, count]


def _one(table: "Table") -> Iterator[str]:
    """The arithmetic of one table: every convention tried, every cell off the best one."""
    from conformance.audit import findings

    yield f"{table.paper}, Table {table.number}. {table.caption}"
    if table.note:
        yield f"Note: {table.note}"
    for finding in findings(table):
        yield ""
        tried: list[list[console.Cell]] = [
            [each.convention, f"{each.explained}/{len(each.cells)}"] for each in finding.trials
        ]
        yield from console.table([finding.column, "cells"], tried, align="wr")
        off: list[list[console.Cell]] = [
            [cell.row, cell.printed, str(cell.expected)] for cell in finding.against
        ]
        if off:
            yield from console.table(["row", "printed", "expected"], off, align="lrr")
