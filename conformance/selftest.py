"""The harness tried on itself: sound backends must be certified, and each faulty one rejected.

A faulty backend is asked under the laws that it breaks and for accuracy (under all laws of its
method where ``thorough``); it is rejected if every law that it breaks has failed. A hostile one
is rejected if the harness records what it did, and borne where it did nobody harm. A sound
backend is asked under all laws of all its methods; each must be certified. All at float64, with
failures as they are met, not shrunk.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from multiprocessing import get_context
from typing import Any, Final

from conformance import offspring
from conformance.backend import BackendSpec, resolve
from conformance.conclusion import concluded
from conformance.subject import BackendSubject
from conformance.supervisor import BrokenBackendError, Supervisor
from conformance.zoo.faults import FAULTS
from conformance.zoo.hostile import HOSTILE
from properties.checks import Job, JobRecord, jobs
from properties.checks import run as run_job
from properties.laws import LAWS

DTYPES: Final = ("float64",)
BROKEN: Final = "broken"  # no description, so nothing can be asked
SUPERVISED: Final[tuple[str, ...]] = ("crash", "timeout", "protocol")
WRONG: Final[tuple[str, ...]] = ("fail", "xpass", "refused", "unsupported", *SUPERVISED)

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the kill matrix.

    ``kind`` is good, faulty or hostile; ``fault`` says what is wrong; ``expected`` are the laws
    (or, for a hostile one, verdicts) that must catch it, ``caught`` those that did, and
    ``passed`` the laws that it kept. ``right`` is whether the harness judged as it must, and
    ``message`` why not.
    """

    backend: str
    method: str
    kind: str
    fault: str
    expected: tuple[str, ...]
    caught: tuple[str, ...]
    passed: tuple[str, ...]
    right: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """One backend and method to try, under some laws (None: all)."""

    backend: str
    method: str
    kind: str
    fault: str = ""
    expected: tuple[str, ...] = ()
    laws: tuple[str, ...] | None = None

    @property
    def spec(self) -> BackendSpec:
        """How to start the backend."""
        if self.kind == "faulty":
            return resolve(f"conformance.zoo.faults:{self.backend}")
        return HOSTILE[self.backend].spec if self.kind == "hostile" else resolve(self.backend)

    @property
    def limits(self) -> dict[str, Any]:
        """Limits of its supervisor."""
        return HOSTILE[self.backend].limits if self.kind == "hostile" else {}


def trials(*, methods: Collection[str] | None = None, thorough: bool = False) -> Iterator[Trial]:
    """Everything that the zoo holds, the sound backends (the slowest) first."""
    for backend in ("reference", "torch", "numpy"):
        if backend != "torch" or find_spec("torch") is not None:
            for method in _offered(backend, methods):
                yield Trial(backend, method, "good")
    for fault in FAULTS.values():
        if methods is None or fault.method in methods:
            laws = None if thorough else (*fault.breaks, "accuracy")
            yield Trial(fault.name, fault.method, "faulty", fault.description, fault.breaks, laws)
    for hostile in HOSTILE.values():
        expected = hostile.verdict if hostile.law is None else hostile.law
        if methods is None or "mean" in methods:
            laws = (hostile.law or "shape",)
            yield Trial(hostile.name, "mean", "hostile", hostile.does, (expected,), laws)


def run(
    *,
    profile: str = "quick",
    seed: int = 0,
    jobs: int = 2,
    methods: Collection[str] | None = None,
    thorough: bool = False,
    progress: Progress | None = None,
) -> tuple[Row, ...]:
    """The kill matrix, one row for each trial, in their order; ``jobs`` processes share the work.

    ``progress`` is told (done, total, label). The matrix is full if every row is right.
    """
    asked = list(trials(methods=methods, thorough=thorough))
    rows: dict[int, Row] = {}
    start = offspring.starting(_nothing)
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=start) as pool:
        futures = {
            pool.submit(attempt, trial, profile, seed): place for place, trial in enumerate(asked)
        }
        try:
            for future in as_completed(futures):
                place = futures[future]
                rows[place] = future.result()
                if progress is not None:
                    label = f"{asked[place].backend} {asked[place].method}"
                    progress(len(rows), len(asked), label)
        except BaseException:
            for process in list((pool._processes or {}).values()):  # noqa: SLF001  (no public way)
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return tuple(rows[place] for place in sorted(rows))


def _nothing() -> None:
    """All that a process of the pool has to do at its start, beside watching its parent."""


def attempt(trial: Trial, profile: str = "quick", seed: int = 0) -> Row:
    """Try one backend on one method."""
    with Supervisor(trial.spec, **trial.limits) as supervisor:
        try:
            described = supervisor.describe()
        except BrokenBackendError as error:
            return _row(trial, (BROKEN,), (), str(error) if trial.kind != "hostile" else "")
        asked = jobs(
            described,
            suite="selftest",
            backend=trial.backend,
            profile=profile,
            methods=[trial.method],
            laws=trial.laws,
            dtypes=DTYPES,
        )
        records: list[JobRecord] = []
        for job in asked:
            if trial.kind == "good" or job.law not in _broken(records):
                records.append(_record(job, supervisor, described, seed))
    return _judged(trial, records)


def _broken(records: Sequence[JobRecord]) -> set[str]:
    """The laws that have caught something: no more of their jobs are needed."""
    return {record.job.law for record in records if any(record.counts.get(w) for w in WRONG)}


def _record(job: Job, supervisor: Supervisor, described: Mapping[str, Any], seed: int) -> JobRecord:
    record = run_job(job, BackendSubject(supervisor, described, job.dtype), seed=seed, shrinks=0)
    return concluded(record, supervisor)


def _judged(trial: Trial, records: Sequence[JobRecord]) -> Row:
    counts: dict[str, Counter[str]] = {}
    for record in records:
        counts.setdefault(record.job.law, Counter()).update(record.counts)
    if trial.kind == "hostile":
        caught = _caught_hostile(records, counts)
    else:
        caught = tuple(law for law, each in counts.items() if any(each[name] for name in WRONG))
    passed = tuple(law for law, each in counts.items() if each["pass"] and law not in caught)
    return _row(trial, caught, passed, _unsound(counts) if trial.kind == "good" else "")


def _caught_hostile(
    records: Sequence[JobRecord], counts: Mapping[str, Counter[str]]
) -> tuple[str, ...]:
    """What the supervisor saw, then the laws that were broken; pass where there was neither."""
    verdicts = {record.verdict for record in records}.union(*counts.values())
    caught = tuple(verdict for verdict in SUPERVISED if verdict in verdicts)
    caught += tuple(law for law, each in counts.items() if each["fail"])
    return caught or (("pass",) if "pass" in verdicts else ())


def _row(trial: Trial, caught: tuple[str, ...], passed: tuple[str, ...], message: str) -> Row:
    """A line of the matrix: right if there is no message against it and nothing was missed."""
    message = message or ("" if trial.kind == "good" else _missed(trial, caught))
    return Row(
        trial.backend,
        trial.method,
        trial.kind,
        trial.fault,
        trial.expected,
        caught,
        passed,
        not message,
        message,
    )


def _missed(trial: Trial, caught: Collection[str]) -> str:
    """Which law let a fault through; empty if none did."""
    missed = [law for law in trial.expected if law not in caught]
    return f"{' and '.join(missed)} did not catch it" if missed else ""


def _unsound(counts: Mapping[str, Counter[str]]) -> str:
    """Why a sound backend is not certified; empty if it is."""
    for law, each in counts.items():
        if LAWS[law].gates and (found := [name for name in WRONG if each[name]]):
            return f"{law}: {each[found[0]]} {found[0]}"
        if LAWS[law].gates and not each["pass"]:
            return f"{law}: nothing passed ({dict(each)})"
    return "" if counts else "no job"


@cache
def _methods(backend: str) -> tuple[str, ...]:
    with Supervisor(resolve(backend)) as supervisor:
        return tuple(sorted(supervisor.describe()["methods"]))


def _offered(backend: str, methods: Collection[str] | None) -> Iterator[str]:
    return (name for name in _methods(backend) if methods is None or name in methods)
