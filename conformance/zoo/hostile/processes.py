"""What hostile backends do as processes where they should answer, at their start and at their end.

Whatever would harm the machine is bounded here too, in case the harness does not hold it.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from conformance.wire import Document
from conformance.zoo.hostile.honest import send, write

EVER = 3600
HELD = 5.0  # seconds that something which must be found stays as it is
BLOCKS, BLOCK = 64, 1 << 24
PROCESSES = 400
DEPTH, NAME = 24, "d" * 200


def _crash(_: Document) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _exit(_: Document) -> None:
    os._exit(0)


def hang() -> None:
    """Sleep in C, deaf to signals; PyDLL keeps the interpreter's lock: no Python code can run."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    ctypes.PyDLL(None).sleep(EVER)


def _freeze(_: Document) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _closed_output(_: Document) -> None:
    os.close(1)
    time.sleep(EVER)


def _log_flood(_: Document) -> None:
    while True:
        os.write(2, b"warning: nobody reads this\n" * 4096)


def _grow() -> None:
    """Fill a gigabyte within half a second, and hold it."""
    held: list[bytes] = []
    while len(held) < BLOCKS:
        held.append(b"x" * BLOCK)
        time.sleep(0.005)
    time.sleep(HELD)


def _leak(document: Document) -> None:
    _grow()
    send(document)


def _leak_elsewhere(document: Document) -> None:
    _daemon(_grow)
    time.sleep(HELD)
    send(document)


def _fork_bomb(document: Document) -> None:
    for _ in range(PROCESSES):
        os.posix_spawnp("sleep", ["sleep", "60"], os.environ, setsid=True)
    time.sleep(HELD)
    send(document)


def _daemon(work: Callable[[], None]) -> int:
    """Do something in a process that belongs to nobody, and return its process id."""
    told, tells = os.pipe()
    if (child := os.fork()) == 0:
        os.setsid()
        if (daemon := os.fork()) == 0:
            work()
            os._exit(0)
        os.write(tells, str(daemon).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(tells)
    found = int(os.read(told, 32))
    os.close(told)
    return found


def _daemonise(document: Document) -> None:
    """Leave a process behind that holds our output open, and say which."""
    daemon = _daemon(lambda: time.sleep(EVER))
    send(document | {"ok": document["ok"] | {"device": str(daemon)}})


def _kill_warden(_: Document) -> None:
    """Kill the parent, if it is the warden: never a harness that has none."""
    command = Path(f"/proc/{os.getppid()}/cmdline")
    if command.exists() and b"warden.py" in command.read_bytes():
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(HELD)
    os._exit(1)


def _deep_folder(document: Document) -> None:
    """Leave folders in the scratch folder whose path is longer than a path may be."""
    home = Path.cwd()
    for _ in range(DEPTH):
        Path(NAME).mkdir(exist_ok=True)
        os.chdir(NAME)
    Path("f").touch()
    os.chdir(home)
    send(document)


PROCESS: Mapping[str, Callable[[Document], None]] = {
    "closed-output": _closed_output,
    "crash": _crash,
    "daemon": _daemonise,
    "deep-folder": _deep_folder,
    "exit": _exit,
    "fork-bomb": _fork_bomb,
    "freeze": _freeze,
    "hang": lambda _: hang(),
    "kill-warden": _kill_warden,
    "leak": _leak,
    "leak-elsewhere": _leak_elsewhere,
    "log-flood": _log_flood,
}


def _exit_at_start() -> NoReturn:
    sys.stderr.write("no licence found\n")
    sys.exit(3)


START: Mapping[str, Callable[[], None]] = {
    "banner": lambda: write(b"loading the model ...\n"),
    "crash-at-start": _exit_at_start,
    "hang-at-start": hang,
}

END: Mapping[str, Callable[[], None]] = {
    "crash-at-exit": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "linger": hang,
}
