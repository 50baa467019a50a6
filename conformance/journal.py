"""The log of a run: a journal that survives interruption, and the results made from it.

A line is written and flushed as soon as it is known. A job ends with a commit line, which says
how many lines are its own; what has none is run again. Results are the committed lines in the
order of the job's keys, so that they do not depend on who ran what when. One run at a time writes
to a folder: the journal is locked as long as it is open, and the lock goes with its process.
"""

import fcntl
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, final

import rfc8785

from conformance.printable import shortened

JOURNAL, RESULTS, TIMINGS = "journal.jsonl", "results.jsonl", "timings.jsonl"

LARGEST = 2**53 - 1  # the largest whole number that canonical JSON has
SHOWN = 40  # characters of a number in a message

Line = Mapping[str, Any]


@final
class FolderInUseError(ValueError):
    """Another run is writing to the folder."""


@final
class SpoiledError(ValueError):
    """A line of a journal is none: the message names file, line and what is wrong."""


def canonical(document: Line) -> bytes:
    """Canonical JSON (RFC 8785) of a document, one line."""
    return rfc8785.dumps(dict(document)) + b"\n"


@dataclass(frozen=True, slots=True)
class Past:
    """What an earlier run left: its headers, the committed jobs, and what was mended, in words.

    There is a header for each environment that the run has met; ``seconds`` tells how long each
    job took.
    """

    headers: Sequence[Line] = ()
    jobs: Mapping[str, Sequence[Line]] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    mended: str = ""


@final
class Journal:
    """The journal of one run, open for appending and locked; a context manager.

    FolderInUseError where another process has it open.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / JOURNAL).open("ab")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            message = f"{folder} is being written by another run: wait, or take another --out"
            raise FolderInUseError(message) from error
        except OSError:  # a file system without locks: then nobody is kept out
            pass

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def clear(self) -> None:
        """Forget everything; the file stays, and the lock with it."""
        self._file.truncate(0)

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


# Reading ---------------------------------------------------------------------------------------


def read(folder: Path, *, mend: bool = True) -> Past:
    """What the journal of a folder holds; SpoiledError names a line that is none.

    A torn last line is left out, and said; ``mend`` cuts it off, which only the one who has the
    journal open may do.
    """
    path = folder / JOURNAL
    if not path.is_file():
        return Past()
    mended = _mend(path) if mend else ""
    headers: list[Line] = []
    open_lines: dict[str, list[Line]] = {}
    done: dict[str, Sequence[Line]] = {}
    seconds: dict[str, float] = {}
    for line in _records(path):
        if line["record"] == "header":
            headers.append(line)
        elif line["record"] == "commit":
            own = open_lines.pop(line["job"], [])
            if line["lines"] <= len(own):
                done[line["job"]] = own[len(own) - line["lines"] :]
                seconds[line["job"]] = line["seconds"]
        else:
            open_lines.setdefault(line["job"], []).append(line)
    return Past(tuple(headers), done, seconds, mended)


def _mend(path: Path) -> str:
    """Cut off a last line that was not written to its end; say so."""
    whole = path.read_bytes()
    end = whole.rfind(b"\n") + 1
    if end == len(whole):
        return ""
    with path.open("r+b") as file:
        file.truncate(end)
    return f"the last line of {path} was torn ({len(whole) - end} bytes) and is dropped"


_ABOUT = {"job": str, "method": str, "law": str, "dtype": str, "params": dict, "block": int}
_MEMBERS: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "header": {"suite": dict, "backend": str, "artifact": str, "describe": dict, "seed": int,
               "environment": dict, "profile": str, "selection": dict},
    "verdict": {**_ABOUT, "index": int, "verdict": str, "message": str},
    "job": {**_ABOUT, "verdict": str, "message": str, "counts": dict},
    "commit": {"job": str, "lines": int, "seconds": (int, float)},
}  # fmt: skip


def _records(path: Path) -> Iterator[Line]:
    """The lines of a journal, each with the members that its kind has."""
    for number, line in enumerate(_whole_lines(path), start=1):
        members = _MEMBERS.get(str(line.get("record"))) if isinstance(line, dict) else None
        if members is None:
            _spoiled(path, number, "no line of a journal")
        for name, wanted in members.items():
            if not isinstance(line.get(name), wanted):
                _spoiled(path, number, f"no {name}")
        yield line


def _spoiled(path: Path, number: int, what: str) -> NoReturn:
    message = f"{path}, line {number}: {what}"
    raise SpoiledError(message)


def lines_of(path: Path) -> Iterator[Line]:
    """The records of a JSON Lines file; SpoiledError names the line that is none."""
    with path.open("rb") as file:
        for number, text in enumerate(file, start=1):
            yield _parsed(path, number, text)


def _whole_lines(path: Path) -> Iterator[Any]:
    """What the lines of a file hold, without a last one that was not written to its end."""
    with path.open("rb") as file:
        for number, text in enumerate(file, start=1):
            if text.endswith(b"\n"):
                yield _parsed(path, number, text)


def _parsed(path: Path, number: int, text: bytes) -> Any:  # noqa: ANN401  (any JSON)
    try:
        found = json.loads(text, parse_int=_whole, parse_float=_finite, parse_constant=_finite)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        message = f"{path}, line {number}: not JSON ({shortened(str(error))})"
        raise SpoiledError(message) from error
    return found


def _whole(digits: str) -> int | float:
    """A number without a point, as it was written: canonical JSON leaves it out of large floats."""
    number = int(digits)
    return number if abs(number) <= LARGEST else _finite(digits)


def _finite(text: str) -> float:
    """A number that can be written again."""
    number = float(text)
    if not math.isfinite(number):
        message = f"{shortened(text, SHOWN)} is no finite number"
        raise ValueError(message)
    return number


# The files of a finished run -------------------------------------------------------------------


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
