"""A session of a stateful method: it lives on through restarts, because its steps are kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, final

from conformance import wire
from conformance.child import Child, ChildFailureError
from conformance.reply import Reply, Status, reply_of
from conformance.wire import ProtocolError

if TYPE_CHECKING:
    from conformance.supervisor import Supervisor


@final
class Session:
    """One open session; ``opened`` is the reply to opening it."""

    def __init__(self, supervisor: "Supervisor", method: str, opening: bytes) -> None:
        self.method = method
        self._supervisor = supervisor
        self._opening = opening
        self._steps: list[bytes] = []
        self._name: int | str | None = None
        self.opened = supervisor.guard(method, opening, self._open)
        if self.opened.status is Status.OK:
            supervisor.sessions.append(self)

    def step(self, inputs: Mapping[str, Any], random: Mapping[str, Any] | None = None) -> Reply:
        """Take one step on named arrays; if the session is not open, the reason again."""
        if self.opened.status is not Status.OK:
            return self.opened
        document = {"inputs": wire.encode_arrays(inputs), "random": wire.encode_random(random)}
        body = wire.dumps(document)
        history = b"".join([self._opening, *self._steps, body])
        reply = self._supervisor.guard(self.method, history, lambda: self._step(body))
        if reply.status is Status.OK:
            self._steps.append(body)
        return reply

    def close(self) -> Reply:
        """Close the session at the backend."""
        if self.opened.status is not Status.OK:
            return self.opened
        reply = self._supervisor.guard(self.method, self._opening, self._close)
        self.opened = Reply(Status.FAILED, message="the session is closed")
        if self in self._supervisor.sessions:
            self._supervisor.sessions.remove(self)
        return reply

    def restored(self, child: Child) -> bool:
        """Whether a fresh process took the opening and every step again; if not, it is over."""
        try:
            replies = [self._begin(child)]
            if replies[0].status is Status.OK:
                replies += [self._again(child, body) for body in self._steps]
        except (ChildFailureError, ProtocolError) as error:
            status = Status(getattr(error, "status", "protocol"))
            self.opened = Reply(status, message=f"the session could not be restored: {error}")
            return False
        for reply in replies:
            if reply.status is not Status.OK:
                message = f"the session could not be restored: {reply.message}"
                self.opened = replace(reply, message=message)
        return self.opened.status is Status.OK

    def _open(self) -> Reply:
        return self._begin(self._supervisor.living())

    def _begin(self, child: Child) -> Reply:
        word = self._supervisor.word(child, self._opening)
        if word.kind != "ok":
            return reply_of(word)
        self._name = wire.read_session(word.ok)
        return Reply(Status.OK)

    def _step(self, body: bytes) -> Reply:
        child = self._supervisor.living()
        return self._again(child, body) if self.opened.status is Status.OK else self.opened

    def _again(self, child: Child, body: bytes) -> Reply:
        head = wire.dumps({"op": "step", "session": self._name})
        return reply_of(self._supervisor.word(child, head[:-2] + b"," + body[1:]))

    def _close(self) -> Reply:
        child = self._supervisor.living()
        word = self._supervisor.word(child, wire.dumps({"op": "close", "session": self._name}))
        return Reply(Status.OK) if word.kind == "ok" else reply_of(word)
