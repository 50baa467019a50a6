"""Text from elsewhere: nothing that it holds moves a cursor, turns a line or breaks one."""

import json

import pytest

from conformance.cli import console
from conformance.cli.entry import main
from conformance.printable import in_json, printable, shortened

HOSTILE = "a\x1b[2J\x9b1m\u202eb\u200b\x00\ud800é\U0001f600\n"
CALM = r"a\x1b[2J\x9b1m\u202eb\u200b\x00\ud800é😀\n"


def test_what_does_not_print_is_seen_as_its_escape() -> None:
    """Sequences of both widths, marks of direction, lone surrogates; letters and signs stay."""
    assert printable(HOSTILE) == CALM
    assert printable("plain") == "plain"


def test_a_message_is_one_line_of_bounded_length() -> None:
    """Megabytes are cut before they are looked through."""
    assert shortened("a\n b\t\x1bc") == r"a b \x1bc"
    assert len(shortened("a " * (1 << 23))) == 500


def test_json_for_a_terminal_is_still_the_same_document(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What JSON leaves as it is, C1 sequences and marks of direction, is escaped in its way."""
    document = {"message": HOSTILE.replace("\ud800", ""), "line": "a\u2028b\x85c"}
    console.emit(document)
    shown = capsys.readouterr().out
    assert all(line.isprintable() for line in shown.split("\n"))
    assert json.loads(shown) == document
    assert in_json('"é"') == '"é"'


def test_cells_and_troubles_are_printable(capsys: pytest.CaptureFixture[str]) -> None:
    """A table and an error message show a name that would clear the screen."""
    lines = console.table(["name"], [["\x1b[2Jx"], [("\x1b[2Jy", "bad")]])
    assert all(line.isprintable() for line in lines)
    assert main(["certify", "\x1b[2Jz"]) == 2
    assert r"\x1b[2Jz" in capsys.readouterr().err
