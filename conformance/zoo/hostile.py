"""Hostile backends: each answers mean and PCGrad well until it misbehaves in one named way.

    python -m conformance.zoo.hostile KIND

They speak the protocol by hand, without the host, so that they may break it. With two tasks they
behave; from three on they do what their name says. ``mutating`` alone is served by the host,
which sees what a program would have to confess.
"""

import ctypes
import math
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from conformance import wire
from conformance.backend import BackendSpec, resolve
from conformance.wire import Array, Document

HARMLESS_TASKS = 2
FLOOD = 1 << 27
LEAK = 1 << 6


@final
@dataclass(frozen=True, slots=True)
class Hostile:
    """A hostile backend: what the supervisor records, the verdict, and what it does.

    ``law`` is the law that its answers break; None where the supervisor itself sees it.
    """

    name: str
    status: str
    verdict: str
    law: str | None
    does: str

    @property
    def spec(self) -> BackendSpec:
        """How to start it."""
        if self.name == "mutating":
            return resolve("conformance.zoo.hostile:mutating")
        program = shlex.join([sys.executable, "-m", "conformance.zoo.hostile", self.name])
        return resolve(command=program)


# What they answer ----------------------------------------------------------------------------


def describe(name: str) -> Document:
    """Give the description that all of them give: mean and PCGrad, honest on paper."""
    method = {
        "params": {},
        "dtypes": ["float64", "float32"],
        "scale": "1",
        "randomness": "none",
        "stateful": False,
        "outputs": ["direction"],
        "accuracy": None,
    }
    return {
        "protocol": wire.PROTOCOL,
        "name": f"hostile-{name}",
        "version": "1",
        "language": "python",
        "artifact": None,
        "methods": {"mean": method, "pcgrad": method | {"randomness": "injected"}},
    }


def direction(method: str, jacobian: Array, orders: Any) -> Array:  # noqa: ANN401  (from the wire)
    """Mean of the rows, or PCGrad's sum of projected gradients in the given orders; (d,)."""
    if not np.isfinite(jacobian).all():
        row, column = np.argwhere(~np.isfinite(jacobian))[0]
        message = f"jacobian[{row}, {column}] is {jacobian[row, column]}"
        raise ValueError(message)
    if method == "mean":
        return np.asarray(jacobian.mean(axis=0), jacobian.dtype)
    projected = jacobian.astype(np.float64)
    for task, order in enumerate(orders):
        for other in order:
            original = jacobian[other].astype(np.float64)
            if (dot := projected[task] @ original) < 0:
                projected[task] -= dot / (original @ original) * original
    return np.asarray(projected.sum(axis=0), jacobian.dtype)


def reply(request: Document) -> Document:
    """Honest reply to a request, without its id."""
    operation = request["op"]
    if operation != "evaluate":
        known = {"describe": describe(sys.argv[-1]), "stop": {}}
        refusal = {"error": {"kind": "unsupported", "message": f"operation {operation}"}}
        return {"ok": known[operation]} if operation in known else refusal
    if request["method"] not in {"mean", "pcgrad"}:
        return {"error": {"kind": "unsupported", "message": f"method {request['method']}"}}
    jacobian, _ = wire.decode_array(request["inputs"]["jacobian"], "jacobian")
    orders = (request["random"] or {}).get("orders")
    try:
        return _ok(direction(request["method"], jacobian, orders))
    except ValueError as error:
        return {"error": {"kind": "refused", "message": str(error)}}


def _ok(answer: Array) -> Document:
    return {"ok": {"outputs": {"direction": wire.encode_array(answer)}}}


def _answer(document: Document) -> Array:
    return wire.decode_array(document["ok"]["outputs"]["direction"])[0]


# What they do instead ------------------------------------------------------------------------


def _send(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def _honest(document: Document) -> None:
    _send(wire.dumps(document))


def _crash(_: Document) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _exit(_: Document) -> None:
    os._exit(0)


def _hang(_: Document) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    ctypes.PyDLL(None).sleep(3600)  # PyDLL keeps the interpreter's lock: no Python code can run


def _nan(document: Document) -> None:
    _honest({"id": document["id"], **_ok(np.full_like(_answer(document), np.nan))})


def _wrong_shape(document: Document) -> None:
    _honest({"id": document["id"], **_ok(_answer(document)[np.newaxis])})


def _wrong_dtype(document: Document) -> None:
    answer = _answer(document)
    other = np.float32 if answer.dtype == np.float64 else np.float64
    _honest({"id": document["id"], **_ok(answer.astype(other))})


def _missing_output(document: Document) -> None:
    _honest({"id": document["id"], "ok": {"outputs": {}}})


def _text(document: Document) -> None:
    print("debug: projecting", flush=True)
    _honest(document)


def _wrong_id(document: Document) -> None:
    _honest(document | {"id": document["id"] + 1})


def _two_replies(document: Document) -> None:
    _send(2 * wire.dumps(document))


def _nan_in_json(document: Document) -> None:
    _send(b'{"id":%d,"ok":{"outputs":{"direction":NaN}}}\n' % document["id"])


def _not_utf8(document: Document) -> None:
    _send(b'{"id":%d,"error":{"kind":"failed","message":"\xff"}}\n' % document["id"])


def _lying_shape(document: Document) -> None:
    array = document["ok"]["outputs"]["direction"] | {"shape": [1 << 20, 1 << 19]}
    _honest({"id": document["id"], "ok": {"outputs": {"direction": array}}})


def _flood(_: Document) -> None:
    _send(b'{"id":' + b" " * FLOOD)


def _leak(document: Document) -> None:
    held: list[bytes] = []
    while len(held) < LEAK:
        held.append(b"x" * (1 << 24))
        time.sleep(0.005)
    _honest(document)


MISBEHAVIOUR: Mapping[str, Callable[[Document], None]] = {
    "crash": _crash,
    "exit": _exit,
    "flood": _flood,
    "hang": _hang,
    "leak": _leak,
    "lying-shape": _lying_shape,
    "missing-output": _missing_output,
    "nan": _nan,
    "nan-in-json": _nan_in_json,
    "not-utf8": _not_utf8,
    "text": _text,
    "two-replies": _two_replies,
    "wrong-dtype": _wrong_dtype,
    "wrong-id": _wrong_id,
    "wrong-shape": _wrong_shape,
}


@final
class _Mutating:
    """An in-process backend that projects in place, in the caller's own jacobian."""

    @staticmethod
    def describe() -> Document:
        return describe("mutating")

    @staticmethod
    def evaluate(
        method: str,
        inputs: Mapping[str, Array],
        params: Mapping[str, float],
        random: Mapping[str, Any] | None,
        seed: int,
    ) -> dict[str, Array]:
        del params, seed
        jacobian = inputs["jacobian"]
        answer = direction(method, jacobian, (random or {}).get("orders"))
        if len(jacobian) > HARMLESS_TASKS:
            jacobian[0] = answer
        return {"direction": answer}


mutating = _Mutating()

HOSTILE: Mapping[str, Hostile] = {
    hostile.name: hostile
    for hostile in (
        Hostile("crash", "crash", "crash", None, "ends itself by a segmentation fault"),
        Hostile("exit", "crash", "crash", None, "exits with status 0 and says nothing"),
        Hostile("flood", "protocol", "protocol", None, "sends a line that never ends"),
        Hostile("hang", "timeout", "timeout", None, "sleeps in C, deaf to signals"),
        Hostile("lying-shape", "protocol", "protocol", None, "claims 2**39 numbers"),
        Hostile("missing-output", "ok", "fail", "shape", "leaves out the output that it declares"),
        Hostile("mutating", "ok", "fail", "shape", "writes into its input"),
        Hostile("nan", "ok", "fail", "shape", "answers NaN to a finite jacobian"),
        Hostile("nan-in-json", "protocol", "protocol", None, "writes NaN, which is no JSON number"),
        Hostile("not-utf8", "protocol", "protocol", None, "writes bytes that are no UTF-8"),
        Hostile("text", "protocol", "protocol", None, "prints on stdout"),
        Hostile("two-replies", "protocol", "protocol", None, "answers everything twice"),
        Hostile("wrong-dtype", "ok", "fail", "shape", "answers in a dtype that nobody asked for"),
        Hostile("wrong-id", "protocol", "protocol", None, "answers another request"),
        Hostile("wrong-shape", "ok", "fail", "shape", "answers (1, d) for (d,)"),
    )
}


def main(kind: str) -> None:
    """Serve until stdin ends, misbehaving where a jacobian has more than two tasks."""
    for line in sys.stdin.buffer:
        request = wire.loads(line)
        document = {"id": request["id"], **reply(request)}
        jacobian = request.get("inputs", {}).get("jacobian", {})
        tasks = math.prod(jacobian.get("shape", [])[:1])
        harmless = tasks <= HARMLESS_TASKS or "ok" not in document
        (_honest if harmless else MISBEHAVIOUR[kind])(document)
        if request["op"] == "stop":
            return


if __name__ == "__main__":
    main(sys.argv[1])
