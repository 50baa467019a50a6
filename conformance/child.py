"""One backend process: started in a group and a scratch folder of its own, heard with a deadline.

A hang in native code holds no deadline up: the pipes are polled from outside and the group is
killed. Requests, replies and the log go through one loop, so a full pipe blocks neither side.
"""

import math
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import final

from conformance.reply import Status
from conformance.wire import excerpt

INHERITED = (
    "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "LANG", "LC_ALL", "LC_CTYPE",
    "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "CUDA_HOME", "CUDA_VISIBLE_DEVICES",
)  # fmt: skip
FIXED = {
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}
CHUNK = 1 << 18
TICK = 0.1
GRACE = 1.0
WAITID = hasattr(os, "waitid")  # missing on macOS before Python 3.13: then only pipes tell


@final
@dataclass(frozen=True, slots=True)
class Limits:
    """What a backend may take: seconds, megabytes, restarts (for each method), bytes."""

    timeout: float = 30.0
    startup: float = 120.0
    memory: int = 8192
    restarts: int = 5
    reply_bytes: int = 1 << 26
    log_bytes: int = 1 << 16


@final
class ChildFailureError(Exception):
    """The process cannot go on: ``status`` tells a crash, a time-out or a broken protocol."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def environment(additions: Mapping[str, str]) -> dict[str, str]:
    """Environment of a backend: an allow-list of ours, one thread, and what was asked for."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return inherited | FIXED | dict(additions)


@final
class Child:
    """A running backend; ``exchange`` asks it once, ``kill`` ends it and all that it started."""

    def __init__(self, argv: Sequence[str], additions: Mapping[str, str], limits: Limits) -> None:
        self.limits = limits
        self._scratch = tempfile.mkdtemp(prefix="mtl-conformance-")
        self._received, self._seen, self._log = bytearray(), 0, bytearray()
        self._looked = time.monotonic()
        try:
            self._process = _spawn(argv, self._scratch, environment(additions))
        except OSError as error:
            shutil.rmtree(self._scratch, ignore_errors=True)
            message = f"{argv[0]} cannot be started: {error.strerror}"
            raise ChildFailureError(Status.CRASH, message) from error
        pipes = (self._process.stdin, self._process.stdout, self._process.stderr)
        self._stdin, self._stdout, self._stderr = (pipe.fileno() for pipe in pipes if pipe)
        for descriptor in (self._stdin, self._stdout, self._stderr):
            os.set_blocking(descriptor, False)
        self._poll = select.poll()
        self._poll.register(self._stdout, select.POLLIN)
        self._poll.register(self._stderr, select.POLLIN)

    @property
    def log(self) -> str:
        """The tail of what the process wrote on stderr."""
        return self._log.decode(errors="replace")

    @property
    def pid(self) -> int:
        """Process id, which is the group's and the session's too."""
        return self._process.pid

    def exchange(self, line: bytes, seconds: float) -> bytes:
        """First line after ``line`` was sent, without its newline; ChildFailureError if none.

        What the process wrote before it was asked belongs to no request: a protocol failure.
        """
        self._refuse_early_output()
        deadline = time.monotonic() + seconds
        pending = self._send(memoryview(line))
        while pending or (end := self._received.find(b"\n", self._seen)) < 0:
            self._seen = len(self._received)
            pending = self._turn(pending, deadline, seconds)
        reply = bytes(self._received[:end])
        del self._received[: end + 1]
        self._seen = 0
        return reply

    def kill(self) -> None:
        """Kill the group, reap the process, remove its folder. Harmless when done twice."""
        if self._process.returncode is None:  # not reaped: the group's number is still ours
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(GRACE * 10)
            with suppress(OSError):
                self._listen()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def stop(self, line: bytes) -> None:
        """Ask the process to end, give it a moment, and kill what is left."""
        with suppress(ChildFailureError):
            self.exchange(line, GRACE)
            if self._process.stdin:
                self._process.stdin.close()
            self._await_exit()
        self.kill()

    def _refuse_early_output(self) -> None:
        if not self._received:
            self._receive()
        if self._received:
            message = f"output that no request asked for: {excerpt(self._received)}"
            raise ChildFailureError(Status.PROTOCOL, message)

    def _turn(self, pending: memoryview, deadline: float, seconds: float) -> memoryview:
        """Wait for one event, or a tick; return what is still to be sent."""
        left = deadline - time.monotonic()
        if left <= 0:
            message = f"no reply within {seconds:g} seconds"
            raise ChildFailureError(Status.TIMEOUT, message)
        if pending:
            self._poll.register(self._stdin, select.POLLOUT)
        for descriptor, _ in self._poll.poll(math.ceil(1000 * min(left, TICK))):
            if descriptor == self._stdin:
                pending = self._send(pending)
            elif descriptor == self._stderr:
                self._listen()
            else:
                self._receive()
        self._look_after()
        return pending

    def _send(self, pending: memoryview) -> memoryview:
        try:
            pending = pending[os.write(self._stdin, pending) :]
        except BlockingIOError:
            return pending
        except BrokenPipeError:
            pending = pending[:0]  # it has closed its input; its output says the rest
        if not pending:
            with suppress(KeyError):
                self._poll.unregister(self._stdin)
        return pending

    def _receive(self) -> None:
        with suppress(BlockingIOError):
            data = os.read(self._stdout, CHUNK)
            self._received += data
            if not data:
                raise ChildFailureError(Status.CRASH, self._ending())
        if len(self._received) > self.limits.reply_bytes:
            message = f"a reply of more than {self.limits.reply_bytes} bytes"
            raise ChildFailureError(Status.PROTOCOL, message)

    def _listen(self) -> None:
        """Take what lies on stderr and keep its tail."""
        with suppress(BlockingIOError):
            while data := os.read(self._stderr, CHUNK):
                self._log += data
                del self._log[: -self.limits.log_bytes]
            with suppress(KeyError):
                self._poll.unregister(self._stderr)

    def _ending(self) -> str:
        exited = self._await_exit()
        self.kill()
        code = self._process.returncode
        if not exited:
            return "it closed its output and went on"
        if code is not None and code < 0:
            known = {int(number): number.name for number in signal.Signals}
            return f"it was killed by {known.get(-code, f'signal {-code}')}"
        return f"it exited with status {code}"

    def _await_exit(self) -> bool:
        """Whether the process ends within a moment; it is not reaped, so its group stays ours."""
        deadline = time.monotonic() + GRACE
        while not _ended(self.pid):
            if time.monotonic() > deadline:
                return not WAITID
            self._listen()
            time.sleep(TICK / 50)
        return True

    def _look_after(self) -> None:
        """Now and then: is it alive (its children may hold its output open), is it too large."""
        if time.monotonic() - self._looked < TICK:
            return
        self._looked = time.monotonic()
        if _ended(self.pid):
            self._receive()
            if b"\n" not in self._received:
                raise ChildFailureError(Status.CRASH, self._ending())
        elif resident(self.pid) > self.limits.memory << 20:
            message = f"more than {self.limits.memory} MB of resident memory"
            raise ChildFailureError(Status.CRASH, message)


def _spawn(
    argv: Sequence[str], folder: str, variables: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        argv,
        bufsize=0,
        cwd=folder,
        env=variables,
        start_new_session=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _ended(pid: int) -> bool:
    """Whether the process has ended, without reaping it."""
    if not WAITID:
        return False
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
    except ChildProcessError:
        return True


def resident(session: int) -> int:
    """Bytes of resident memory of all processes of a session; 0 where /proc does not tell."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            total += int(fields[21]) if int(fields[3]) == session else 0
    return total * os.sysconf("SC_PAGE_SIZE")
