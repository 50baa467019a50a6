"""The engines of a run: this process, a pool of processes, or the workers of a Dask cluster.

Whatever the engine, each job comes back once and with the same lines; only the order differs.
A worker that is killed takes no job with it: its jobs are given to another.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context

from conformance import offspring, worker
from conformance.worker import Bench, Finished
from properties.checks import Job

Notice = Callable[[str], None]

Finishing = Generator[Finished, None, None]

POOLS = 3  # after so many that broke, what is left is run in this process


def worked(
    bench: Bench, jobs: Sequence[Job], processes: int, scheduler: str | None, notice: Notice
) -> Finishing:
    """Each job as it is finished; ``scheduler`` is the address of a Dask cluster, or "local"."""
    if scheduler is not None and jobs:
        from conformance import cluster

        return cluster.worked(bench, jobs, scheduler, processes, notice)
    return alone(bench, jobs) if processes == 1 else _together(bench, jobs, processes, notice)


def alone(bench: Bench, jobs: Sequence[Job]) -> Finishing:
    """Each job in turn, in this process."""
    with worker.Worker(bench) as one:
        yield from map(one.work, jobs)


def _together(bench: Bench, jobs: Sequence[Job], processes: int, notice: Notice) -> Finishing:
    """Each job on a pool; a pool of which a process was killed is replaced by another."""
    left = {job.key: job for job in jobs}
    for _ in range(POOLS):
        try:
            with _pool(bench, processes) as pool:
                for future in as_completed(
                    [pool.submit(worker.work, job) for job in left.values()]
                ):
                    finished = future.result()
                    del left[finished.key]
                    yield finished
        except BrokenProcessPool:
            notice(f"a process of the pool was killed; {len(left)} jobs are given to another pool")
        else:
            return
    notice("processes of the pool keep being killed; what is left is run in this one")
    yield from alone(bench, list(left.values()))


@contextmanager
def _pool(bench: Bench, processes: int) -> Iterator[ProcessPoolExecutor]:
    """Worker processes with a supervisor each, gone at the end whatever happens."""
    start = offspring.starting(partial(worker.start, bench))
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=start)
    try:
        yield pool
    except BaseException:
        for process in list((pool._processes or {}).values()):  # noqa: SLF001  (no public way)
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
