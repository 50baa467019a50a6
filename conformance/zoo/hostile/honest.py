"""What every hostile backend says when it behaves: mean and PCGrad, honest on paper.

They speak the protocol by hand, without the host, so that they may break it.
"""

import sys
from typing import Any

import numpy as np

from conformance import wire
from conformance.wire import Array, Document

HARMLESS_TASKS = 2


def describe(name: str) -> Document:
    """Give the description that all of them give."""
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
        return answered(direction(request["method"], jacobian, orders))
    except ValueError as error:
        return {"error": {"kind": "refused", "message": str(error)}}


def answered(answer: Array) -> Document:
    """A reply with a direction, without its id."""
    return {"ok": {"outputs": {"direction": wire.encode_array(answer)}}}


def answer(document: Document) -> Array:
    """The direction in a reply."""
    return wire.decode_array(document["ok"]["outputs"]["direction"])[0]


def harmless(request: Document, document: Document) -> bool:
    """Whether a request is answered honestly: with two tasks they behave, from three on not."""
    shape = request.get("inputs", {}).get("jacobian", {}).get("shape", [])
    tasks = shape[0] if shape else 0
    return tasks <= HARMLESS_TASKS or "ok" not in document


def write(line: bytes) -> None:
    """Put bytes on stdout at once."""
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def send(document: Document) -> None:
    """Send a reply as it should be sent."""
    write(wire.dumps(document))
