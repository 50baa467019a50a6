"""What became of a request: the record that the supervisor hands to the judge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import final

from conformance import wire
from conformance.printable import printable, shortened
from conformance.wire import Array, Word


class Status(StrEnum):
    """What became of a request."""

    OK = "ok"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"
    SKIPPED = "skipped"
    FAILED = "failed"
    CRASH = "crash"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"


@final
@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """What became of one request.

    ``outputs`` are numpy arrays, bfloat16 as float32; ``dtypes`` their names on the wire;
    ``mutated`` the inputs written to, as the host saw. ``seconds`` alone depends on the clock.
    """

    status: Status
    outputs: Mapping[str, Array] = field(default_factory=dict)
    dtypes: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    mutated: tuple[str, ...] = ()
    device: str = ""
    issue: str = ""
    seconds: float = 0.0


def reply_of(word: Word) -> Reply:
    """Read a valid reply to evaluate or step; ProtocolError if its ok holds no outputs."""
    if word.kind != "ok":
        return Reply(
            Status(word.kind), message=shortened(word.message), issue=printable(word.issue)
        )
    outputs, mutated, device = wire.read_outputs(word.ok)
    seen, place = tuple(map(printable, mutated)), printable(device)
    return Reply(Status.OK, outputs, outputs.dtypes, mutated=seen, device=place)
