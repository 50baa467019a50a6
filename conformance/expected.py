"""Failures that are expected: ``[[expect]]`` entries of a TOML file, matched against jobs.

A job that an entry of kind "skip" matches is not run. One that an entry of kind "xfail" matches is
run but not shrunk: its failures become ``xfail``; if it passes, its passes become ``xpass``, which
fails the run. Where several entries match a job the first one counts.
"""

import glob
import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, final

import rfc8785

from conformance.document import DocumentError, breach, clipped, content
from conformance.verdict import gates
from properties.checks import ExampleRecord, Job, JobRecord
from properties.example import Example, Ruling

XFAIL, SKIP = "xfail", "skip"
BROKEN = ("protocol", "crash", "timeout", "fail", "refused")  # the gravest first

Line = Mapping[str, Any]


@final
class ExpectedError(ValueError):
    """The file of expected failures cannot be used; the message says which entry, and why."""


@final
@dataclass(frozen=True, slots=True)
class Expectation:
    """One entry: a pattern of job ids, what is expected of them, why, and where it is discussed."""

    id: str
    kind: str
    reason: str
    issue: str = ""

    def matches(self, job: Job) -> bool:
        """Whether the entry speaks of a job: by its very id, or by a pattern."""
        return job.id == self.id or fnmatchcase(job.id, self.id)


def load(path: Path) -> tuple[Expectation, ...]:
    """The entries of a file, in their order; ExpectedError for anything but a valid one."""
    try:
        found = tomllib.loads(content(path).decode())
    except DocumentError as error:
        raise ExpectedError(str(error)) from error
    except (ValueError, RecursionError) as error:
        message = f"{path} is not TOML: {clipped(str(error))}"
        raise ExpectedError(message) from error
    if fault := breach(found, "expected"):
        message = f"{path}: {fault}; an entry is [[expect]] with id, kind, reason and issue"
        raise ExpectedError(message)
    return tuple(Expectation(**entry) for entry in found.get("expect", ()))


def of(expectations: Sequence[Expectation], job: Job) -> Expectation | None:
    """The entry that counts for a job: the first that matches."""
    return next((each for each in expectations if each.matches(job)), None)


def digest(expectations: Sequence[Expectation]) -> str | None:
    """What tells one list of entries from another; None where there is none."""
    if not expectations:
        return None
    listed = rfc8785.dumps([asdict(each) for each in expectations])
    return f"sha256:{hashlib.sha256(listed).hexdigest()}"


def honoured(expectations: Sequence[Expectation], plan: Iterable[Job]) -> list[dict[str, Any]]:
    """The entries with what they matched: how many jobs, and of which laws ("method/law")."""
    count: Counter[Expectation] = Counter()
    laws: dict[Expectation, dict[str, None]] = {}
    for job in plan:
        if (entry := of(expectations, job)) is not None:
            count[entry] += 1
            laws.setdefault(entry, {})[f"{job.method}/{job.law}"] = None
    return [
        {**asdict(each), "matched": count[each], "laws": sorted(laws[each])}
        for each in expectations
        if count[each]
    ]


def limits(entries: Iterable[Line]) -> list[str]:
    """What was not tested because it was expected to fail, in words."""
    left = sum(each["matched"] for each in entries if each["kind"] == SKIP)
    return [f"{left} jobs were not run, as the expected failures say."] if left else []


def check(
    expectations: Sequence[Expectation],
    plan: Sequence[Job],
    everything: Callable[[], Sequence[Job]],
) -> None:
    """Refuse an entry that no job needs, neither of this run nor of one that selects everything."""
    used = {of(expectations, job) for job in plan}
    missing = [each for each in expectations if each not in used]
    if not missing:
        return
    rest = everything()
    used |= {of(expectations, job) for job in rest}
    for each in missing:
        if each not in used:
            message = f"the expected failure {clipped(each.id)!r} {_why(each, [*plan, *rest])}"
            raise ExpectedError(message)


def _why(entry: Expectation, jobs: Sequence[Job]) -> str:
    """What is wrong with an entry that counts for no job, and what to try."""
    if any(map(entry.matches, jobs)):
        return "matches only jobs that entries before it match: take one of them out"
    example = next((job.id for job in jobs if job.id.split("/")[0] == entry.id.split("/")[0]), None)
    example = example or next((job.id for job in jobs), "method/law/dtype-params-block")
    return f"matches no job: an id reads {example}"


# What becomes of a job ------------------------------------------------------------------------


def skipped(job: Job, entry: Expectation) -> JobRecord:
    """The record of a job that is not run."""
    message = f"not run: {entry.reason}"
    ruling = Ruling("skipped", message=message)
    record = ExampleRecord(0, "skipped", ruling, Example(job.method, (), job.params))
    return JobRecord(job, "skipped", message, (record,), {"skipped": 1})


def judged(record: JobRecord, entry: Expectation) -> JobRecord:
    """The record of a job that was expected to fail: its failures, or else its passes, renamed."""
    if record.verdict in BROKEN:
        message = f"expected: {entry.reason}"
        message += f" ({record.message})" if record.message else ""
        return _renamed(record, dict.fromkeys(BROKEN, "xfail"), "xfail", message)
    if record.verdict == "pass":
        message = f"passed, and was expected to fail: {entry.reason}"
        return _renamed(record, {"pass": "xpass"}, "xpass", message)
    return record


def _renamed(record: JobRecord, names: Mapping[str, str], verdict: str, message: str) -> JobRecord:
    records = tuple(replace(r, verdict=names.get(r.verdict, r.verdict)) for r in record.records)
    counts = dict(Counter(each.verdict for each in records))
    return JobRecord(record.job, verdict, message, records, counts)


# A file made from a run -----------------------------------------------------------------------


def written(lines: Iterable[Line]) -> str:
    """A file that expects what failed in a run (its lines of results): one entry for each job."""
    entries = list(_entries(lines))
    head = (
        "# Failures that are known. Say in each reason why, and in issue where it is discussed.\n"
    )
    return head + "".join(f"\n[[expect]]\n{_toml(entry)}" for entry in entries)


def _entries(lines: Iterable[Line]) -> Iterator[Expectation]:
    """An entry for each law that gates and whose jobs all failed, else for each job that did."""
    laws: dict[str, list[Line]] = {}
    for line in lines:
        if line["record"] == "job" and gates(line["law"]):
            laws.setdefault(f"{line['method']}/{line['law']}", []).append(line)
    for law, jobs in sorted(laws.items()):
        failed = [job for job in jobs if job["verdict"] in BROKEN]
        if len(failed) == len(jobs):
            yield Expectation(f"{glob.escape(law)}/*", XFAIL, _reason(failed[0]))
        else:
            ids = {_id(job): _reason(job) for job in failed}
            yield from (Expectation(name, XFAIL, reason) for name, reason in sorted(ids.items()))


def _id(line: Line) -> str:
    """The id of the job that a line is about."""
    about = (line[name] for name in ("method", "law", "dtype", "params", "block"))
    return Job("", "", *about).id


def _reason(line: Line) -> str:
    return clipped(f"{line['verdict']}: {line['message']}".removesuffix(": "))


def _toml(entry: Expectation) -> str:
    pairs = {name: value for name, value in asdict(entry).items() if value}
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in pairs.items())


def _quoted(text: str) -> str:
    """A basic string of TOML; it escapes as JSON does, and DEL beside."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
