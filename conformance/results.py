"""results.jsonl read back by somebody who trusts it with nothing: each line held to its schema."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance import journal
from conformance.document import breach
from properties.checks import Job

Line = Mapping[str, Any]
RECORDS = ("header", "verdict", "job", "footer")


@dataclass(frozen=True, slots=True)
class Results:
    """The lines of results.jsonl: header, lines by job in the order written, footer if complete."""

    header: Line
    jobs: Mapping[str, Sequence[Line]]
    footer: Line | None

    @property
    def plan(self) -> list[Job]:
        """The jobs, made again from what their lines say."""
        return [_job(self.header, lines[-1]) for lines in self.jobs.values()]


def read(path: Path) -> Results:
    """The lines of a file, each seen to keep the schema; ValueError names the first that does not.

    Raises ValueError too where a job's key is not that of what its lines say.
    """
    header: Line | None = None
    footer: Line | None = None
    jobs: dict[str, list[Line]] = {}
    for number, line in enumerate(journal.lines_of(path), start=1):
        kind = line.get("record") if isinstance(line, dict) else None
        fault = breach(line, f"results#/$defs/{kind}") if kind in RECORDS else "it is no record"
        if not fault and (footer is not None or (header is None) != (kind == "header")):
            fault = "it is not where it belongs"
        if not fault and kind in {"verdict", "job"} and header is not None:
            jobs.setdefault(line["job"], []).append(line)
            fault = "" if _key(header, line) == line["job"] else "the key is not that of its job"
        if fault:
            message = f"{path.name}, line {number}: {fault}"
            raise ValueError(message)
        header = line if kind == "header" else header
        footer = line if kind == "footer" else footer
    if header is None or any(lines[-1]["record"] != "job" for lines in jobs.values()):
        message = f"{path.name}: the header, or a job's own line, is missing"
        raise ValueError(message)
    return Results(header, jobs, footer)


def _key(header: Line, line: Line) -> str:
    return _job(header, line).key


def _job(header: Line, line: Line) -> Job:
    """The job that a line is about."""
    return Job(
        header["suite"]["digest"],
        header["artifact"].removeprefix("sha256:"),
        line["method"],
        line["law"],
        line["dtype"],
        line["params"],
        line["block"],
        header["profile"],
    )
