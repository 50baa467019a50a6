"""The table of hostile backends: what each does, and what must become of it.

Start one by hand with ``python -m conformance.zoo.hostile KIND``.
"""

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, final

from conformance.backend import BackendSpec, resolve
from conformance.zoo.hostile.objects import OBJECTS

BRIEF = 1.0  # seconds for those that are to run out of time; a sound answer takes milliseconds
LONG = 30.0


@final
@dataclass(frozen=True, slots=True)
class Hostile:
    """A hostile backend: what the supervisor records, the verdict, and what it does.

    ``status`` is a reply's, or broken where no description is given. ``verdict`` is a job's;
    broken where no job can be planned; pass where the backend harms nobody and nothing is left of
    it. ``law`` is the law that its answers break; None where the supervisor itself sees it.
    """

    name: str
    status: str
    verdict: str
    law: str | None
    does: str
    own: Mapping[str, Any] = field(default_factory=dict)

    @property
    def spec(self) -> BackendSpec:
        """How to start it."""
        if self.name in OBJECTS:
            return resolve(f"conformance.zoo.hostile.objects:{self.name}")
        program = shlex.join([sys.executable, "-m", "conformance.zoo.hostile", self.name])
        return resolve(command=program)

    @property
    def limits(self) -> dict[str, Any]:
        """Keyword arguments of its supervisor: time is short only for what is to run out of it."""
        timeout = BRIEF if self.status == "timeout" else LONG
        return {"timeout": timeout, "restarts": 0, **self.own}


def _violates(name: str, does: str) -> Hostile:
    return Hostile(name, "protocol", "protocol", None, does)


def _crashes(name: str, does: str, **own: object) -> Hostile:
    return Hostile(name, "crash", "crash", None, does, own)


def _stalls(name: str, does: str) -> Hostile:
    return Hostile(name, "timeout", "timeout", None, does)


def _breaks(name: str, law: str, does: str, status: str = "ok") -> Hostile:
    return Hostile(name, status, "fail", law, does)


def _undescribed(name: str, does: str, **own: object) -> Hostile:
    return Hostile(name, "broken", "broken", None, does, own)


def _bearable(name: str, does: str) -> Hostile:
    return Hostile(name, "ok", "pass", None, does)


HOSTILE: Mapping[str, Hostile] = MappingProxyType({
    hostile.name: hostile
    for hostile in (
        _undescribed("banner", "greets on stdout before it is asked"),
        _breaks("boast", "accuracy", "claims working precision and keeps eight bits"),
        _violates("changing", "changes its version midway"),
        _crashes("closed-output", "closes its stdout and goes on"),
        _crashes("crash", "ends itself by a segmentation fault"),
        _bearable("crash-at-exit", "ends by a segmentation fault when told to stop"),
        _undescribed("crash-at-start", "exits before it reads anything"),
        _bearable("daemon", "leaves a daemon in a session of its own that holds its output open"),
        _bearable("deep-folder", "leaves folders deeper than any path"),
        _violates("deep-nesting", "nests 100000 lists"),
        _stalls("drip", "sends its reply byte by byte, for ever"),
        _violates("early", "answers the next request before it is asked"),
        _violates("empty-shape", "claims an array of no and of 2**41 numbers at once"),
        _undescribed("escape-name", "has a name that moves the cursor"),
        _crashes("exit", "exits with status 0 and says nothing"),
        _breaks("flaky", "deterministic", "answers otherwise from run to run"),
        _violates("flood", "sends a line that never ends"),
        _crashes("fork-bomb", "starts 400 processes, each in a session of its own"),
        _stalls("freeze", "stops itself by SIGSTOP"),
        _undescribed("future", "speaks version 2 of the protocol"),
        _stalls("hang", "sleeps in C, deaf to signals"),
        _undescribed("hang-at-start", "sleeps in C before it describes itself", startup=2.0),
        _violates("huge-id", "answers with an id of 4300 digits"),
        _breaks("infinite", "shape", "answers infinity to a finite jacobian"),
        _crashes("kill-warden", "kills its parent"),
        _crashes("leak", "fills a gigabyte", memory=300),
        _crashes("leak-elsewhere", "has a daemon fill a gigabyte", memory=300),
        _bearable("linger", "hears neither stop nor signals nor the end of its input"),
        _stalls("log-flood", "logs without end instead of answering"),
        _breaks("long-message", "shape", "sends an error message of four megabytes", "failed"),
        _violates("lying-shape", "claims 2**39 numbers"),
        _violates("many-members", "sends a million empty lists"),
        _breaks("markup", "shape", "puts terminal sequences and HTML into its messages", "failed"),
        _breaks("missing-output", "shape", "leaves out the output that it declares"),
        _breaks("mutating", "shape", "writes into its input"),
        _breaks("nan", "shape", "answers signalling NaNs with a payload"),
        _violates("nan-in-json", "writes NaN, which is no JSON number"),
        _violates("not-utf8", "writes bytes that are no UTF-8"),
        _violates("odd-name", "names an output like a file"),
        _violates("overflow", "writes 1e999, which no float64 holds"),
        _undescribed("path-name", "names a method like a file"),
        _violates("repeated-names", "gives two ids in one object"),
        _breaks("sampling", "deterministic", "draws from numpy's global random state"),
        Hostile("scale-bomb", "ok", "protocol", None, "declares a scale of 200000 bits"),
        _violates("text", "prints on stdout"),
        _violates("two-replies", "answers everything twice"),
        _breaks("wrong-dtype", "shape", "answers in a dtype that nobody asked for"),
        _violates("wrong-id", "answers another request"),
        _breaks("wrong-scale", "accuracy", "declares twice the scale that it has"),
        _breaks("wrong-shape", "shape", "answers (1, d) for (d,)"),
    )
})  # fmt: skip
