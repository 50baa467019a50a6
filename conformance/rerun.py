"""Jobs of a certificate run again: drawn at random, and held against its results byte for byte."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from conformance import campaign, journal, suite
from conformance.backend import BackendSpec
from conformance.results import Results
from conformance.verification import Verification, expectations
from conformance.worker import Bench, Worker

Line = Mapping[str, Any]


@final
class RerunRefusedError(ValueError):
    """What was judged cannot be judged again here; the message says why."""


@dataclass(frozen=True, slots=True)
class Again:
    """A job run again: whether it left the very lines of the results, else what differs."""

    id: str
    same: bool
    message: str


def rerun(
    found: Verification, spec: BackendSpec, count: int, *, seed: int, limits: Mapping[str, Any]
) -> Iterator[Again]:
    """Run ``count`` jobs again, drawn with ``seed``; steps of a training are left out.

    RerunRefusedError where suite, artifact or description are not those of the results;
    BrokenBackendError where the backend cannot be asked.
    """
    statement, results = found.statement, found.results
    if statement is None or results is None:
        message = "the results are not here or were changed: there is nothing to compare with"
        raise RerunRefusedError(message)
    header = results.header
    bench = Bench(spec, {}, header["seed"], limits)
    _same("suite", header["suite"]["digest"], suite.digest())
    _same("artifact", header["artifact"], f"sha256:{spec.digest}")
    with bench.supervisor() as supervisor:
        description = supervisor.describe()
    if description != header["describe"]:
        message = "the backend describes itself otherwise than in the results"
        raise RerunRefusedError(message)
    entries = expectations(statement)
    bench = Bench(spec, description, header["seed"], limits, expected=entries)
    with Worker(bench) as worker:
        for job in _drawn(results, description, spec, count, seed):
            lines = worker.work(job).lines
            yield Again(job.id, *_compared(results.jobs[job.key], lines))


def _same(name: str, old: str, new: str) -> None:
    if old != new:
        message = f"the {name} here ({new[:19]}…) is not the one of the results ({old[:19]}…)"
        raise RerunRefusedError(message)


def _drawn(
    results: Results, description: Line, spec: BackendSpec, count: int, seed: int
) -> list[Any]:
    """The jobs to run, in the order of their keys."""
    options = campaign.Options(Path(), profile=results.header["profile"])
    plan = {job.key: job for job in campaign.planned(description, spec, options)}
    known = sorted(key for key in results.jobs if key in plan)
    chosen = random.Random(seed).sample(known, min(count, len(known)))  # noqa: S311  (a sample)
    return [plan[key] for key in sorted(chosen)]


def _compared(before: Sequence[Line], now: Sequence[Line]) -> tuple[bool, str]:
    """Whether lines are the same bytes, and the first that differs."""
    pairs = zip(before, now, strict=False)
    for number, (old, new) in enumerate(pairs, start=1):
        if journal.canonical(old) != journal.canonical(new):
            names = [name for name in old if old[name] != new.get(name)]
            return False, f"line {number} differs in {', '.join(names) or 'its names'}"
    if len(before) != len(now):
        return False, f"{len(now)} lines instead of {len(before)}"
    return True, ""
