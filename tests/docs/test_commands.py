"""The commands that the pages show: each can be read by its command, and those of a console run.

A block of a page that begins with ``# NAME`` is written to the file NAME. Lines of a ``console``
block that begin with ``$`` are run one after the other in one empty folder a page, and must end
well; ``# status 1`` behind a command tells another end. A block after ``<!-- not run: reason -->``
is only read.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.cli.entry import COMMANDS, parser_of

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"(<!-- not run: [^>]+ -->\n+)?```(\w+)\n(.*?)```", re.DOTALL)
SPOKEN = re.compile(r"(?:^(?: {4}|\$ )|`)(mtl-conformance [^`\n]+)", re.MULTILINE)
STAND_INS = re.compile(r"[A-Z]{2,}|…")  # BACKEND, DIR…: what the reader puts in


def spoken() -> list[tuple[str, str]]:
    """Page and text of every command of ours, without the comment behind it."""
    return [
        (page.name, command.partition(" #")[0].strip())
        for page in PAGES
        for command in SPOKEN.findall(page.read_text())
    ]


@pytest.mark.parametrize(("page", "command"), spoken())
def test_a_command_can_be_read(page: str, command: str) -> None:
    """Its name and its options are those of the command line of today."""
    del page
    words = shlex.split(command.replace("…", ""))[1:]
    words = words[: words.index(">")] if ">" in words else words
    if words[0] == "--version":
        return
    assert words[0] in COMMANDS
    if words[1:] and not STAND_INS.search(command):
        parser_of(words[0]).parse_args(words[1:])


def shown(page: Path) -> list[tuple[str, str]]:
    """What a page asks a reader to do, in order: files to write, lines to run."""
    found: list[tuple[str, str]] = []
    for unrun, language, text in BLOCK.findall(page.read_text()):
        first, _, rest = text.partition("\n")
        if not unrun and language == "console":
            found += [("", line[2:]) for line in text.splitlines() if line.startswith("$ ")]
        elif not unrun and re.fullmatch(r"# [\w./-]+\.\w+", first):
            found.append((first[2:], rest))
    return found


@pytest.mark.parametrize("page", [p for p in PAGES if any(not n for n, _ in shown(p))],
                         ids=lambda page: page.name)  # fmt: skip
def test_a_page_can_be_followed(page: Path, tmp_path: Path) -> None:
    """Its files written and its commands run in an empty folder, each ends as the page says."""
    bin_folder = str(Path(sys.executable).parent)
    place = os.environ | {"PATH": f"{bin_folder}:{os.environ['PATH']}", "COLUMNS": "80"}
    for name, text in shown(page):
        if name:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
            continue
        status = re.search(r"# status (\d)$", text)
        done = subprocess.run(
            ["/bin/bash", "-c", text], cwd=tmp_path, env=place, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == int(status[1] if status else 0), f"$ {text}\n{done.stderr}"
