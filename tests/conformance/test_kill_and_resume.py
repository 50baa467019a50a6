"""Kill the harness at any moment and go on: nothing is lost, nothing is run twice, nobody stays.

MTL_KILL_POINTS says how many kills there are, five where it is not set.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from conformance import failures, journal

POINTS = int(os.environ.get("MTL_KILL_POINTS", "5"))
CHAIN = 5  # kills of one run
ENGINES = [["--jobs", "1"], ["--jobs", "2"]] * 2
if POINTS > CHAIN:
    ENGINES.append(["--jobs", "2", "--scheduler", "local"])
PROC = Path("/proc")
SOURCE = '''
"""The mean, but for three rows."""

TOLD = {"dtypes": ["float64", "float32"]}


class Small:
    def describe(self):
        return {"name": "small", "version": "1", "methods": {"mean": TOLD}}

    def evaluate(self, method, inputs, params, random, seed):
        jacobian = inputs["jacobian"]
        return {"direction": jacobian[: 2 if len(jacobian) == 3 else 9].mean(axis=0)}
'''


@dataclass(frozen=True)
class Harness:
    """A command line that certifies a small backend, and a mark on all its processes."""

    folder: Path
    mark: str

    def start(self, out: Path, *options: str) -> subprocess.Popen[bytes]:
        """Start it in a process group of its own."""
        laws = "shape,span,single-task,permutation"
        words = [f"{self.folder}/small.py:Small", "--methods", "mean", "--laws", laws]
        words += ["--out", str(out), "--env", f"MTL_MARK={self.mark}", *options]
        environment = os.environ | {"MTL_MARK": self.mark}
        command = [sys.executable, "-m", "conformance.cli", "certify", *words]
        with (out.parent / f"{out.name}.log").open("wb") as log:
            return subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def alive(self) -> list[int]:
        """Processes that bear the mark."""
        found = []
        for folder in PROC.glob("[0-9]*"):
            try:
                if self.mark.encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
        return found

    def left(self) -> list[str]:
        """Command lines of what does not end within a moment."""
        end = time.monotonic() + 60
        while (found := self.alive()) and time.monotonic() < end:
            time.sleep(0.05)
        return [(PROC / str(each) / "cmdline").read_text() for each in found]


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Harness:
    """The harness and its backend in a file."""
    folder = tmp_path_factory.mktemp("backend")
    (folder / "small.py").write_text(SOURCE, encoding="utf-8")
    return Harness(folder, f"mark-{os.getpid()}-{time.time_ns()}")


@pytest.fixture(scope="module")
def whole(harness: Harness) -> tuple[Path, float]:
    """The folder of a run that nobody disturbs, and how many seconds it took."""
    started = time.monotonic()
    out = harness.folder / "whole"
    assert harness.start(out).wait() == 1
    return out, time.monotonic() - started


def moment(random: Random, out: Path, whole: Path, seconds: float) -> Callable[[], bool]:
    """When to kill: at some second, or as soon as the journal has some number of bytes."""
    path = out / journal.JOURNAL
    begun = path.stat().st_size if path.exists() else 0
    if random.random() < 0.4:
        end = time.monotonic() + random.uniform(0, 0.7 * seconds)
        return lambda: time.monotonic() > end
    size = random.uniform(begun, (whole / journal.JOURNAL).stat().st_size)
    return lambda: path.exists() and path.stat().st_size > size


def killed(process: subprocess.Popen[bytes], due: Callable[[], bool]) -> bool:
    """Kill a process when it is time; whether it was still there."""
    while process.poll() is None and not due():
        time.sleep(0.001)
    process.kill()
    return process.wait() == -signal.SIGKILL


def outcome(folder: Path) -> dict[str, bytes]:
    """What a run has found: its results, and the files of its failures."""
    kept = [folder / journal.RESULTS, *folder.glob(f"{failures.FOLDER}/*/*[!t]")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


@pytest.mark.skipif(not PROC.is_dir(), reason="processes are found by their mark in /proc")
@pytest.mark.parametrize("first", range(0, POINTS, CHAIN))
def test_kill_and_resume(harness: Harness, whole: tuple[Path, float], first: int) -> None:
    """Whenever it is killed and however often, the results are those of the undisturbed run."""
    out, random = harness.folder / f"run-{first}", Random(first)  # noqa: S311  (the same points)
    committed: set[str] = set()
    kills = 0
    while kills < min(CHAIN, POINTS - first):
        engine = random.choice(ENGINES)
        process = harness.start(out, "--resume", *engine)
        if killed(process, moment(random, out, *whole)):
            kills += 1
            assert harness.left() == []
            committed = kept(out, committed, kills)
            told = f"kill {first + kills} ({' '.join(engine)}), {len(committed)} jobs kept"
            sys.stderr.write(f"{told}\n")
        else:  # it was at its end: begin another
            assert outcome(out) == outcome(whole[0])
            shutil.rmtree(out)
            committed = set()
    assert harness.start(out, "--resume").wait() == 1
    assert outcome(out) == outcome(whole[0])
    done = Counter(each["job"] for each in commits(out))
    assert done == Counter(each["job"] for each in commits(whole[0]))


def commits(folder: Path) -> list[journal.Line]:
    """The commit lines of a journal."""
    return [
        line for line in journal.lines_of(folder / journal.JOURNAL) if line["record"] == "commit"
    ]


def kept(out: Path, before: set[str], kills: int) -> set[str]:
    """The jobs that a killed run has kept: all earlier ones, and all that it had told."""
    past = journal.read(out, mend=False)
    told = re.findall(rb": (\d+) of \d+", (out.parent / f"{out.name}.log").read_bytes())
    assert before <= set(past.jobs)
    assert len(past.jobs) >= max(map(int, told), default=0)
    lines = (out / journal.JOURNAL).read_bytes().splitlines() if past.headers else []
    begun = {job for line in lines for job in re.findall(rb'"job":"(\w+)"', line)}
    assert len(begun) <= len(past.jobs) + kills  # at most the one in flight, each time
    return set(past.jobs)
