"""The beginning of a worker process: it ends with its parent, from its first moment on.

What a process of a pool is to do arrives pickled in a pipe, and unpickling imports the whole suite.
A parent that is killed meanwhile would leave a process that waits for ever on a pipe that it holds
open itself. So the process first starts to watch its parent, and only then opens its letter.
"""

import os
import pickle
import signal
from collections.abc import Callable
from functools import partial
from multiprocessing import parent_process
from threading import Thread


def starting(task: Callable[[], None]) -> Callable[[], None]:
    """An initializer that does the task, and is light to unpickle."""
    return partial(_start, pickle.dumps(task))


def _start(letter: bytes) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    Thread(target=_follow, daemon=True).start()
    pickle.loads(letter)()  # noqa: S301  (the parent's own)


def _follow() -> None:
    """End as soon as the parent is gone, however it went."""
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)
