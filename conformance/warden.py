"""The warden of one backend: a small process between the harness and the backend that it guards.

    python -I -S warden.py CONTROL SCRATCH MEMORY PROCESSES PROGRAM [ARGUMENT ...]

It starts the program in a session of its own, and ends with everything that the program started:
when the program ends, when it takes more than MEMORY bytes or PROCESSES processes, and when the
harness closes CONTROL (a socket) or is gone, however it went. What a program leaves behind
falls to the warden and not to init (on Linux), so that a daemon in a session of its own is found
too; and the program dies with its warden. SCRATCH is made at the start, and removed at the end.
Standard library only, and little of it: this starts before every backend.

Words to the harness, a line each: ``pid N`` or ``failed WHY`` first; at the end ``exit N``,
``signal N``, ``memory`` or ``processes``, once nothing is left that could still write.
"""

import ctypes
import os
import resource
import select
import signal
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

TICK = 0.1
PATIENCE = 5.0
SUBREAPER, DEATH_SIGNAL = 36, 1  # the numbers of prctl
CALM = (
    signal.SIGALRM, signal.SIGCHLD, signal.SIGHUP, signal.SIGINT,
    signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2,
)  # fmt: skip
PAGE = os.sysconf("SC_PAGE_SIZE")


def main(arguments: list[str]) -> None:
    """Guard a program to its end."""
    control, scratch = int(arguments[0]), arguments[1]
    memory, processes = int(arguments[2]), int(arguments[3])
    harness = os.getppid()
    os.set_inheritable(control, False)
    try:
        Path(scratch).mkdir(stat.S_IRWXU)
        os.chdir(scratch)
    except OSError as error:
        _tell(control, f"failed {scratch}: {error.strerror}")
        return
    _prctl(SUBREAPER, 1)
    wake = _woken_by_signals()
    program = _started(arguments[4:])
    if isinstance(program, str):
        _tell(control, f"failed {program}")
    else:
        _tell(control, f"pid {program}")
        _deaf()
        word = _watched(program, (control, wake), harness, (memory, processes))
        _felled(program)
        _tell(control, word)
    os.chdir("/")
    with suppress(OSError):
        cleared(scratch)


def _watched(program: int, sources: tuple[int, int], harness: int, limits: tuple[int, int]) -> str:
    """The word for why it is over; empty where the harness wants no more or is gone."""
    poll = select.poll()
    for source in sources:
        poll.register(source, select.POLLIN)
    while os.getppid() == harness:
        ready = dict(poll.poll(1000 * TICK))
        if sources[0] in ready:
            return ""
        if sources[1] in ready:
            os.read(sources[1], 1 << 12)
        if (word := _reaped(program)) or (word := _excess(*limits)):
            return word
    return ""


def _excess(memory: int, processes: int) -> str:
    """Which limit is broken; empty if none is."""
    family = descendants(os.getpid())
    if len(family) > processes:
        return "processes"
    return "memory" if sum(map(resident, family)) > memory else ""


def _reaped(program: int) -> str:
    """Take leave of whoever has ended; tell how the program has, empty if it has not."""
    word = ""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[0] == program:
                code = os.waitstatus_to_exitcode(ended[1])
                word = f"exit {code}" if code >= 0 else f"signal {-code}"
    return word


def _felled(program: int) -> None:
    """Kill the program's group, then whoever else descends from here, until nobody does."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(program, signal.SIGKILL)
        for process in descendants(os.getpid()):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(TICK / 50)


# Starting ------------------------------------------------------------------------------------


def _started(argv: list[str]) -> int | str:
    """Start the program; its process id, or why it cannot be started."""
    warden = os.getpid()
    failure, fails = os.pipe()
    program = os.fork()
    if program == 0:
        try:
            _become(argv, warden)
        except OSError as error:
            os.write(fails, (error.strerror or str(error)).encode())
        finally:
            os._exit(127)
    os.close(fails)
    why = os.read(failure, 1 << 12).decode()
    os.close(failure)
    return why or program


def _become(argv: list[str], warden: int) -> None:
    """Turn this fork into the program."""
    os.setsid()
    _prctl(DEATH_SIGNAL, signal.SIGKILL)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them, programs do not
        signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if os.getppid() == warden:
        os.execvpe(argv[0], argv, os.environ)  # noqa: S606  (no shell, on purpose)


def _deaf() -> None:
    """Let go of the program's streams, so that their ends are seen on the other side."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nothing, descriptor)


def _woken_by_signals() -> int:
    """Take signals calmly, each as a byte on the descriptor returned, a child's end among them.

    A handler goes back to the default in the program; what is ignored would stay ignored there.
    """
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    for number in CALM:
        signal.signal(number, lambda *_: None)
    return wake


def _prctl(option: int, value: int) -> None:
    """Ask Linux for a property of this process; elsewhere nothing happens."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _tell(control: int, word: str) -> None:
    with suppress(OSError):
        os.write(control, f"{word}\n".encode() if word else b"")


# Processes -----------------------------------------------------------------------------------


def descendants(process: int) -> list[int]:
    """Children, their children and so on; empty where /proc does not tell."""
    found: list[int] = []
    ahead = [process]
    while ahead:
        born = list(_children(ahead.pop()))
        found += born
        ahead += born
    return found


def _children(process: int) -> Iterator[int]:
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            yield from map(int, (thread / "children").read_bytes().split())


def resident(process: int) -> int:
    """Bytes of resident memory of a process; 0 where /proc does not tell."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{process}/statm").read_bytes().split()[1]) * PAGE
    return 0


# The scratch folder --------------------------------------------------------------------------


def cleared(place: str) -> None:
    """Remove a folder, however deep a tree a backend has put there; OSError if it cannot be.

    Folders inside are moved up to the top before they are emptied: neither a stack nor a path
    grows with their depth. Links are removed and never followed.
    """
    if not stat.S_ISDIR(os.lstat(place).st_mode):
        Path(place).unlink()
        return
    names = (f"{place}/{number}.moved" for number in count())
    ahead = [place]
    Path(place).chmod(stat.S_IRWXU)
    while ahead:
        folder = ahead.pop()
        for entry in list(os.scandir(folder)):
            if not entry.is_dir(follow_symlinks=False):
                Path(entry.path).unlink()
                continue
            Path(entry.path).chmod(stat.S_IRWXU)
            name = entry.path
            if folder != place:
                name = next(name for name in names if not os.path.lexists(name))
                Path(entry.path).rename(name)
            ahead.append(name)
        if folder != place:
            Path(folder).rmdir()
    Path(place).rmdir()


if __name__ == "__main__":
    main(sys.argv[1:])
