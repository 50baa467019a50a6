"""Runs on a Dask cluster: the bytes of a run in one process, whoever dies on the way."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn, cast

import pytest

from conformance import campaign, cluster, crew, journal
from conformance.backend import BackendSpec, resolve
from conformance.campaign import Options
from conformance.cluster import ClusterError
from conformance.worker import Bench
from properties.checks import Job

if TYPE_CHECKING:
    from distributed import Client

SOURCE = '''
"""The mean."""


class Small:
    def describe(self):
        return {"name": "small", "version": "1", "methods": {"mean": {}, "sum": {}}}

    def evaluate(self, method, inputs, params, random, seed):
        jacobian = inputs["jacobian"]
        return {"direction": jacobian.mean(axis=0) if method == "mean" else jacobian.sum(axis=0)}
'''
CHOSEN = {"methods": ["mean", "sum"], "laws": ["shape", "span", "single-task", "zero-padding"]}


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> BackendSpec:
    """A backend in a file."""
    file = tmp_path_factory.mktemp("backend") / "small.py"
    file.write_text(SOURCE, encoding="utf-8")
    return resolve(f"{file}:Small")


@pytest.fixture(scope="module")
def bench(spec: BackendSpec) -> Bench:
    """What a worker needs to judge the backend."""
    with Bench(spec, {}, 0).supervisor() as supervisor:
        return Bench(spec, supervisor.describe(), 0)


@pytest.fixture(scope="module")
def results(spec: BackendSpec, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The results of a run in one process."""
    out = tmp_path_factory.mktemp("alone")
    campaign.run(spec, Options(out, **CHOSEN))
    return (out / journal.RESULTS).read_bytes()


@pytest.fixture
def two() -> Iterator["Client"]:
    """A client of a cluster of two workers on loopback."""
    distributed = pytest.importorskip("distributed", reason="the extra scale is not installed")
    options = {"threads_per_worker": 1, "dashboard_address": None, "memory_limit": 0}
    with (
        distributed.LocalCluster(2, silence_logs=50, **options) as local,
        distributed.Client(local) as client,
    ):
        yield client


def test_a_worker_is_killed_midway(
    spec: BackendSpec, results: bytes, two: "Client", tmp_path: Path
) -> None:
    """Nothing is lost, nothing is told twice, and the results are the same bytes."""
    workers = sorted(two.run(os.getpid).values())
    ran: list[str] = []

    def told(done: int, total: int, label: str) -> None:
        ran.append(label)
        if done == total // 4:
            os.kill(workers[0], signal.SIGKILL)

    address = two.scheduler.address
    campaign.run(spec, Options(tmp_path, scheduler=address, **CHOSEN), told)
    assert (tmp_path / journal.RESULTS).read_bytes() == results
    assert len(ran) == len(set(ran))
    assert sorted(two.run(os.getpid).values()) != workers


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"suite": "sha256:other"}, "the suite digest is another (wanted sha256:other, is sha256:"),
        ({"environment": {"numpy": "0.1"}}, "the version of numpy is another (wanted 0.1, is "),
    ],
)
def test_a_worker_with_another_suite_takes_no_part(
    bench: Bench, changed: dict[str, Any], told: str
) -> None:
    """It says what differs, and runs nothing."""
    orders = crew.orders(bench, "test")
    if "environment" in changed:
        changed = {"environment": {**orders.environment, **changed["environment"]}}
    refusal = crew.work(replace(orders, **changed), jobs(bench)[:1])
    assert isinstance(refusal, crew.Refusal)
    assert told in refusal.reason


@pytest.mark.parametrize("what", ["digest", "description"])
def test_a_worker_with_another_backend_takes_no_part(bench: Bench, what: str) -> None:
    """The digest is of the worker's own files; the description is of its own backend."""
    changed: dict[str, Any] = {"description": {**bench.description, "version": "2"}}
    if what == "digest":
        changed = {"spec": replace(bench.spec, digest="0" * 64)}
    refusal = crew.work(crew.orders(replace(bench, **changed), "test"), jobs(bench)[:1])
    assert isinstance(refusal, crew.Refusal)
    assert re.search(f"the backend('s)? {what} is another", refusal.reason)


def jobs(bench: Bench) -> list[Job]:
    """A few jobs."""
    return campaign.planned(bench.description, bench.spec, Options(Path(), **CHOSEN))


class Deadly:
    """A client of a cluster whose workers die of one job."""

    status = "running"

    def __init__(self, victim: str) -> None:
        self.victim = victim
        self.blocks: list[int] = []

    def submit(self, task: Callable[..., object], *given: object, pure: bool) -> "Future[object]":
        """Run the task at once, in this process."""
        assert not pure
        done: Future[object] = Future()
        if task is crew.passed_on:
            done.set_result(given[0])
        else:
            orders, block = cast("tuple[Future[crew.Orders], list[Job]]", given)
            self.blocks.append(len(block))
            if any(job.key == self.victim for job in block):
                done.set_exception(KeyError("killed"))
            else:
                done.set_result(task(orders.result(), block))
        return done

    def scheduler_info(self) -> dict[str, Any]:
        """One worker."""
        return {"workers": {"one": {}}}

    def cancel(self, futures: list[Any], *, force: bool) -> None:
        """Nothing is left."""

    def run(self, task: Callable[..., object], *given: object, on_error: str) -> None:
        """Run on the one worker."""
        assert on_error == "ignore"
        task(*given)


def test_a_job_that_kills_workers_is_run_by_the_harness(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its block is split, so that the others stay on the cluster; in the end all are done once."""
    plan = jobs(bench)
    client = Deadly(plan[1].key)
    library = SimpleNamespace(
        wait=lambda out, **_: SimpleNamespace(done=out[:1]), KilledWorker=KeyError
    )
    monkeypatch.setattr(cluster, "_distributed", lambda: library)
    notices: list[str] = []
    run = cluster._Crew(client, bench, plan, "here", notices.append)  # type: ignore[arg-type]
    found = [each.key for each in run.finished()]
    run.leave()
    assert sorted(found) == sorted(job.key for job in plan if job.key != client.victim)
    assert run.deadly == [plan[1]]
    assert client.blocks[0] > 1
    assert ["split" in each or "by itself" in each for each in notices] == [True, False]


def test_a_scheduler_that_dies_ends_the_run(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a sentence that says how to go on."""

    def cancelled(*_: object, **__: object) -> NoReturn:
        raise CancelledError

    monkeypatch.setattr(cluster, "_distributed", lambda: SimpleNamespace(wait=cancelled))
    run = cluster._Crew(Deadly("all"), bench, jobs(bench), "here", print)  # type: ignore[arg-type]
    with pytest.raises(ClusterError, match="the scheduler at here is gone: go on with --resume"):
        list(run.finished())
    run.leave()


def test_a_library_that_is_missing_is_named(
    spec: BackendSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence says what to install; nothing is lost of what was there."""
    real = cluster.import_module

    def missing(name: str) -> ModuleType:
        if name == "distributed":
            raise ModuleNotFoundError(name)
        return real(name)

    monkeypatch.setattr(cluster, "import_module", missing)
    with pytest.raises(ClusterError, match=r"pip install 'mtl-reference\[scale\]'"):
        campaign.run(spec, Options(tmp_path, scheduler="local", **CHOSEN))


@pytest.mark.skipif(find_spec("distributed") is None, reason="the extra scale is not installed")
def test_a_scheduler_that_is_not_there_is_told(
    spec: BackendSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, and what to start."""
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with pytest.raises(ClusterError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9 "):
        campaign.run(spec, Options(tmp_path, scheduler="tcp://127.0.0.1:9", **CHOSEN))
