"""What gives the properties' tests their jobs: the fixture ``backend``, and `parametrize`.

`conformance.pytest_plugin` loads it where the properties may be collected, and nobody else does.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.pytest_plugin import OURS, holds

if TYPE_CHECKING:
    from conformance.backend import BackendSpec
    from conformance.subject import BackendSubject
    from conformance.supervisor import Supervisor
    from properties.checks import Job, JobRecord

PROVERS = ("sympy", "z3")
BUNDLED = ("reference", "torch")  # the zoo judges its numpy forms itself, by `selftest`


@dataclass(slots=True)
class Bench:
    """A backend behind its supervisor, as the fixture ``backend`` hands it out."""

    name: str
    supervisor: "Supervisor"
    description: Mapping[str, Any]
    digest: str

    def jobs(self, profile: str) -> "Iterator[Job]":
        """The jobs for what the backend declares, and the vectors that gate, one by one."""
        from conformance import suite, vectors
        from properties.checks import jobs

        asked = {"suite": suite.digest(), "backend": self.digest, "profile": profile}
        yield from jobs(self.description, **asked)
        for block in vectors.planned(self.description, laws=(vectors.LAW,), **asked):
            yield from vectors.apart(block)

    def run(self, job: "Job") -> "JobRecord":
        """Run one job, with neither restarts nor quarantine of those before."""
        from conformance import vectors
        from conformance.conclusion import concluded
        from properties.checks import run

        judged = vectors.judged if job.law in vectors.LAWS else run
        return concluded(judged(job, self.subject(job.dtype)), self.supervisor)

    def subject(self, dtype: str) -> "BackendSubject":
        """The backend as a subject in a dtype, with neither restarts nor quarantine of before."""
        from conformance.subject import BackendSubject

        self.supervisor.renew()
        return BackendSubject(self.supervisor, self.description, dtype)


@dataclass(slots=True)
class Benches:
    """The backends that this session has started, by name; or why one cannot be."""

    started: dict[str, Bench] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def find(self, name: str) -> Bench | None:
        """Start a backend once; None where a library that it needs is not installed."""
        from conformance.backend import MissingLibraryError, resolve
        from conformance.supervisor import BrokenBackendError

        if name not in self.started and name not in self.missing:
            try:
                self.started[name] = _start(resolve(name))
            except MissingLibraryError as error:
                self.missing[name] = str(error)
            except (BrokenBackendError, ValueError) as error:
                raise pytest.Collector.CollectError(str(error)) from None
        return self.started.get(name)

    def close(self) -> None:
        """End every child process."""
        for bench in self.started.values():
            bench.supervisor.close()


BENCHES = pytest.StashKey[Benches]()
BROKEN = ("fail", "refused", "crash", "timeout", "protocol")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse an unknown backend before anything is collected."""
    from conformance.backend import MissingLibraryError, resolve

    for name in config.getoption("mtl_backends", default=None) or ():
        try:
            resolve(name)
        except MissingLibraryError:
            continue  # its jobs are skipped, with the reason
        except ValueError as error:
            raise pytest.UsageError(str(error)) from error


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave the proofs out where what proves them is not installed; the header says so."""
    return True if _unproved() and holds(OURS / "proofs", collection_path.resolve()) else None


def pytest_report_header() -> str | None:
    """Say what is left out, and what would bring it."""
    missing = _unproved()
    if not missing:
        return None
    hint = "pip install 'mtl-reference[proofs]'"
    return f"properties: the proofs are left out without {' and '.join(missing)}: {hint}"


def _unproved() -> list[str]:
    return [name for name in PROVERS if find_spec(name) is None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test every job of every chosen backend, or every method that it keeps a state for.

    The test takes ``backend`` and beside it ``job`` or ``stateful``.
    """
    beside = {"job", "stateful"} & set(metafunc.fixturenames)
    if not holds(OURS, metafunc.definition.path.resolve()) or not beside:
        return
    cases = _cases if beside == {"job"} else _sessions
    config = metafunc.config
    chosen = config.getoption("mtl_backends", default=None)
    profile = config.getoption("--mtl-profile", default="quick")
    names = chosen or BUNDLED
    benches = config.stash.setdefault(BENCHES, Benches())
    found = [case for name in names for case in cases(benches, name, profile, len(names) > 1)]
    metafunc.parametrize(("backend", *beside), found, indirect=["backend"])


@pytest.fixture(scope="session")
def backend(request: pytest.FixtureRequest) -> Bench | None:
    """The backend under test, started once."""
    return request.config.stash[BENCHES].find(request.param)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the backends that were started."""
    benches = config.stash.get(BENCHES, None)
    if benches is not None:
        benches.close()


def _cases(benches: Benches, name: str, profile: str, several: bool) -> Iterator[Any]:  # noqa: FBT001  (one of several backends)
    bench = benches.find(name)
    if bench is None:
        reason = pytest.mark.skip(reason=benches.missing[name])
        yield pytest.param(name, None, id=f"{name}:not-installed", marks=reason)
        return
    for job in bench.jobs(profile):
        yield pytest.param(name, job, id=f"{name}:{job.id}" if several else job.id)


def _sessions(benches: Benches, name: str, profile: str, several: bool) -> Iterator[Any]:  # noqa: FBT001  (one of several backends)
    del profile
    bench = benches.find(name)
    for method, offer in bench.description["methods"].items() if bench else ():
        if offer["stateful"]:
            yield pytest.param(name, method, id=f"{name}:{method}" if several else method)


def parametrized(spec: "BackendSpec", jobs: "Sequence[Job]") -> Callable[[Any], Any]:
    """Decorator that gives a test's argument ``check`` a callable for each job of a backend.

    Called without arguments it runs the job, and raises AssertionError with the counterexample
    where a law that gates is broken.
    """
    started: list[Bench] = []

    def bench() -> Bench:
        if not started:
            started.append(_start(spec))
        return started[0]

    cases = [pytest.param(partial(_check, bench, job), id=job.id) for job in _single(jobs)]
    return pytest.mark.parametrize("check", cases)


def _single(jobs: "Sequence[Job]") -> "Iterator[Job]":
    """The jobs, and in the place of a block of vectors each of them."""
    from conformance import vectors

    for job in jobs:
        yield from vectors.apart(job) if job.law in vectors.LAWS else (job,)


def _check(bench: Callable[[], Bench], job: "Job") -> None:
    from conformance.verdict import gates

    record = bench().run(job)
    if record.verdict in BROKEN and gates(job.law):
        shown = record.failure.example if record.failure else ""
        message = f"{record.verdict} of {job.id}: {record.message} {shown}"
        raise AssertionError(message)


def _start(spec: "BackendSpec") -> Bench:
    """Start a backend; its supervisor ends with the process at the latest."""
    from conformance.supervisor import Supervisor

    supervisor = Supervisor(spec)
    return Bench(spec.name, supervisor, supervisor.describe(), spec.digest)
