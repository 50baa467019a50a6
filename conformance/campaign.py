"""A run: the jobs of one backend, on one process or several, to results and a certificate."""

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, final

from conformance import certificate, failures, in_training, journal, suite, verdict, worker
from conformance.backend import BackendSpec
from conformance.certificate import Certificate
from conformance.in_training import Training
from conformance.worker import Bench, Finished
from mtl_reference import METHODS
from properties import checks
from properties.checks import Job

Progress = Callable[[int, int, str], None]
Line = Mapping[str, Any]
FILES = (journal.JOURNAL, journal.RESULTS, journal.TIMINGS, certificate.FILE)


@final
class ResumeRefused(ValueError):  # noqa: N818  (an answer to --resume, not a fault)
    """The folder holds a run of something else; the message says what differs."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a backend is run. ``shard`` is (index, count), the index from 0.

    ``env`` is added to the backend's environment; ``timeout`` is seconds for one request,
    ``memory`` MB. ``in_training`` names a benchmark at whose real steps answers are judged too;
    its data lie in ``data``.
    """

    out: Path
    profile: str = "quick"
    seed: int = 0
    jobs: int = 1
    methods: Collection[str] | None = None
    laws: Collection[str] | None = None
    dtypes: Collection[str] | None = None
    timeout: float | None = None
    memory: int | None = None
    shard: tuple[int, int] = (0, 1)
    resume: bool = False
    env: Mapping[str, str] = field(default_factory=dict)
    in_training: str | None = None
    data: Path | None = None

    @property
    def selection(self) -> dict[str, list[str] | None]:
        """What was selected; None for all."""
        chosen = {"methods": self.methods, "laws": self.laws, "dtypes": self.dtypes}
        return {name: None if some is None else sorted(some) for name, some in chosen.items()}

    @property
    def limits(self) -> dict[str, Any]:
        """Keyword arguments of a supervisor."""
        given: dict[str, Any] = {"variables": dict(self.env)}
        given |= {} if self.timeout is None else {"timeout": self.timeout}
        return given | ({} if self.memory is None else {"memory": self.memory})


def run(spec: BackendSpec, options: Options, progress: Progress | None = None) -> Certificate:
    """Judge a backend and write everything under ``options.out``.

    Raises BrokenBackendError where the backend cannot be asked, ResumeRefused where the folder
    holds another run. On KeyboardInterrupt what is finished is written without a footer, and the
    interrupt goes on.
    """
    bench = _bench(spec, options)
    header = _header(bench, options)
    plan = planned(bench.description, spec, options, bench.training)
    past = _past(header, options)
    done = {job.key: past.jobs[job.key] for job in plan if job.key in past.jobs}
    todo = [job for job in _sharded(plan, options.shard) if job.key not in done]
    complete = False
    try:
        with journal.Journal(options.out) as log:
            if past.header is None:
                log.header(header)
            for finished in _worked(bench, todo, options.jobs, progress, len(done)):
                _keep(finished, log, done, options.out, spec)
        complete = len(done) == len(plan)
    finally:
        found = _concluded(bench, options, header, plan, done, complete=complete)
    return found


def planned(
    description: Mapping[str, Any],
    spec: BackendSpec,
    options: Options,
    training: Training | None = None,
) -> list[Job]:
    """The jobs of a run, in a fixed order; those in training are the last."""
    chosen: dict[str, Any] = {
        "suite": suite.digest(),
        "backend": spec.digest,
        "profile": options.profile,
        "methods": options.methods,
        "laws": options.laws,
        "dtypes": options.dtypes,
    }
    searched = checks.jobs(description, **chosen)
    return [*searched, *in_training.planned(training, description, **chosen)]


def _bench(spec: BackendSpec, options: Options) -> Bench:
    """Ask the backend what it is, once."""
    bench = Bench(spec, {}, options.seed, options.limits)
    with bench.supervisor() as supervisor:
        description = supervisor.describe()
    return Bench(spec, description, options.seed, options.limits, _training(options))


def _training(options: Options) -> Training | None:
    """The jacobians of the training that was asked for."""
    if options.in_training is None:
        return None
    place, seed, data = options.out, options.seed, options.data
    return in_training.captured(options.in_training, options.profile, place, seed=seed, data=data)


def _header(bench: Bench, options: Options) -> dict[str, Any]:
    return {
        "record": "header",
        "suite": suite.identity(),
        "backend": bench.spec.name,
        "artifact": f"sha256:{bench.spec.digest}",
        "describe": dict(bench.description),
        "environment": suite.environment(options.env),
        "seed": options.seed,
        "profile": options.profile,
        "selection": {
            **options.selection,
            "in_training": bench.training.identity if bench.training else None,
        },
    }


def _past(header: Line, options: Options) -> journal.Past:
    """What is there to go on from; without --resume an earlier run is cleared away."""
    if not options.resume:
        for name in FILES:
            (options.out / name).unlink(missing_ok=True)
        shutil.rmtree(options.out / failures.FOLDER, ignore_errors=True)
        return journal.Past()
    past = journal.read(options.out)
    if past.header is not None:
        _same_run(past.header, header)
    return past


def _same_run(before: Line, now: Line) -> None:
    """Refuse to mix the results of two runs; ResumeRefused names the first difference."""
    told = {
        "suite digest": [one["suite"]["digest"] for one in (before, now)],
        "backend digest": [one["artifact"] for one in (before, now)],
        "backend's description": [one["describe"] for one in (before, now)],
        "seed": [one["seed"] for one in (before, now)],
        "profile": [one["profile"] for one in (before, now)],
        "training": [one["selection"].get("in_training") for one in (before, now)],
    }
    for name, (old, new) in told.items():
        if old != new:
            shown = "" if isinstance(old, dict) else f" (was {old}, is {new})"
            message = f"cannot resume: the {name} changed{shown}; start anew, or take another --out"
            raise ResumeRefused(message)


def _sharded(plan: Sequence[Job], shard: tuple[int, int]) -> list[Job]:
    """The jobs of one shard: those whose key, as a number, leaves its index as the remainder."""
    index, count = shard
    return [job for job in plan if int(job.key, 16) % count == index]


def _worked(
    bench: Bench, jobs: Sequence[Job], processes: int, progress: Progress | None, before: int
) -> Iterator[Finished]:
    """Each job as it is finished, telling how far the run is."""
    total = before + len(jobs)
    names = {job.key: job.id for job in jobs}
    if progress is not None:
        progress(before, total, "")
    source = _alone(bench, jobs) if processes == 1 else _together(bench, jobs, processes)
    for place, finished in enumerate(source, start=before + 1):
        yield finished
        if progress is not None:
            progress(place, total, names[finished.key])


def _alone(bench: Bench, jobs: Sequence[Job]) -> Iterator[Finished]:
    with worker.Worker(bench) as one:
        yield from map(one.work, jobs)


def _together(bench: Bench, jobs: Sequence[Job], processes: int) -> Iterator[Finished]:
    with _pool(bench, processes) as pool:
        for future in as_completed([pool.submit(worker.work, job) for job in jobs]):
            yield future.result()


@contextmanager
def _pool(bench: Bench, processes: int) -> Iterator[ProcessPoolExecutor]:
    """Worker processes with a supervisor each, gone at the end whatever happens."""
    pool = ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=partial(worker.start, bench)
    )
    try:
        yield pool
    except BaseException:
        for process in list((pool._processes or {}).values()):  # noqa: SLF001  (no public way)
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _keep(
    finished: Finished,
    log: journal.Journal,
    done: dict[str, Sequence[Line]],
    out: Path,
    spec: BackendSpec,
) -> None:
    """Write a failure's folder first, so that a committed line never names one that is not."""
    if finished.failure is not None:
        failures.write(out, finished.failure, spec)
    log.job(finished.key, finished.lines, finished.seconds)
    done[finished.key] = finished.lines


def _concluded(
    bench: Bench,
    options: Options,
    header: Line,
    plan: Sequence[Job],
    done: Mapping[str, Sequence[Line]],
    *,
    complete: bool,
) -> Certificate:
    """Write results, timings and certificate of what is finished."""
    methods = folded(bench.description, plan, done, options.methods)
    lines = sum(len(each) for each in done.values())
    footer = {
        "record": "footer",
        "jobs": len(done),
        "lines": lines,
        "totals": certificate.totals(methods.values()),
    }
    path = journal.results(options.out, header, done, footer if complete else None)
    journal.timings(options.out, journal.durations(options.out))
    limits = certificate.limits(options.selection, options.profile, options.seed)
    limits = " ".join([limits, *in_training.limits(bench.training)])
    found = certificate.certificate(bench.spec, header, methods, path, limits)
    found.write(options.out)
    return found


def folded(
    description: Mapping[str, Any],
    plan: Sequence[Job],
    done: Mapping[str, Sequence[Line]],
    selected: Collection[str] | None,
) -> dict[str, verdict.MethodResult]:
    """Every method's result: of the finished jobs, and of those that are missing."""
    results = {}
    for method in sorted(METHODS):
        if selected is not None and method not in selected:
            continue
        jobs = [job for job in plan if job.method == method]
        if method not in description["methods"] or not jobs:
            standing = verdict.Standing.UNSUPPORTED
            results[method] = verdict.MethodResult(method, standing)
            continue
        lines = [line for job in jobs for line in done.get(job.key, ())]
        laws = {law: _law(law, jobs, lines, done) for law in sorted({job.law for job in jobs})}
        examples = [line for line in lines if line["record"] == "verdict"]
        results[method] = verdict.method_result(method, laws, examples)
    return results


def _law(
    law: str, jobs: Sequence[Job], lines: Sequence[Line], done: Mapping[str, Any]
) -> verdict.LawResult:
    own = [line for line in lines if line["law"] == law]
    missing = sum(job.key not in done for job in jobs if job.law == law)
    return verdict.law_result(
        law,
        [line for line in own if line["record"] == "verdict"],
        [line for line in own if line["record"] == "job"],
        missing,
    )
