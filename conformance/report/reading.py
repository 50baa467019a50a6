"""A result folder read back: what a report shows of one backend's run."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.report.words import short

Record = Mapping[str, Any]

GOOD = frozenset({"pass", "undecided", "skipped", "unsupported"})  # verdicts that have no failure


@dataclass(frozen=True, slots=True)
class Point:
    """One judged answer: how wrong it was, and how hard the question."""

    method: str
    law: str
    dtype: str
    params: Record
    verdict: str
    scaled: float | None
    relative: float | None
    condition: float | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class Failure:
    """One recorded failure: its folder's name, the case, and what was observed."""

    id: str
    case: Record
    observed: Record
    path: Path


@dataclass(frozen=True, slots=True)
class Run:
    """One backend's run: header, the certificate's predicate, points and failures.

    ``notes`` are, by method and law, what jobs said that did not pass without a failing example.
    """

    path: Path
    name: str
    header: Record
    predicate: Record
    subject: Record
    points: tuple[Point, ...]
    failures: tuple[Failure, ...]
    partial: bool
    notes: Mapping[tuple[str, str], tuple[str, ...]]
    left_out: int = 0  # failures that were recorded and that a page has no room for

    @property
    def describe(self) -> Record:
        """What the backend says of itself."""
        found: Record = self.header.get("describe") or {}
        return found

    @property
    def methods(self) -> Record:
        """What the certificate says of each method."""
        found: Record = self.predicate.get("methods") or {}
        return found

    @property
    def kind(self) -> str:
        """What the backend calls itself: runs of one kind are versions of one backend."""
        return str(self.describe.get("name") or self.name)

    @property
    def version(self) -> str:
        """The version that the backend claims."""
        return str(self.describe.get("version") or "no version")

    @property
    def digest(self) -> str:
        """The digest of what was judged, as the harness computed it."""
        return str((self.subject.get("digest") or {}).get("sha256") or self.header.get("artifact"))


def labels(runs: Sequence[Run]) -> tuple[str, ...]:
    """A name for each run that no other has: with its version, digest or folder where it must."""
    ways: tuple[Callable[[Run], str], ...] = (
        lambda run: run.name,
        lambda run: f"{run.name} {run.version}",
        lambda run: f"{run.name} {run.version} ({short(run.digest)})",
        lambda run: f"{run.name} in {run.path}",
    )
    told = [[way(run) for way in ways] for run in runs]
    taken = [[row[at] for row in told] for at in range(len(ways))]
    return tuple(
        next((name for name, names in zip(row, taken, strict=True) if names.count(name) == 1), "")
        or f"{row[0]}, run {place}"
        for place, row in enumerate(told, start=1)
    )


def folders(places: list[Path]) -> list[Path]:
    """The result folders among the places and directly under them, in order, each once."""
    found: dict[Path, None] = {}
    for place in places:
        inside = [place, *sorted(each for each in place.glob("*") if each.is_dir())]
        found.update(dict.fromkeys(each for each in inside if is_results(each)))
    return list(found)


def is_results(place: Path) -> bool:
    """Whether a folder holds results, even partial ones."""
    return any((place / name).is_file() for name in ("results.jsonl", "journal.jsonl"))


def read(place: Path) -> Run:
    """The run in a result folder; ValueError names the file and line that cannot be read."""
    finished = place / "results.jsonl"
    lines = list(_lines(finished if finished.is_file() else place / "journal.jsonl"))
    header = next((each for each in lines if _kind(each) == "header"), {})
    statement = _document(place / "certificate.json")
    subject = (statement.get("subject") or [{}])[0]
    describe = header.get("describe") or {}
    return Run(
        path=place,
        name=str(header.get("backend") or describe.get("name") or place.name),
        header=header,
        predicate=statement.get("predicate") or {},
        subject=subject,
        points=tuple(_points(lines)),
        failures=tuple(_failures(place / "failures")),
        partial=not any(_kind(each) == "footer" for each in lines),
        notes=_notes(lines),
    )


def _notes(lines: list[Record]) -> dict[tuple[str, str], tuple[str, ...]]:
    """What the jobs said whose verdict rests on no single example, by method and law."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for line in lines:
        if _kind(line) == "job" and line.get("verdict") != "pass" and line.get("message"):
            place = (str(line.get("method")), str(line.get("law")))
            found.setdefault(place, {})[str(line["message"])] = None
    return {place: tuple(messages) for place, messages in found.items()}


def _kind(line: Record) -> str:
    """The kind of a line of results.jsonl."""
    return str(line.get("record") or line.get("kind") or "")


def _points(lines: list[Record]) -> Iterator[Point]:
    """The verdict lines as points; one that did not pass leads to the failure of its job."""
    kept = {line.get("job"): line.get("case") for line in lines if _kind(line) == "job"}
    for line in lines:
        if _kind(line) == "verdict":
            case = None if line.get("verdict") in GOOD else kept.get(line.get("job"))
            yield _point(line, line.get("case") or case)


def _point(line: Record, case: object) -> Point:
    """A verdict line as a point."""
    return Point(
        method=str(line.get("method")),
        law=str(line.get("law")),
        dtype=str(line.get("dtype")),
        params=line.get("params") or {},
        verdict=str(line.get("verdict")),
        scaled=_number(line.get("scaled_error")),
        relative=_number(line.get("relative_error")),
        condition=_number(line.get("condition")),
        failure=last(case) if case else None,
    )


def last(case: object) -> str:
    """The id of a recorded failure: the last part of its path."""
    return str(case).rstrip("/").rpartition("/")[2]


def _number(value: object) -> float | None:
    """A number of a results file; infinities are written as text there."""
    try:
        return None if value is None else float(str(value))
    except ValueError:
        return None


def _failures(place: Path) -> Iterator[Failure]:
    """The recorded failures, by name."""
    for each in sorted(place.glob("*/case.json")):
        case, observed = _document(each), _document(each.parent / "observed.json")
        yield Failure(each.parent.name, case, observed, each)


def _document(file: Path) -> Record:
    """A JSON object from a file; empty where there is none."""
    if not file.is_file():
        return {}
    try:
        found: Record = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        message = f"{file}: not JSON ({error})"
        raise ValueError(message) from error
    return found


def _lines(file: Path) -> Iterator[Record]:
    """The records of a JSON Lines file."""
    if not file.is_file():
        return
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield json.loads(line)
            except ValueError as error:
                message = f"{file}, line {number}: not JSON ({error})"
                raise ValueError(message) from error
