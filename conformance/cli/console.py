"""What a command prints: text of at most the terminal's width, or one JSON document."""

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from itertools import zip_longest

from conformance.printable import in_json, printable

WIDEST = 100
NARROWEST = 40
LEAST = 8
PROSE = 20

STYLES = {"good": "32", "bad": "31", "warn": "33", "dim": "2", "strong": "1"}


def width() -> int:
    """Columns to use: the terminal's, between 40 and 100; 80 where there is no terminal."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((80, 24)).columns))


def coloured() -> bool:
    """Whether stdout may be coloured: a terminal, and the user has not said NO_COLOR."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def paint(text: str, style: str) -> str:
    """The text, printable, in a style where the output may be coloured."""
    text = printable(text)
    return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if coloured() and style in STYLES else text


def emit(document: object) -> None:
    """Print the one JSON document of ``--json``; a terminal may show it, so it is printable too."""
    lines = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False).split("\n")
    print("\n".join(map(in_json, lines)))


def shorten(text: str, room: int) -> str:
    """The text in at most ``room`` columns, its middle replaced by an ellipsis."""
    if len(text) <= room:
        return text
    if room < 2:  # noqa: PLR2004  (an ellipsis and one letter)
        return text[:room]
    tail = (room - 1) // 3
    return f"{text[: room - 1 - tail]}…{text[len(text) - tail :]}"


Cell = str | tuple[str, str]


def table(heads: Sequence[str], rows: Sequence[Sequence[Cell]], *, align: str = "") -> list[str]:
    """Lines of a table whose widest columns give way so that it fits the terminal.

    A cell is text, or text and a style. ``align`` has one letter a column: "r" aligns right, "w"
    wraps what does not fit; elsewhere an ellipsis stands for what is cut.
    """
    kinds = align.ljust(len(heads), "l")
    texts = [heads, *([_text(cell) for cell in row] for row in rows)]
    spans = [max(map(len, column)) for column in zip(*texts, strict=True)]
    room = width() - 2 * len(spans)
    while sum(spans) > room and max(spans) > LEAST:
        spans[_widest(spans, kinds)] -= 1
    rule = [("─" * span, "dim") for span in spans]
    head = [(text, "dim") for text in heads]
    return [line for row in (head, rule, *rows) for line in _lines(row, spans, kinds)]


def _widest(spans: Sequence[int], kinds: str) -> int:
    """The column to narrow: the widest that wraps, as long as that is readable; else the widest."""
    wrapping = [at for at, kind in enumerate(kinds) if kind == "w" and spans[at] > PROSE]
    return max(wrapping or range(len(spans)), key=lambda at: spans[at])


def _text(cell: Cell) -> str:
    """The text of a cell, printable."""
    return printable(cell if isinstance(cell, str) else cell[0])


def _lines(cells: Sequence[Cell], spans: Sequence[int], kinds: str) -> list[str]:
    """A row as one line, or as many as its longest wrapped cell needs."""
    parts = [
        _wrapped(_text(cell), span) if kind == "w" else [shorten(_text(cell), span)]
        for cell, span, kind in zip(cells, spans, kinds, strict=True)
    ]
    shown = []
    for line in zip_longest(*parts, fillvalue=""):
        padded = [
            text.rjust(span) if kind == "r" else text.ljust(span)
            for text, span, kind in zip(line, spans, kinds, strict=True)
        ]
        styled = [
            text if isinstance(cell, str) else paint(text, cell[1])
            for text, cell in zip(padded, cells, strict=True)
        ]
        shown.append(("  " + "  ".join(styled)).rstrip())
    return shown


def _wrapped(text: str, span: int) -> list[str]:
    """Text as lines of at most ``span`` columns, names with hyphens kept whole."""
    return textwrap.wrap(text, span, break_on_hyphens=False) or [""]
