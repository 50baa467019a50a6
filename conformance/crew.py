"""What a worker of a cluster does: the jobs of one run, on a supervisor that it keeps for the run.

One job at a time in a process: exact arithmetic has a precision that is the process's own.
A supervisor that nobody uses for a while is ended, for a harness may go without a word.
"""

import shlex
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock, Thread
from typing import final
from warnings import filterwarnings

from conformance import suite
from conformance.backend import BackendSpec, resolve
from conformance.registry import BACKENDS
from conformance.supervisor import BrokenBackendError, Supervisor
from conformance.worker import Bench, Finished, Worker
from properties.checks import Job

IDLE = 60.0  # seconds after which a supervisor is ended
TICK = 5.0
HOST = ("-m", "conformance.host")


@final
class _ForeignError(RuntimeError):
    """This worker has another suite, backend or library than the harness."""


@final
@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a worker takes no job of a run, as the reply that travels back."""

    reason: str


@final
@dataclass(frozen=True, slots=True)
class Orders:
    """What every worker is told: the bench, and what it must have in common with the harness."""

    bench: Bench
    token: str
    suite: str
    environment: Mapping[str, str]


def orders(bench: Bench, token: str) -> Orders:
    """The orders of a run that is called ``token``."""
    return Orders(bench, token, suite.digest(), bench.environment)


def dask_setup(_: object) -> None:
    """Leave Ctrl-C to the harness, as Dask calls this in a process that it starts for one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def passed_on(told: Orders) -> Orders:
    """The orders themselves: a task that Dask keeps, and makes again where it is lost."""
    return told


@final
@dataclass(slots=True)
class _Seat:
    """The worker of one run in this process, and when it was last used."""

    worker: Worker
    used: float


_LOCK = Lock()
_SEATS: dict[str, _Seat] = {}
_LEFT: set[str] = set()


def work(told: Orders, jobs: Sequence[Job]) -> list[Finished] | Refusal:
    """Run a block of jobs; a refusal where this worker would judge something else, or nothing."""
    with _LOCK:
        try:
            seat = _seat(told)
        except (_ForeignError, BrokenBackendError, ImportError, ValueError) as error:
            return Refusal(f"on {socket.gethostname()} {' '.join(str(error).split())}")
        found = [seat.worker.work(job) for job in jobs if told.token not in _LEFT]
        seat.used = time.monotonic()
        if told.token in _LEFT:
            _end(told.token)
        return found


def _seat(told: Orders) -> _Seat:
    # Dask's own thread draws from `random` while Hypothesis sees to it that no strategy does.
    filterwarnings("ignore", "Do not use the `random` module")
    if told.token not in _SEATS:
        _SEATS[told.token] = _Seat(_worker(told), time.monotonic())
        Thread(target=_sweep, daemon=True).start()
    return _SEATS[told.token]


def leave(token: str) -> None:
    """End this process's part in a run; never waits for a job at work."""
    _LEFT.add(token)
    if _LOCK.acquire(blocking=False):
        try:
            _end(token)
        finally:
            _LOCK.release()


def _end(token: str) -> None:
    if (seat := _SEATS.pop(token, None)) is not None:
        seat.worker.supervisor.close()


def _sweep() -> None:
    """End what is idle, until nothing is left."""
    while _SEATS:
        time.sleep(TICK)
        with _LOCK:
            for token, seat in list(_SEATS.items()):
                if time.monotonic() - seat.used > IDLE:
                    _end(token)


# Is it the same here? --------------------------------------------------------------------------


def _worker(told: Orders) -> Worker:
    """A worker that judges the harness's backend by the harness's suite."""
    _alike("suite digest", told.suite, suite.digest())
    here, there = suite.fixed(told.bench.environment), suite.fixed(told.environment)
    for name in sorted(here.keys() | there.keys()):
        _alike(name, there.get(name), here.get(name))
    spec = _found(told.bench.spec)
    _alike("backend digest", told.bench.spec.digest, spec.digest)
    supervisor = Supervisor(spec, **told.bench.limits)
    if supervisor.describe() != told.bench.description:
        supervisor.close()
        _alike("backend's description", "the harness's", "another")
    return Worker(told.bench, supervisor)


def _alike(name: str, wanted: str | None, found: str | None) -> None:
    if wanted != found:
        message = f"the {name} is another (wanted {wanted}, is {found})"
        raise _ForeignError(message)


def _found(spec: BackendSpec) -> BackendSpec:
    """The backend as this machine has it, by the same name."""
    if spec.argv[1:3] != HOST:
        return resolve(command=shlex.join(spec.argv))
    if spec.name.partition("@")[0] in BACKENDS:
        return resolve(spec.name)
    with _importable(dict(spec.variables).get("PYTHONPATH")):
        return resolve(spec.argv[3])


@contextmanager
def _importable(folder: str | None) -> Iterator[None]:
    """Look for modules in a folder too."""
    added = [folder] if folder else []
    sys.path[:0] = added
    try:
        yield
    finally:
        del sys.path[: len(added)]
