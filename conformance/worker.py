"""A worker of a run: its own supervisor, one job at a time, and the lines that a job leaves."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, final

from conformance import expected, failures, in_training, suite, vectors
from conformance.backend import BackendSpec
from conformance.conclusion import concluded
from conformance.expected import Expectation
from conformance.in_training import Training
from conformance.subject import BackendSubject
from conformance.supervisor import Supervisor
from properties import checks
from properties.checks import ExampleRecord, Job, JobRecord

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """What every worker of a run needs: whom to ask, within which limits, with which seed.

    ``expected`` are the failures that are expected.
    """

    spec: BackendSpec
    description: Mapping[str, Any]
    seed: int
    limits: Mapping[str, Any] = field(default_factory=dict)
    training: Training | None = None
    expected: tuple[Expectation, ...] = ()

    @property
    def environment(self) -> Mapping[str, str]:
        """What this process runs in."""
        return suite.environment(self.limits.get("variables", {}))

    def supervisor(self) -> Supervisor:
        """A supervisor of its own."""
        return Supervisor(self.spec, **self.limits)


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished job: its lines, the failure to be kept, its duration, and where it was run."""

    key: str
    lines: tuple[Line, ...]
    failure: failures.Files | None
    seconds: float
    environment: Mapping[str, str]


@final
class Worker:
    """One supervisor at work; a context manager."""

    def __init__(self, bench: Bench, supervisor: Supervisor | None = None) -> None:
        self.bench, self.environment = bench, bench.environment
        self.supervisor = supervisor or bench.supervisor()

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self.supervisor.close()

    def work(self, job: Job) -> Finished:
        """Run one job from a clean slate: neither restarts nor quarantine of others count."""
        started = time.monotonic()
        entry = expected.of(self.bench.expected, job)
        if entry is None:
            record = self._asked(job)
        elif entry.kind == expected.SKIP:
            record = expected.skipped(job, entry)
        else:
            record = expected.judged(self._asked(job, shrinks=0), entry)
        failure = failures.of_record(record, self.bench.spec, self.bench.description)
        lines = lines_of(record, failure.id if failure else None)
        files = None if failure is None else failures.files(failure, self.supervisor.spec)
        seconds = round(time.monotonic() - started, 3)
        return Finished(job.key, lines, files, seconds, self.environment)

    def _asked(self, job: Job, shrinks: int | None = None) -> JobRecord:
        """The record of a job that is run."""
        self.supervisor.renew()
        subject = BackendSubject(self.supervisor, self.bench.description, job.dtype)
        return concluded(self._record(job, subject, shrinks), self.supervisor)

    def _record(self, job: Job, subject: BackendSubject, shrinks: int | None) -> JobRecord:
        """What becomes of a job: a block of vectors, a search, or a step of the training."""
        if job.law in vectors.LAWS:
            return vectors.judged(job, subject)
        if job.law == in_training.LAW and self.bench.training is not None:
            return in_training.judged(job, subject, self.bench.training.steps)
        return checks.run(job, subject, seed=self.bench.seed, shrinks=shrinks)


def lines_of(record: JobRecord, case: str | None) -> tuple[Line, ...]:
    """One line for each example of a job, and one for the job itself."""
    job = record.job
    about = {
        "job": job.key,
        "method": job.method,
        "law": job.law,
        "dtype": job.dtype,
        "params": dict(job.params),
        "block": job.block,
    }
    examples = [
        {"record": "verdict", **about, "index": place, **_line(each), "case": None}
        for place, each in enumerate(record.records)
    ]
    if case is not None:
        _first(examples, record)["case"] = case
    summary = {
        "record": "job",
        **about,
        "verdict": record.verdict,
        "message": record.message,
        "counts": dict(record.counts),
        "case": case,
    }
    return (*examples, summary)


def _first(examples: list[dict[str, Any]], record: JobRecord) -> dict[str, Any]:
    """The line that a recorded failure belongs to."""
    if record.failure is not None:
        wanted = repr(record.failure.example)
        for line, each in zip(examples, record.records, strict=True):
            if repr(each.example) == wanted:
                return line
    grave = failures.GRAVE
    return next((line for line in examples if line["verdict"] in grave), examples[0])


def _line(record: ExampleRecord) -> dict[str, Any]:
    ruling = record.ruling
    return {
        "verdict": record.verdict,
        "scaled_error": _number(ruling.scaled_error),
        "relative_error": _number(ruling.relative_error),
        "condition": _number(ruling.condition),
        "worst_margin": _number(ruling.worst_margin),
        "message": ruling.message,
    }


def _number(value: float | None) -> float | str | None:
    """A number as JSON has it; infinities and nan as text."""
    return value if value is None or math.isfinite(value) else str(value)


# In a process of its own -----------------------------------------------------------------------

_HERE: list[Worker] = []


def start(bench: Bench) -> None:
    """Make this process a worker; a signal ends it at once, and its backend's warden sees to it.

    An orderly end would be none: the pool takes SystemExit for a job's and waits for more.
    """
    _HERE.append(Worker(bench))


def work(job: Job) -> Finished:
    """Run one job on this process's worker."""
    return _HERE[0].work(job)
