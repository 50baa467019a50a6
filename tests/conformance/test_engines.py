"""The engines of a run: a pool that loses a process, an interrupt, a harness that is alone."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from multiprocessing import active_children
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn, cast

import pytest

from conformance import campaign, engines, journal
from conformance.backend import BackendSpec, resolve
from conformance.campaign import Options
from conformance.cli import main
from conformance.cli.trouble import Exit
from conformance.worker import Bench
from properties.checks import Job

CHOSEN = {"methods": ["mean"], "laws": ["shape", "span", "single-task", "zero-padding"]}
WORDS = ["certify", "numpy", "--methods", "mean", "--laws", ",".join(CHOSEN["laws"])]


@pytest.fixture(scope="module")
def spec() -> BackendSpec:
    """A bundled backend."""
    return resolve("numpy")


@pytest.fixture(scope="module")
def whole(spec: BackendSpec, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run in this process."""
    out = tmp_path_factory.mktemp("alone")
    campaign.run(spec, Options(out, **CHOSEN))
    return out


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same results."""
    return (one / journal.RESULTS).read_bytes() == (other / journal.RESULTS).read_bytes()


def test_a_process_of_the_pool_is_killed(spec: BackendSpec, whole: Path, tmp_path: Path) -> None:
    """Its jobs go to another pool, nothing is lost, and it is said."""
    notices: list[str] = []

    def told(done: int, _total: int, _label: str) -> None:
        if done == 2:
            os.kill(active_children()[0].pid or 0, signal.SIGKILL)

    campaign.run(spec, Options(tmp_path, jobs=2, **CHOSEN), told, notices.append)
    assert same(tmp_path, whole)
    assert ["was killed" in each for each in notices] == [True]


def test_a_process_of_the_pool_ends_by_a_signal_at_once(spec: BackendSpec) -> None:
    """A handler that raises would be caught as a job's own end, and the pool wait for ever."""
    with engines._pool(Bench(spec, {}, 0), 1) as pool:
        assert pool.submit(signal.getsignal, signal.SIGTERM).result() is signal.SIG_DFL


def test_pools_that_keep_breaking_leave_the_work_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three pools are tried; then the process works alone, and says so."""

    def broken(*_: object) -> NoReturn:
        raise BrokenProcessPool

    bench, jobs = cast("Bench", None), [Job("s", "b", "mean", "shape", "float64", {})]
    monkeypatch.setattr(engines, "_pool", lambda *_: nullcontext(SimpleNamespace(submit=broken)))
    monkeypatch.setattr(engines, "alone", lambda _, left: iter(left))
    notices: list[str] = []
    assert list(engines.worked(bench, jobs, 2, None, notices.append)) == jobs
    assert ["was killed" in each for each in notices] == [True] * engines.POOLS + [False]


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Children heed SIGINT, also where this process was started in the background, deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_leaves_a_part_and_says_how_to_go_on(tmp_path: Path) -> None:
    """What was finished is written, without a footer; the same command with --resume completes."""
    words = ["certify", "numpy", "--methods", "mgda", "--out", str(tmp_path), "--jobs"]
    command = [sys.executable, "-m", "conformance.cli", *words]
    with subprocess.Popen(
        [*command, "2"], stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if re.search(": [1-9] of", line):  # of a dozen and more
                break
        os.killpg(process.pid, signal.SIGINT)
        told = process.stderr.read()
    assert process.returncode == Exit.BROKEN
    assert "go on with the same command and --resume" in told
    assert "Traceback" not in told
    assert b"footer" not in (tmp_path / journal.RESULTS).read_bytes()
    subprocess.run([*command, "1", "--resume"], check=True, capture_output=True)
    assert b"footer" in (tmp_path / journal.RESULTS).read_bytes()


def test_a_torn_line_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says on stderr what it has mended."""
    (tmp_path / journal.JOURNAL).write_text('{"record":"hea')
    words = [*WORDS, "--laws", "shape", "--out", str(tmp_path), "--resume"]
    assert main(words) == Exit.OK
    assert "journal.jsonl was torn (14 bytes) and is dropped" in capsys.readouterr().err


def test_a_folder_in_use_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second harness of the same folder ends with one sentence, and touches nothing."""
    with journal.Journal(tmp_path):
        assert main([*WORDS, "--out", str(tmp_path)]) == Exit.USAGE
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "is being written by another run: wait, or take another --out" in err
    assert [path.name for path in tmp_path.iterdir()] == [journal.JOURNAL]
