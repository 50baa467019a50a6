"""The supervisor of a backend: asks, times, restarts, and records what became of each request.

A backend cannot raise here. Whatever it does is a ``Reply``; only a backend that never gives a
valid description raises ``BrokenBackendError``, and only from ``describe``.
"""

import atexit
import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import SystemRandom
from types import TracebackType
from typing import Any, Self, final
from weakref import WeakSet

from conformance import wire
from conformance.backend import BackendSpec
from conformance.child import Child, ChildFailureError, Limits
from conformance.description import read_description
from conformance.printable import shortened
from conformance.reply import Reply, Status, reply_of
from conformance.session import Session
from conformance.wire import Document, ProtocolError, Word

__all__ = ["BrokenBackendError", "Limits", "Reply", "Session", "Status", "Supervisor"]

LIVES = 2
STARTUP = 120.0
STRIDE = 16, 1 << 10  # from one request's id to the next one's, so that nobody can answer early
DESCRIBE = wire.dumps({"op": "describe", "protocol": wire.PROTOCOL})
STOP = wire.dumps({"op": "stop"})


@final
class BrokenBackendError(RuntimeError):
    """The backend cannot be asked at all; ``log`` is the tail of its stderr."""

    def __init__(self, message: str, log: str = "") -> None:
        super().__init__(message)
        self.log = log


@final
class Supervisor:
    """One backend in a child process; a context manager that leaves no process behind.

    ``timeout`` seconds for one request, ``startup`` for the first description (at least 120 where
    it is not given), ``memory`` MB for the process and its children, ``restarts`` for each method,
    ``variables`` added to the environment.
    """

    def __init__(
        self,
        spec: BackendSpec,
        *,
        timeout: float = 30.0,
        startup: float | None = None,
        memory: int = 8192,
        restarts: int = 5,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.spec = spec
        self.limits = Limits(timeout, startup or max(timeout, STARTUP), memory, restarts)
        self.sessions: list[Session] = []
        self._variables = dict(spec.variables) | dict(variables or {})
        self._child: Child | None = None
        self._asked = 0  # the last request's id
        self._log = ""
        self._described: Document | None = None
        self._owner = os.getpid()
        self.renew()
        _LIVE.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def log(self) -> str:
        """The tail of what the backend wrote on stderr, of the last process that ran."""
        return self._child.log if self._child else self._log

    def describe(self) -> Document:
        """Return the backend's description, valid; BrokenBackendError if it gives none."""
        try:
            self.living()
        except (ChildFailureError, ProtocolError) as error:
            self._end()
            message = f"backend {self.spec.name} gave no description: {error}"
            raise BrokenBackendError(shortened(message), self.log) from error
        except BaseException:
            self._end()
            raise
        return self._described or {}

    def evaluate(
        self,
        method: str,
        inputs: Mapping[str, Any],
        params: Mapping[str, Any],
        random: Mapping[str, Any] | None = None,
        seed: int = 0,
    ) -> Reply:
        """Ask for the outputs of one method on named arrays (``Arrays`` to name their dtypes)."""
        document = {
            "op": "evaluate",
            "method": method,
            "params": dict(params),
            "inputs": wire.encode_arrays(inputs),
            "seed": seed,
            "random": wire.encode_random(random),
        }
        body = wire.dumps(document)
        return self.guard(method, body, lambda: reply_of(self.word(self.living(), body)))

    def open(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        tasks: int,
        size: int,
        dtype: str,
        seed: int = 0,
    ) -> Session:
        """Open a session of a stateful method on jacobians (tasks, size)."""
        document = {
            "op": "open",
            "method": method,
            "params": dict(params),
            "tasks": tasks,
            "size": size,
            "dtype": dtype,
            "seed": seed,
        }
        return Session(self, method, wire.dumps(document))

    def check(self) -> Reply:
        """Ask for the description again: finds output that no request asked for, and changes.

        Where no process is left there is nothing to find.
        """
        if self._child is None:
            return Reply(Status.OK)
        return self.guard("describe", DESCRIBE, self._describe_again)

    def renew(self) -> None:
        """Forget restarts and quarantine, so that a job's replies do not depend on earlier jobs."""
        self._spent = Counter[str]()
        self._causes: dict[str, Reply] = {}
        self._killers: dict[bytes, list[Reply]] = {}

    def close(self) -> None:
        """Stop the backend and clean up; in a forked copy of this process, do nothing."""
        if self._child and self._owner == os.getpid():
            self._child.stop(wire.number(self._next(), STOP))
            self._end()

    # One request: for the sessions too ---------------------------------------------------

    def guard(self, method: str, body: bytes, act: Callable[[], Reply]) -> Reply:
        """Act unless the budget is spent or ``body`` has killed before; record what happens."""
        key = hashlib.sha256(body).digest()
        if barred := self._barred(method, key):
            return barred
        started = time.monotonic()
        try:
            reply = act()
        except (ChildFailureError, ProtocolError) as error:
            reply = self._record(method, key, error)
        except BaseException:
            self._end()  # interrupted half way: nobody knows what is still on the wire
            raise
        return replace(reply, seconds=time.monotonic() - started)

    def word(self, child: Child, body: bytes, seconds: float | None = None) -> Word:
        """One exchange: the valid reply, ChildFailureError or ProtocolError."""
        identity = self._next()
        line = child.exchange(wire.number(identity, body), seconds or self.limits.timeout)
        return wire.read_reply(line, identity)

    def _next(self) -> int:
        """The id of the next request, which no backend can know before it is asked."""
        self._asked += SystemRandom().randrange(*STRIDE)
        return self._asked

    def living(self) -> Child:
        """Start the process if there is none, with its open sessions as they were."""
        while self._child is None:
            child = self._child = Child(self.spec.argv, self._variables, self.limits)
            self._greet(child)
            over = next((one for one in self.sessions if not one.restored(child)), None)
            if over is not None:
                self.sessions.remove(over)
                self._end()
        return self._child

    def _barred(self, method: str, key: bytes) -> Reply | None:
        killed = self._killers.get(key, [])
        if len(killed) >= LIVES:
            message = f"not asked again, as it ended the backend {LIVES} times: "
            return replace(killed[-1], message=message + killed[-1].message, seconds=0.0)
        if self._spent[method] > self.limits.restarts:
            cause = self._causes[method]
            message = f"the budget of {self.limits.restarts} restarts is spent: {cause.message}"
            return replace(cause, message=message, seconds=0.0)
        return None

    def _record(self, method: str, key: bytes, error: Exception) -> Reply:
        reply = Reply(Status(getattr(error, "status", "protocol")), message=shortened(str(error)))
        self._end()
        self._spent[method] += 1
        self._causes[method] = reply
        self._killers.setdefault(key, []).append(reply)
        return reply

    def _greet(self, child: Child) -> None:
        word = self.word(child, DESCRIBE, self.limits.startup)
        if word.kind != "ok":
            raise ChildFailureError(Status.CRASH, word.message or word.kind)
        if self._described is not None and word.ok == self._described:
            return  # nothing new to be read
        description = read_description(word.ok)
        if self._described is not None:
            message = "it describes itself otherwise than before"
            raise ChildFailureError(Status.PROTOCOL, message)
        self._described = description

    def _describe_again(self) -> Reply:
        self._greet(self.living())
        return Reply(Status.OK)

    def _end(self) -> None:
        if self._child:
            child, self._child = self._child, None
            child.kill()
            self._log = child.log


_LIVE: WeakSet[Supervisor] = WeakSet()


@atexit.register
def _close_all() -> None:
    for supervisor in list(_LIVE):
        supervisor.close()
