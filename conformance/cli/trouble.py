"""What goes wrong on a command line, said in one sentence, with the exit status that it means."""

import difflib
from collections.abc import Iterable
from enum import IntEnum
from typing import NoReturn, final


class Exit(IntEnum):
    """The exit statuses of every command."""

    OK = 0
    NOT_CERTIFIED = 1
    USAGE = 2
    BROKEN = 3


@final
class Trouble(Exception):  # noqa: N818  (it is the user's trouble, not always an error of the program)
    """A sentence for the user (what is wrong, where, what to try) and an exit status."""

    def __init__(self, sentence: str, status: Exit = Exit.USAGE) -> None:
        super().__init__(sentence)
        self.status = status


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names what the user may have meant: the nearest names, or all if none is near."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=3, cutoff=0.5)
    if near:
        return f"did you mean {_either(near)}?"
    return f"there are {', '.join(names)}" if names else "there are none"


def unknown(noun: str, word: str, known: Iterable[str]) -> NoReturn:
    """Raise the trouble with a name that nobody bears."""
    sentence = f"unknown {noun} '{word}': {nearest(word, known)}"
    raise Trouble(sentence)


def _either(names: list[str]) -> str:
    """Join names as "a, b or c"."""
    *head, last = names
    return f"{', '.join(head)} or {last}" if head else last
