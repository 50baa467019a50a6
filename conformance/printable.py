"""Text from elsewhere as one line that a terminal, a log and a page can bear.

A backend's words may hold control sequences that move the cursor, marks that turn the direction
of writing, characters of no width, line breaks. Each becomes its escape, so that it is seen.
"""

import json

LIMIT = 500
_MOST = 20 * LIMIT  # characters looked at: a message of megabytes costs no more


def printable(text: str) -> str:
    r"""The text with every character that does not print written as its escape, as in ``\x1b``."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else _escape(each) for each in text)


def in_json(text: str) -> str:
    r"""A line of JSON with what does not print written as JSON's own escape, as in ``\u001b``."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in text)


def shortened(text: str, limit: int = LIMIT) -> str:
    """The text printable, on one line, of at most ``limit`` characters."""
    line = printable(" ".join(text[:_MOST].split()))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _escape(character: str) -> str:
    r"""A character as Python writes it between quotes; a lone surrogate as its number."""
    return character.encode("unicode_escape").decode("ascii")
