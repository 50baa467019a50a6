"""A Dask cluster as the engine of a run: the one file that imports distributed.

A job takes a tenth of a second where Dask takes milliseconds a task, so jobs travel in blocks
worth a second or more. A worker is a process with a supervisor of its own and does one job at a
time, however many threads it has; the backend runs on the worker's machine, and must be the one
that the harness names, judged by the same suite. A worker that dies takes nothing with it: Dask
gives its block to another, a block that several died of is split, and a single job that still
kills them is run by the harness itself.
"""

import logging
import math
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, final
from uuid import uuid4

from conformance import crew, engines
from conformance.engines import Finishing, Notice
from conformance.worker import Bench, Finished
from properties.checks import Job

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL = "local"  # the word for a cluster of this machine's own, for as long as the run takes
WORTH = 1.0  # seconds of a block, at least
GUESS = 0.25  # seconds of a job, before any is finished
LONGEST = 64  # jobs of a block
AHEAD = 2  # blocks for each worker: one at work, one waiting
PATIENCE = 30.0  # seconds until a missing worker is told

Block = tuple[Job, ...]
Reply = list[Finished] | crew.Refusal


@final
class ClusterError(RuntimeError):
    """The cluster cannot be used, or is gone; the message says what to try."""


def worked(
    bench: Bench, jobs: Sequence[Job], address: str, processes: int, notice: Notice
) -> Finishing:
    """Each job as it is finished; ClusterError where the cluster is of no use.

    ``address`` is a scheduler's, or the file that it wrote, or "local": ``processes`` workers on
    this machine.
    """
    with _client(address, processes) as client:
        run = _Crew(client, bench, jobs, address, notice)
        try:
            yield from run.finished()
        finally:
            run.leave()
    yield from engines.alone(bench, run.deadly)


def _distributed() -> Any:  # noqa: ANN401  (the library: its classes call untyped code)
    try:
        return import_module("distributed")
    except ModuleNotFoundError as error:
        message = "--scheduler needs distributed: pip install 'mtl-reference[scale]'"
        raise ClusterError(message) from error


@contextmanager
def _client(address: str, processes: int) -> Iterator["Client"]:
    """A client of the cluster; "local" is one that ends with the run."""
    library = _distributed()
    if address != LOCAL:
        with _silenced(), _met(address) as client:
            yield client
        return
    # No limit of memory: the supervisor has one for the backend, which is what may grow.
    options = {"threads_per_worker": 1, "memory_limit": 0, "dashboard_address": None,
               "silence_logs": logging.ERROR, "preload": crew.__name__}  # fmt: skip
    with library.LocalCluster(processes, **options) as local, library.Client(local) as client:
        yield client


def _met(address: str) -> "Client":
    """A client of the scheduler at an address, or named by the file that it wrote."""
    place = {"scheduler_file" if Path(address).is_file() else "address": address}
    try:
        found: Client = _distributed().Client(**place, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        message = f"no Dask scheduler answers at {address} ({_line(error)}): start one with"
        message += " 'dask scheduler', and workers with 'dask worker ADDRESS'"
        raise ClusterError(message) from error
    return found


@contextmanager
def _silenced() -> Iterator[None]:
    """Without the client's own log: what goes wrong there is an error here, in a sentence."""
    log = logging.getLogger("distributed.client")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


@final
class _Crew:
    """The workers of a cluster and what they are doing."""

    def __init__(
        self, client: "Client", bench: Bench, jobs: Sequence[Job], address: str, notice: Notice
    ) -> None:
        self.client, self.bench, self.address, self.notice = client, bench, address, notice
        self.left, self.split = deque(jobs), deque[Block]()
        self.deadly: list[Job] = []
        self.pending: dict[Future[Reply], Block] = {}
        self.seconds, self.count = GUESS, 1
        self.token = uuid4().hex
        orders = crew.orders(bench, self.token)
        self.orders = client.submit(crew.passed_on, orders, pure=False)

    def finished(self) -> Iterator[Finished]:
        """Each job that a worker has finished, until none is left but the deadly ones."""
        library = _distributed()
        while self._fed():
            out = list(self.pending)
            try:
                found = library.wait(out, timeout=PATIENCE, return_when="FIRST_COMPLETED")
            except TimeoutError:
                continue
            except CancelledError as error:
                raise self._gone() from error
            for future in found.done:
                yield from self._taken(future, self.pending.pop(future))

    def _fed(self) -> bool:
        """Hand out blocks as long as workers have room for them; whether any is out."""
        workers = self._workers()
        while (self.split or self.left) and len(self.pending) < AHEAD * workers:
            block = self.split.popleft() if self.split else self._block(workers)
            future = self.client.submit(crew.work, self.orders, block, pure=False)
            self.pending[future] = block
        return bool(self.pending)

    def _workers(self) -> int:
        """How many workers there are, one at least; that there is none for long is told."""
        try:
            while (count := len(self.client.scheduler_info()["workers"])) == 0:
                try:
                    self.client.wait_for_workers(1, timeout=PATIENCE)
                except TimeoutError:
                    self.notice(f"no worker is at {self.address}; waiting for one ('dask worker')")
        except (OSError, CancelledError) as error:
            raise self._gone() from error
        return count

    def _block(self, workers: int) -> Block:
        """The next jobs: worth a second by what jobs took so far, fewer where few are left."""
        wanted = math.ceil(WORTH * self.count / self.seconds)
        share = math.ceil(len(self.left) / (AHEAD * workers))
        size = min(wanted, share, LONGEST)
        return tuple(self.left.popleft() for _ in range(size))

    def _taken(self, future: "Future[Reply]", block: Block) -> Sequence[Finished]:
        """What a block has come to; nothing where it killed its workers."""
        try:
            found = future.result()
        except _distributed().KilledWorker:
            self._resume(block)
            return ()
        except CancelledError as error:
            raise self._gone() from error
        except Exception as error:
            raise self._unfit(_line(error)) from error
        if isinstance(found, crew.Refusal):
            raise self._unfit(found.reason)
        self.seconds += sum(each.seconds for each in found)
        self.count += len(found)
        return found

    def _resume(self, block: Block) -> None:
        """Split what workers died of; a single job is left to the harness."""
        if len(block) > 1:
            self.notice(f"several workers died of {len(block)} jobs; each is given out by itself")
            self.split.extend((job,) for job in block)
        else:
            self.notice(f"several workers died of {block[0].id}; it is run here")
            self.deadly += block

    def _unfit(self, reason: str) -> ClusterError:
        message = f"a worker of the cluster ({self.address}) cannot take part: {reason};"
        return ClusterError(f"{message} install there what the harness has, and --resume")

    def _gone(self) -> ClusterError:
        return ClusterError(f"the scheduler at {self.address} is gone: go on with --resume")

    def leave(self) -> None:
        """Take back what is not done, and end the supervisors that workers have for this run."""
        with suppress(Exception):  # whatever a dying cluster may say: the run itself is over
            client: Any = self.client
            if client.status == "running":
                client.cancel([*self.pending, self.orders], force=True)
                client.run(crew.leave, self.token, on_error="ignore")


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
