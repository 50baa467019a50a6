"""The warden: what a backend started ends with it, and with the harness, however that went."""

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conformance import warden
from conformance.child import Child, ChildFailureError, Limits, output_of
from conformance.supervisor import Supervisor
from conformance.zoo.hostile import HOSTILE

LINUX = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")

HARNESS = """
import sys, time, threading
import numpy as np
from conformance.supervisor import Supervisor
from conformance.zoo.hostile import HOSTILE
supervisor = Supervisor(HOSTILE[sys.argv[1]].spec, timeout=600)
child = supervisor.living()
print(child.pid, child._process.pid, child._scratch, flush=True)
{action}
"""
ASK = "supervisor.evaluate('mean', {'jacobian': np.ones((3, 2))}, {})"
ENDS = {
    "killed": "time.sleep(600)",
    "hanging": ASK,
    "raising": "raise SystemError",
    "exiting": "import os; os._exit(1)",
}


def ended(process: int) -> bool:
    """Whether a process ends within ten seconds; one that only waits to be reaped has ended."""
    for _ in range(500):
        stat = Path(f"/proc/{process}/stat")
        try:
            os.kill(process, 0)
            if stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.02)
    return False


@LINUX
@pytest.mark.parametrize(("kind", "way"), [("hang", "hanging"), ("linger", "killed"),
                                           ("crash", "raising"), ("crash", "exiting")])  # fmt: skip
def test_a_backend_ends_with_its_harness(kind: str, way: str) -> None:
    """Killed while the backend hangs in native code, or ended anyhow: nothing and no file stays."""
    code = HARNESS.format(action=ENDS[way])
    command = [sys.executable, "-c", code, kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as harness:
        assert harness.stdout is not None
        program, guard, scratch = harness.stdout.readline().decode().split()
        if way in {"killed", "hanging"}:
            time.sleep(0.3)
            harness.send_signal(signal.SIGKILL)
        harness.wait(30)
    assert ended(int(guard))
    assert ended(int(program))
    assert not Path(scratch).exists()


def child(program: str, **limits: int) -> Child:
    """A Python program under a warden."""
    return Child([sys.executable, "-c", program], {}, Limits(**limits))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_signals_do_not_move_a_warden(number: int) -> None:
    """What a backend can send its parent, short of killing it, changes nothing."""
    one = child(f"import os; os.kill(os.getppid(), {number}); print(input(), flush=True)")
    assert one.exchange(b"still here\n", 30.0) == b"still here"
    one.kill()


def test_the_program_meets_default_signals_and_no_descriptor() -> None:
    """Nothing of the warden is inherited: neither deafness, nor its socket, nor core files."""
    told = (
        "import os, resource, signal; input();"
        "open_ones = [n for n in range(3, 64) if os.path.exists(f'/dev/fd/{n}')];"
        "blocked = signal.pthread_sigmask(signal.SIG_BLOCK, []);"
        "term = signal.getsignal(signal.SIGTERM) == signal.SIG_DFL;"
        "core = resource.getrlimit(resource.RLIMIT_CORE)[0];"
        "print(len(open_ones) < 2, len(blocked), term, core, os.getsid(0) == os.getpid())"
    )
    one = child(told)
    assert one.exchange(b"\n", 30.0) == b"True 0 True 0 True"
    one.kill()


def test_no_shell_reads_a_command(tmp_path: Path) -> None:
    """What a shell would take for more commands arrives as arguments."""
    words = ["; touch oops", "$(touch oops)", "`touch oops`", "> oops"]
    program = [sys.executable, "-c", "import sys; input(); print(sys.argv[1:], flush=True)", *words]
    one = Child(program, {"HERE": str(tmp_path)}, Limits())
    assert one.exchange(b"\n", 30.0).decode() == str(words)
    one.kill()


def test_a_program_that_cannot_be_started_says_why() -> None:
    """The system's own words come through the warden, and no folder is left."""
    with pytest.raises(ChildFailureError, match="/etc cannot be started: Permission denied"):
        Child(["/etc"], {}, Limits())


def test_an_endless_log_does_not_move_a_deadline() -> None:
    """The log is taken in portions: whoever writes faster than we read gains no time."""
    one = child("import os\nwhile True: os.write(2, b'x' * 65536)")
    started = time.monotonic()
    with pytest.raises(ChildFailureError, match=r"no reply within 0\.5 seconds"):
        one.exchange(b"\n", 0.5)
    one.kill()
    assert time.monotonic() - started < 8
    assert len(one.log) <= one.limits.log_bytes


def test_an_early_reply_cannot_be_prepared() -> None:
    """Ids leap by chance: what answers a request that was not yet made answers none."""
    with Supervisor(HOSTILE["early"].spec) as supervisor:
        steps = {supervisor._next() - before for before in [supervisor._asked] for _ in range(9)}
    assert len(steps) > 3
    assert min(steps) >= 16


@LINUX
def test_memory_is_that_of_all_descendants() -> None:
    """The resident memory and the family of this very process are seen."""
    with subprocess.Popen(shlex.split("sleep 60")) as other:
        assert other.pid in warden.descendants(os.getpid())
        assert warden.resident(other.pid) > 0
        other.kill()
    assert warden.resident(other.pid) == 0


def test_a_program_is_heard_to_its_end() -> None:
    """What writes and exits well is returned whole; a bad end and a late one are not taken."""
    python = [sys.executable, "-c"]
    assert output_of([*python, "print('x' * 300_000)"], {}, Limits()) == b"x" * 300_000 + b"\n"
    with pytest.raises(ChildFailureError, match="status 3"):
        output_of([*python, "print(1); raise SystemExit(3)"], {}, Limits())
    with pytest.raises(ChildFailureError, match="no reply within"):
        output_of([*python, "import time; time.sleep(60)"], {}, Limits(timeout=0.5))


@LINUX
def test_nothing_outlives_a_killed_run() -> None:
    """Of a run in a pool, killed outright, neither a worker nor a warden nor a backend is left."""
    code = "from conformance.selftest import run; run(methods=['mean'], jobs=2)"
    family: list[int] = []
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL) as harness:
        deadline = time.monotonic() + 60
        while len(family) < 7 and time.monotonic() < deadline:
            time.sleep(0.05)
            family = warden.descendants(harness.pid)
        harness.kill()
    assert len(family) >= 7
    assert all(map(ended, family))
