"""A result folder read back: what a report shows of one backend's run."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.document import breach
from conformance.printable import shortened
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
        return _object(self.header.get("describe"))

    @property
    def methods(self) -> Record:
        """What the certificate says of each method."""
        return _object(self.predicate.get("methods"))

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
    """A name for each run that no other has: versions of one backend are told by the version.

    Where that does not tell them apart, the digest is added, or the folder.
    """
    kinds = [run.kind for run in runs]
    ways: tuple[Callable[[Run], str], ...] = (
        lambda run: run.name if kinds.count(run.kind) == 1 else f"{run.kind} {run.version}",
        lambda run: f"{run.kind} {run.version} ({short(run.digest)})",
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
    """The run in a result folder; ValueError names the file and line that cannot be read.

    A certificate and the documents of failures are held to their schemas.
    """
    finished = place / "results.jsonl"
    lines = list(_lines(finished if finished.is_file() else place / "journal.jsonl"))
    header = next((each for each in lines if _kind(each) == "header"), {})
    statement = _document(place / "certificate.json", "certificate")
    subjects = statement.get("subject")
    subject = _object(subjects[0] if isinstance(subjects, list) and subjects else None)
    describe = _object(header.get("describe"))
    return Run(
        path=place,
        name=str(header.get("backend") or describe.get("name") or place.name),
        header=header,
        predicate=_object(statement.get("predicate")),
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
    kept = {str(line.get("job")): line.get("case") for line in lines if _kind(line) == "job"}
    for line in lines:
        if _kind(line) == "verdict":
            good = str(line.get("verdict")) in GOOD
            case = None if good else kept.get(str(line.get("job")))
            yield _point(line, line.get("case") or case)


def _point(line: Record, case: object) -> Point:
    """A verdict line as a point."""
    return Point(
        method=str(line.get("method")),
        law=str(line.get("law")),
        dtype=str(line.get("dtype")),
        params=_object(line.get("params")),
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
        case = _document(each, "case")
        observed = _document(each.parent / "observed.json", "observed")
        yield Failure(each.parent.name, case, observed, each)


def _document(file: Path, schema: str) -> Record:
    """A JSON object that keeps its schema, from a file; empty where there is none."""
    if not file.is_file():
        return {}
    found = _parsed(str(file), file.read_bytes())
    if fault := breach(found, schema):
        message = f"{file}: {fault}"
        raise ValueError(message)
    return found


def _lines(file: Path) -> Iterator[Record]:
    """The records of a JSON Lines file."""
    if not file.is_file():
        return
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            yield _parsed(f"{file}, line {number}", line)


def _parsed(place: str, text: bytes) -> Record:
    """A JSON object from a text; ValueError names the place."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"{place}: not JSON ({shortened(str(error))})"
        raise ValueError(message) from error
    if not isinstance(found, dict):
        message = f"{place}: not a JSON object"
        raise ValueError(message)  # noqa: TRY004  (a file is wrong, not an argument)
    return found


def _object(value: object) -> Record:
    """A value that should be an object; an empty one where it is none."""
    return value if isinstance(value, dict) else {}
