"""``diff``: the regression gate between two certificates.

BASELINE and NEW are certificate.json files or the folders that hold them. Worse is a method's
verdict or grade, a law that gates and passed, or one that was expected to fail and now fails
unexpected; --notes shows every other change. Exit 0: nothing got worse; 1: a regression; 3: the
new run is partial.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli import console
from conformance.cli.trouble import Exit, Trouble
from conformance.printable import printable

if TYPE_CHECKING:
    from conformance.gate import Change

TONES = {"regression": ("✗", "bad"), "improvement": ("✓", "good"), "note": ("·", "dim")}
SHOWN = 16  # characters of a digest that tell it from others


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the two certificates."""
    parser.add_argument("baseline", type=Path, metavar="BASELINE")
    parser.add_argument("new", type=Path, metavar="NEW")
    parser.add_argument("--notes", action="store_true", help="show changes that gate nothing too")


def run(arguments: argparse.Namespace) -> int:
    """Print what changed."""
    from conformance.gate import compared, regressed

    statements = [statement(path) for path in (arguments.baseline, arguments.new)]
    changes = compared(*statements)
    verdicts = {each["verdict"] for each in statements[1]["predicate"]["methods"].values()}
    partial = "partial" in verdicts
    if arguments.json:
        found = [asdict(change) for change in changes]
        console.emit({"regressed": regressed(changes), "partial": partial, "changes": found})
    else:
        heads = _heads(statements)
        print("\n".join([*heads, "", *_lines(changes, notes=arguments.notes)]))
    if regressed(changes):
        return Exit.NOT_CERTIFIED
    return Exit.BROKEN if partial else Exit.OK


def statement(path: Path) -> dict[str, Any]:
    """A certificate's statement, seen to keep its schema; Trouble says what is wrong with it."""
    from conformance.certificate import Certificate
    from conformance.document import DocumentError

    try:
        return dict(Certificate.load(path).statement)
    except DocumentError as error:
        message = f"{error}; give a certificate.json or the folder that holds it"
        raise Trouble(message) from error


def _heads(statements: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is compared: subject, suite and profile of the two, one line each."""
    told = []
    for name, each in zip(("baseline", "new"), statements, strict=True):
        predicate = each["predicate"]
        suite, seed = predicate["suite"]["version"], predicate["seed"]
        facts = f"suite {suite}, {predicate['profile']}, seed {seed}"
        subject = printable(each["subject"][0]["name"])
        told.append(console.shorten(f"{name:<8}  {subject} ({facts})", console.width()))
    return told


def _lines(changes: "tuple[Change, ...]", *, notes: bool) -> list[str]:
    shown = [change for change in changes if notes or change.kind != "note"]
    rows: list[list[console.Cell]] = [
        [TONES[each.kind], printable(each.method) or "the run", printable(each.law) or each.what,
         printable(each.before)[:SHOWN], printable(each.after)[:SHOWN]]
        for each in shown
    ]  # fmt: skip
    kinds = [change.kind for change in changes]
    counts = ", ".join(_counted(kinds.count(kind), kind) for kind in TONES)
    table = console.table(["", "method", "law", "before", "after"], rows) if rows else []
    hint = ["--notes shows what gates nothing."] if len(shown) < len(changes) else []
    return [*table, *([""] if table else []), f"{counts}.", *hint]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
