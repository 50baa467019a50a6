"""``selftest``: judge the zoo's good and faulty backends and print the kill matrix."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from conformance.cli import console, options, runs
from conformance.cli.trouble import Exit
from conformance.progress import progress

if TYPE_CHECKING:
    from conformance.selftest import Row

TITLES = {
    "good": "good backends: certified",
    "faulty": "faulty backends: caught",
    "hostile": "hostile backends: caught",
}

HEADS = {
    "good": ["", "method", "backend", "laws kept", "why not"],
    "other": ["", "method", "backend", "what is wrong in it", "caught by"],
}


def declare(parser: argparse.ArgumentParser) -> None:
    """Add what narrows the test."""
    parser.add_argument("--methods", type=options.names, metavar="a,b", help="only these methods")
    parser.add_argument("--profile", choices=options.PROFILES, default="quick")
    parser.add_argument("--seed", type=options.whole, default=0, metavar="N")
    parser.add_argument("--jobs", type=options.positive, default=2, metavar="N")


def run(arguments: argparse.Namespace) -> int:
    """Print who was caught by what; 1 if a fault escaped or a good backend was condemned."""
    runs.check_names(arguments)
    from conformance import selftest

    with progress("selftest") as tell:
        rows = selftest.run(
            profile=arguments.profile,
            seed=arguments.seed,
            jobs=arguments.jobs,
            methods=arguments.methods,
            progress=tell,
        )
    if arguments.json:
        console.emit({"rows": [asdict(row) for row in rows], "totals": _totals(rows)})
    else:
        print("\n".join(_lines(rows)))
    return Exit.OK if all(row.right for row in rows) else Exit.NOT_CERTIFIED


def _totals(rows: "Sequence[Row]") -> dict[str, dict[str, int]]:
    """For each kind of backend, how many there are and how many were judged rightly."""
    return {
        kind: {
            "right": sum(1 for row in rows if row.kind == kind and row.right),
            "all": sum(1 for row in rows if row.kind == kind),
        }
        for kind in TITLES
    }


def _lines(rows: "Sequence[Row]") -> list[str]:
    """One table for each kind, then the totals."""
    shown: list[str] = []
    for kind, title in TITLES.items():
        of_kind = [_cells(row) for row in rows if row.kind == kind]
        if of_kind:
            heads = HEADS["good" if kind == "good" else "other"]
            shown += [console.paint(title, "strong")]
            shown += [*console.table(heads, of_kind, align="lllww"), ""]
    totals = [
        f"{count['right']} of {count['all']} {TITLES[kind].replace(':', '')}"
        for kind, count in _totals(rows).items()
        if count["all"]
    ]
    return [*shown, ", ".join(totals) + "."]


def _cells(row: "Row") -> list[console.Cell]:
    """One backend: what is wrong in it, and what caught it (of that, first what had to)."""
    mark = ("✓", "good") if row.right else ("✗", "bad")
    if row.kind == "good":
        return [mark, row.method, row.backend, str(len(row.passed)), row.message or "—"]
    ranked = sorted(row.caught, key=lambda law: law not in row.expected)
    caught = ", ".join(ranked) or "nothing"
    told = caught if row.right else f"{caught} ({row.message})"
    return [mark, row.method, row.backend, row.fault, told]
