"""``diff``: the regression gate between two certificates.

BASELINE and NEW are certificate.json files or the folders that hold them. Exit 0: nothing got
worse; 1: a regression; 3: the new run is partial.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli import console
from conformance.cli.trouble import Exit, Trouble

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
        print("\n".join(_lines(changes, notes=arguments.notes)))
    if regressed(changes):
        return Exit.NOT_CERTIFIED
    return Exit.BROKEN if partial else Exit.OK


def statement(path: Path) -> dict[str, Any]:
    """A certificate's statement, seen to keep its schema; Trouble says what is wrong with it."""
    from conformance.certificate import FILE
    from conformance.schemas import validator

    file = path / FILE if path.is_dir() else path
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not JSON"
        message = f"{file}: {reason}; give a certificate.json or the folder that holds it"
        raise Trouble(message) from error
    broken = next(iter(validator("certificate").iter_errors(found)), None)
    if broken is not None:
        place = "/".join(map(str, broken.absolute_path)) or "its top"
        message = f"{file} is no certificate: {place} breaks the schema ({broken.message[:120]})"
        raise Trouble(message)
    return found


def _lines(changes: "tuple[Change, ...]", *, notes: bool) -> list[str]:
    shown = [change for change in changes if notes or change.kind != "note"]
    rows: list[list[console.Cell]] = [
        [TONES[each.kind], each.method or "the run", each.law or each.what,
         each.before[:SHOWN], each.after[:SHOWN]]
        for each in shown
    ]  # fmt: skip
    kinds = [change.kind for change in changes]
    counts = ", ".join(f"{kinds.count(kind)} {kind}s" for kind in TONES)
    table = console.table(["", "method", "law", "before", "after"], rows) if rows else []
    hint = ["--notes shows what gates nothing."] if len(shown) < len(changes) else []
    return [*table, *([""] if table else []), f"{counts}.", *hint]
