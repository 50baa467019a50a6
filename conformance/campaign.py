"""A run: the jobs of one backend, on one process or several, to results and a certificate."""

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, final

from conformance import (
    certificate,
    engines,
    expected,
    failures,
    in_training,
    journal,
    resumption,
    signing,
    suite,
    vectors,
    verdict,
)
from conformance.backend import BackendSpec
from conformance.certificate import Certificate
from conformance.engines import Finishing
from conformance.in_training import Training
from conformance.journal import Line, Past
from conformance.resumption import Notice
from conformance.worker import Bench, Finished
from mtl_reference import METHODS
from properties import checks
from properties.checks import Job

Progress = Callable[[int, int, str], None]
# What a new run clears away beside the journal and the failures: none of it may outlive its run.
FILES = (
    journal.RESULTS,
    journal.TIMINGS,
    certificate.FILE,
    certificate.ENVELOPE,
    "junit.xml",
    "ctrf.json",
    "badge.json",
)


@dataclass(frozen=True, slots=True)
class Options:
    """How a backend is run. ``shard`` is (index, count), the index from 0.

    ``jobs`` processes share the work, or the workers of the Dask cluster at ``scheduler``.
    What ``out`` holds of the run is gone on with by ``resume``, and so is what lies in the folders
    to ``merge``.

    ``env`` is added to the backend's environment; ``timeout`` is seconds for one request,
    ``memory`` MB. ``in_training`` names a benchmark at whose real steps answers are judged too;
    its data lie in ``data``. ``expected`` is a file of failures that are expected, ``sign`` the
    private key that the certificate of a complete run is signed with.
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
    scheduler: str | None = None
    resume: bool = False
    merge: Sequence[Path] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    in_training: str | None = None
    data: Path | None = None
    expected: Path | None = None
    sign: Path | None = None

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


def run(
    spec: BackendSpec,
    options: Options,
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> Certificate:
    """Judge a backend and write everything under ``options.out``.

    Raises BrokenBackendError where the backend cannot be asked, ResumeRefused where the folder
    holds another run, FolderInUseError where another run writes to it, ClusterError where the
    scheduler cannot be used, ExpectedError or SigningError where the file of expected failures or
    the key is no good. On KeyboardInterrupt what is finished is written without a footer,
    and the interrupt goes on. ``notice`` is told what is out of the ordinary, in sentences.
    """
    notice = notice or _unheard
    bench = _bench(spec, options)
    with journal.Journal(options.out) as log:
        bench = replace(bench, training=_training(options))
        plan = _expecting(bench, options)
        ledger = _Ledger(log, bench, options, _past(log, bench, options, notice))
        before = sum(job.key in ledger.done for job in plan)
        todo = [job for job in _sharded(plan, options.shard) if job.key not in ledger.done]
        try:
            with closing(_worked(bench, todo, options, before, progress, notice)) as source:
                for finished in source:
                    ledger.keep(finished)
        finally:
            found = _concluded(ledger, plan)
    return found


def _unheard(_: str) -> None:
    """Nobody listens."""


def planned(
    description: Mapping[str, Any],
    spec: BackendSpec,
    options: Options,
    training: Training | None = None,
) -> list[Job]:
    """The jobs of a run, in a fixed order: vectors first, those in training last."""
    chosen: dict[str, Any] = {
        "suite": suite.digest(),
        "backend": spec.digest,
        "profile": options.profile,
        "methods": options.methods,
        "laws": options.laws,
        "dtypes": options.dtypes,
    }
    frozen = vectors.planned(description, **chosen)
    searched = checks.jobs(description, **chosen)
    return [*frozen, *searched, *in_training.planned(training, description, **chosen)]


def _expecting(bench: Bench, options: Options) -> list[Job]:
    """The jobs of the run; ExpectedError where an expected failure is that of none."""
    plan = planned(bench.description, bench.spec, options, bench.training)
    unselected = replace(options, methods=None, laws=None, dtypes=None)
    rest = partial(planned, bench.description, bench.spec, unselected, bench.training)
    expected.check(bench.expected, plan, rest)
    return plan


def _bench(spec: BackendSpec, options: Options) -> Bench:
    """Ask the backend what it is, once; a bad file or key is told before anything is asked."""
    entries = () if options.expected is None else expected.load(options.expected)
    if options.sign is not None:
        signing.signer(options.sign)
    bench = Bench(spec, {}, options.seed, options.limits)
    with bench.supervisor() as supervisor:
        description = supervisor.describe()
    return Bench(spec, description, options.seed, options.limits, expected=entries)


def _training(options: Options) -> Training | None:
    """The jacobians of the training that was asked for."""
    if options.in_training is None:
        return None
    place, seed, data = options.out, options.seed, options.data
    name = in_training.file_name(options.in_training, options.profile, seed)
    resumption.training(options.merge, place, name)
    return in_training.captured(options.in_training, options.profile, place, seed=seed, data=data)


def _header(bench: Bench, options: Options, environment: Line) -> dict[str, Any]:
    return {
        "record": "header",
        "suite": suite.identity(),
        "backend": bench.spec.name,
        "artifact": f"sha256:{bench.spec.digest}",
        "describe": dict(bench.description),
        "environment": dict(environment),
        "seed": options.seed,
        "profile": options.profile,
        "selection": {
            **options.selection,
            "in_training": bench.training.identity if bench.training else None,
            "expected": expected.digest(bench.expected),
        },
    }


def _past(log: journal.Journal, bench: Bench, options: Options, notice: Notice) -> Past:
    """What there is to go on from; without --resume an earlier run is cleared away."""
    if not options.resume and not options.merge:
        log.clear()
        for name in FILES:
            (options.out / name).unlink(missing_ok=True)
        shutil.rmtree(options.out / failures.FOLDER, ignore_errors=True)
    header = _header(bench, options, bench.environment)
    return resumption.resumed(log, options.out, header, options.merge, notice)


def _sharded(plan: Sequence[Job], shard: tuple[int, int]) -> list[Job]:
    """The jobs of one shard: those whose key, as a number, leaves its index as the remainder."""
    index, count = shard
    return [job for job in plan if int(job.key, 16) % count == index]


def _worked(
    bench: Bench,
    jobs: Sequence[Job],
    options: Options,
    before: int,
    progress: Progress | None,
    notice: Notice,
) -> Finishing:
    """Each job as it is finished, telling how far the run is."""
    total = before + len(jobs)
    names = {job.key: job.id for job in jobs}
    if progress is not None:
        progress(before, total, "")
    with closing(engines.worked(bench, jobs, options.jobs, options.scheduler, notice)) as source:
        for place, finished in enumerate(source, start=before + 1):
            yield finished
            if progress is not None:
                progress(place, total, names[finished.key])


@final
class _Ledger:
    """What a run knows: the finished jobs and the environments met, in memory as in its journal."""

    def __init__(self, log: journal.Journal, bench: Bench, options: Options, past: Past) -> None:
        self.log, self.bench, self.options = log, bench, options
        self.done = dict(past.jobs)
        self.places = [each["environment"] for each in past.headers]

    def keep(self, finished: Finished) -> None:
        """Write a failure's folder first, so that a committed line never names one that is not."""
        if finished.environment not in self.places:
            self.places.append(finished.environment)
            self.log.header(_header(self.bench, self.options, finished.environment))
        if finished.failure is not None:
            failures.write(self.options.out, finished.failure)
        self.log.job(finished.key, finished.lines, finished.seconds)
        self.done[finished.key] = finished.lines

    @property
    def header(self) -> Line:
        """The header of the results: of all environments together."""
        return _header(self.bench, self.options, suite.together(self.places))


def _concluded(ledger: _Ledger, plan: Sequence[Job]) -> Certificate:
    """Write results, timings and certificate of what is finished."""
    bench, options, header = ledger.bench, ledger.options, ledger.header
    done = {job.key: ledger.done[job.key] for job in plan if job.key in ledger.done}
    methods = folded(bench.description, plan, done, options.methods)
    footer = {
        "record": "footer",
        "jobs": len(done),
        "lines": sum(len(each) for each in done.values()),
        "totals": certificate.totals(methods.values()),
    }
    complete = len(done) == len(plan)
    path = journal.results(options.out, header, done, footer if complete else None)
    journal.timings(options.out, journal.durations(options.out))
    limits = certificate.limits(options.selection, options.profile, options.seed)
    limits = " ".join([limits, *in_training.limits(bench.training)])
    honoured = expected.honoured(bench.expected, plan)
    limits = " ".join([limits, *expected.limits(honoured)])
    found = certificate.certificate(bench.spec, header, methods, path, limits, honoured)
    found.write(options.out)
    if complete and options.sign is not None:
        signing.sign(options.out, options.sign)
    return found


def folded(
    description: Mapping[str, Any],
    plan: Sequence[Job],
    done: Mapping[str, Sequence[Line]],
    selected: Collection[str] | None,
) -> dict[str, verdict.MethodResult]:
    """Every method's result: of the finished jobs, and of those that are missing.

    Neither the order of the plan nor that of the jobs matters: results.jsonl alone is enough.
    """
    results = {}
    for method in sorted(METHODS):
        if selected is not None and method not in selected:
            continue
        jobs = sorted((job for job in plan if job.method == method), key=lambda job: job.id)
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
