"""One backend process: started under a warden and in a scratch folder, heard with a deadline.

A hang in native code holds no deadline up: the pipes are polled from outside, and the warden kills
the program with all that it started. Requests, replies and the log go through one loop, so a full
pipe blocks neither side, and each turn of it takes a bounded number of bytes.
"""

import math
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import final

from conformance import warden
from conformance.reply import Status
from conformance.wire import excerpt

INHERITED = (
    "PATH",
    "VIRTUAL_ENV",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "CUDA_VISIBLE_DEVICES",
    "HOME",
    "USER",
)  # fmt: skip  (the last two: installations of one user, and launchers, are found by them)
FIXED = {
    "LC_ALL": "C.UTF-8",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}
CHUNK = 1 << 18
LAST_CHUNKS = 16  # of the log of a process that has ended
TICK = 0.1
GRACE = 1.0
PATIENCE = 10.0


@final
@dataclass(frozen=True, slots=True)
class Limits:
    """What a backend may take: seconds, megabytes, restarts (for each method), bytes, processes."""

    timeout: float = 30.0
    startup: float = 120.0
    memory: int = 8192
    restarts: int = 5
    reply_bytes: int = 1 << 26
    log_bytes: int = 1 << 16
    processes: int = 256


@final
class ChildFailureError(Exception):
    """The process cannot go on: ``status`` tells a crash, a time-out or a broken protocol."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def environment(additions: Mapping[str, str], scratch: str = "") -> dict[str, str]:
    """Environment of a backend: an allow-list of ours, one thread, and what was asked for.

    Temporary files go to the scratch folder, which is removed at the end.
    """
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    temporary = {"TMPDIR": scratch} if scratch else {}
    return inherited | FIXED | temporary | dict(additions)


@final
class Child:
    """A running backend; ``exchange`` asks it once, ``kill`` ends it and all that it started."""

    def __init__(self, argv: Sequence[str], additions: Mapping[str, str], limits: Limits) -> None:
        self.limits = limits
        self.pid = 0
        self._scratch = f"{tempfile.gettempdir()}/mtl-conformance-{secrets.token_hex(8)}"
        self._received, self._seen, self._log = bytearray(), 0, bytearray()
        self._words, self._silent, self._over = "", False, False
        self._control, theirs = socket.socketpair()
        self._control.setblocking(False)
        try:
            with theirs:
                command = self._guarded(argv, theirs.fileno())
                variables = environment(additions, self._scratch)
                self._process = _spawn(command, variables, theirs.fileno())
        except OSError as error:
            self._control.close()
            message = f"{argv[0]} cannot be started: {error.strerror}"
            raise ChildFailureError(Status.CRASH, message) from error
        pipes = (self._process.stdin, self._process.stdout, self._process.stderr)
        self._stdin, self._stdout, self._stderr = (pipe.fileno() for pipe in pipes if pipe)
        self._poll = select.poll()
        for descriptor in (self._stdin, self._stdout, self._stderr):
            os.set_blocking(descriptor, False)
        for descriptor in (self._stdout, self._stderr, self._control.fileno()):
            self._poll.register(descriptor, select.POLLIN)
        self._begin(argv[0])

    @property
    def log(self) -> str:
        """The tail of what the process wrote on stderr."""
        return self._log.decode(errors="replace")

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

    def everything(self, seconds: float) -> bytes:
        """All that it writes until it exits with status 0; ChildFailureError if it does not."""
        deadline = time.monotonic() + seconds
        try:
            while True:
                self._turn(memoryview(b""), deadline, seconds)
        except ChildFailureError as end:
            if end.message != _WELL:
                raise
            return bytes(self._received)

    def kill(self) -> None:
        """Have the warden end everything and remove the folder. Harmless when done twice."""
        if self._over:
            return
        self._over = True
        self._control.close()  # the sign to the warden
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.returncode:  # ended before its work was done
            _swept(self.pid, self._scratch)
        for _ in range(LAST_CHUNKS):
            with suppress(OSError, ValueError):
                self._listen()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()
        with suppress(OSError):
            warden.cleared(self._scratch)

    def stop(self, line: bytes) -> None:
        """Ask the process to end, give it a moment, and kill what is left."""
        with suppress(ChildFailureError):
            self.exchange(line, GRACE)
            if self._process.stdin:
                self._process.stdin.close()
            self._await_word(GRACE)
        self.kill()

    def _guarded(self, argv: Sequence[str], control: int) -> list[str]:
        """The command line of a warden for a program."""
        limits = (str(self.limits.memory << 20), str(self.limits.processes))
        script = [sys.executable, "-I", "-S", str(Path(warden.__file__).resolve())]
        return [*script, str(control), self._scratch, *limits, *argv]

    def _begin(self, program: str) -> None:
        """Hear from the warden which process is the program, or why there is none."""
        word, _, rest = self._await_word(self.limits.startup).partition(" ")
        if word != "pid":
            self.kill()
            message = f"{program} cannot be started: {rest or 'its warden did not answer'}"
            raise ChildFailureError(Status.CRASH, message)
        self.pid = int(rest)
        self._words = ""

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
        ready = {descriptor for descriptor, _ in self._poll.poll(math.ceil(1000 * min(left, TICK)))}
        if self._stdin in ready:
            pending = self._send(pending)
        if self._stderr in ready:
            self._listen()
        if self._stdout in ready:
            self._receive()
        elif self._control.fileno() in ready:  # nobody is left, and everything has been read
            self._hear()
            raise ChildFailureError(Status.CRASH, self._ending())
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
        """Take some of what lies on stderr and keep its tail."""
        with suppress(BlockingIOError):
            data = os.read(self._stderr, CHUNK)
            self._log += data
            del self._log[: -self.limits.log_bytes]
            if not data:
                with suppress(KeyError):
                    self._poll.unregister(self._stderr)

    # The end, as the warden tells it -------------------------------------------------------

    def _hear(self) -> None:
        """Take what the warden says."""
        with suppress(BlockingIOError, ConnectionError):
            data = self._control.recv(CHUNK)
            self._words += data.decode()
            self._silent = not data

    def _await_word(self, seconds: float) -> str:
        """The warden's word; empty if it says none in time. The log is read meanwhile."""
        deadline = time.monotonic() + seconds
        while "\n" not in self._words and not self._silent and time.monotonic() < deadline:
            self._listen()
            select.select([self._control], [], [], TICK / 5)
            self._hear()
        return self._words.partition("\n")[0]

    def _ending(self) -> str:
        """How it ended, in words; everything is gone afterwards."""
        word, _, number = self._await_word(GRACE).partition(" ")
        lost = self._silent and not word
        self.kill()
        if word == "exit":
            return f"it exited with status {number}"
        if word == "signal":
            known = {int(each): each.name for each in signal.Signals}
            return f"it was killed by {known.get(int(number), f'signal {number}')}"
        excesses = {
            "memory": f"more than {self.limits.memory} MB of resident memory",
            "processes": f"more than {self.limits.processes} processes",
        }
        return excesses.get(word, "it ended its warden" if lost else _CLOSED)


_CLOSED = "it closed its output and went on"
_WELL = "it exited with status 0"


def output_of(argv: Sequence[str], additions: Mapping[str, str], limits: Limits) -> bytes:
    """What a program that asks nothing writes on stdout; ChildFailureError unless it ends well."""
    child = Child(argv, additions, limits)
    try:
        return child.everything(limits.timeout)
    finally:
        child.kill()


def _spawn(
    argv: Sequence[str], variables: Mapping[str, str], control: int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        argv,
        bufsize=0,
        env=variables,
        pass_fds=(control,),
        start_new_session=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _swept(group: int, scratch: str) -> None:
    """Kill what a lost warden could not: the program's group, and whoever has its environment."""
    if group:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    sign = b"TMPDIR=" + os.fsencode(scratch) + b"\0"
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if sign in (folder / "environ").read_bytes():
                os.kill(int(folder.name), signal.SIGKILL)
