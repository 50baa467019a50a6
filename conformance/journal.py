"""The log of a run: a journal that survives interruption, and the results made from it.

A line is written and flushed as soon as it is known. A job ends with a commit line, which says
how many lines are its own; what has none is run again. Results are the committed lines in the
order of the job's keys, so that they do not depend on who ran what when.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, final

import rfc8785

JOURNAL, RESULTS, TIMINGS = "journal.jsonl", "results.jsonl", "timings.jsonl"

LARGEST = 2**53 - 1  # the largest whole number that canonical JSON has

Line = Mapping[str, Any]


def canonical(document: Line) -> bytes:
    """Canonical JSON (RFC 8785) of a document, one line."""
    return rfc8785.dumps(dict(document)) + b"\n"


def _whole(digits: str) -> int | float:
    """A number without a point, as it was written: canonical JSON leaves it out of large floats."""
    number = int(digits)
    return number if abs(number) <= LARGEST else float(number)


@dataclass(frozen=True, slots=True)
class Past:
    """What an earlier run left: its header, the committed jobs, and what was mended, in words."""

    header: Line | None = None
    jobs: Mapping[str, Sequence[Line]] = field(default_factory=dict)
    mended: str = ""


@final
class Journal:
    """The journal of one run, open for appending; a context manager."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / JOURNAL).open("ab")

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def header(self, header: Line) -> None:
        """Write the header of a run."""
        self._write(header)

    def job(self, key: str, lines: Sequence[Line], seconds: float) -> None:
        """Write a finished job: its lines, then the commit."""
        for line in lines:
            self._write(line)
        self._write({"record": "commit", "job": key, "lines": len(lines), "seconds": seconds})

    def _write(self, line: Line) -> None:
        self._file.write(canonical(line))
        self._file.flush()


def read(folder: Path) -> Past:
    """What the journal of a folder holds; a torn last line is cut off, and said."""
    path = folder / JOURNAL
    if not path.is_file():
        return Past()
    mended = _mend(path)
    header: Line | None = None
    open_lines: dict[str, list[Line]] = {}
    done: dict[str, Sequence[Line]] = {}
    for line in lines_of(path):
        if line["record"] == "header":
            header = line
        elif line["record"] == "commit":
            own = open_lines.pop(line["job"], [])
            if line["lines"] <= len(own):
                done[line["job"]] = own[len(own) - line["lines"] :]
        else:
            open_lines.setdefault(line["job"], []).append(line)
    return Past(header, done, mended)


def _mend(path: Path) -> str:
    """Cut off a last line that was not written to its end; say so."""
    whole = path.read_bytes()
    end = whole.rfind(b"\n") + 1
    if end == len(whole):
        return ""
    with path.open("r+b") as file:
        file.truncate(end)
    return f"the last line of {path.name} was torn ({len(whole) - end} bytes) and is dropped"


def lines_of(path: Path) -> Iterator[Line]:
    """The records of a JSON Lines file; ValueError names the line that is none."""
    with path.open("rb") as file:
        for number, text in enumerate(file, start=1):
            try:
                line = json.loads(text, parse_int=_whole)
            except ValueError as error:
                message = f"{path.name}, line {number}: not JSON ({error})"
                raise ValueError(message) from error
            yield line


def timings(folder: Path, seconds: Mapping[str, float]) -> None:
    """Write how long each job took; the only place where durations are kept."""
    order = sorted(seconds)
    _replace(folder / TIMINGS, ({"job": key, "seconds": seconds[key]} for key in order))


def durations(folder: Path) -> dict[str, float]:
    """How long each committed job of a journal took."""
    found = lines_of(folder / JOURNAL)
    return {line["job"]: line["seconds"] for line in found if line["record"] == "commit"}


def results(
    folder: Path, header: Line, jobs: Mapping[str, Sequence[Line]], footer: Line | None
) -> Path:
    """Write results.jsonl in one piece: header, lines by job key, and a footer if complete."""

    def lines() -> Iterator[Line]:
        yield header
        for key in sorted(jobs):
            yield from jobs[key]
        if footer is not None:
            yield footer

    path = folder / RESULTS
    _replace(path, lines())
    return path


def _replace(path: Path, lines: Iterable[Line]) -> None:
    """Write a file under another name, then give it its own: it is whole or it is not there."""
    draft = path.with_suffix(".draft")
    try:
        with draft.open("wb") as file:
            file.writelines(canonical(line) for line in lines)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
