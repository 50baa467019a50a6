"""What hostile backends say on stdout where they should answer: each breaks one rule of a reply."""

import os
import time
from collections.abc import Callable, Mapping

import numpy as np

from conformance import wire
from conformance.wire import Document
from conformance.zoo.hostile.honest import answer, answered, send, write

FLOOD = 1 << 27
EVER = 3600
DEEP = 100_000
MARKUP = "\x1b[2J\x1b]0;owned\x07\u202e<script>alert(1)</script>[x](javascript:alert(1))"


def _array(document: Document, **changes: object) -> None:
    array = document["ok"]["outputs"]["direction"] | changes
    send({"id": document["id"], "ok": {"outputs": {"direction": array}}})


def _member(document: Document, text: bytes) -> None:
    """Reply by hand: a direction of any text."""
    write(b'{"id":%d,"ok":{"outputs":{"direction":%b}}}\n' % (document["id"], text))


def _filled(document: Document, value: object) -> None:
    found = answer(document)
    wide = np.dtype("<u8" if found.itemsize == 8 else "<u4")  # noqa: PLR2004  (bytes of a float64)
    bits = np.full(found.shape, value, wide).view(found.dtype)
    send({"id": document["id"], **answered(bits)})


def _nan(document: Document) -> None:
    """A signalling NaN with a payload, whichever the width."""
    _filled(document, 0x7FF0_0000_7FA0_BEEF & (1 << 8 * answer(document).itemsize) - 1)


def _flaky(document: Document) -> None:
    found = answer(document)
    noise = np.frombuffer(os.urandom(found.size), np.uint8).reshape(found.shape)
    send({"id": document["id"], **answered(np.asarray(found * (1 + noise / 256), found.dtype))})


def _boast(document: Document) -> None:
    found = answer(document)
    mantissa, exponent = np.frexp(found)
    kept = np.ldexp(np.round(mantissa * 256) / 256, exponent)
    send({"id": document["id"], **answered(np.asarray(kept, found.dtype))})


def _infinite(document: Document) -> None:
    send({"id": document["id"], **answered(np.full_like(answer(document), np.inf))})


def _wrong_shape(document: Document) -> None:
    send({"id": document["id"], **answered(answer(document)[np.newaxis])})


def _wrong_dtype(document: Document) -> None:
    found = answer(document)
    other = np.float32 if found.dtype == np.float64 else np.float64
    send({"id": document["id"], **answered(found.astype(other))})


def _missing_output(document: Document) -> None:
    send({"id": document["id"], "ok": {"outputs": {}}})


def _odd_name(document: Document) -> None:
    outputs = document["ok"]["outputs"]
    odd = {"../../../etc/passwd": outputs["direction"]}
    send({"id": document["id"], "ok": {"outputs": outputs | odd}})


def _text(document: Document) -> None:
    write(b"debug: projecting\n")
    send(document)


def _wrong_id(document: Document) -> None:
    send(document | {"id": document["id"] + 1})


def _huge_id(document: Document) -> None:
    body = wire.dumps(document).partition(b",")[2]
    write(b'{"id":-' + b"9" * 4300 + b"," + body)


def _two_replies(document: Document) -> None:
    write(2 * wire.dumps(document))


def _early(document: Document) -> None:
    send(document)
    send(document | {"id": document["id"] + 1})


def _repeated_names(document: Document) -> None:
    write(b'{"id":1,' + wire.dumps(document)[1:])


def _not_utf8(document: Document) -> None:
    write(b'{"id":%d,"error":{"kind":"failed","message":"\xff"}}\n' % document["id"])


def _markup(document: Document) -> None:
    send({"id": document["id"], "error": {"kind": "failed", "message": MARKUP}})


def _long_message(document: Document) -> None:
    send({"id": document["id"], "error": {"kind": "failed", "message": "no \n" * (1 << 20)}})


def _flood(_: Document) -> None:
    write(b'{"id":' + b" " * FLOOD)


def _drip(document: Document) -> None:
    for byte in wire.dumps(document) + b" " * EVER:
        write(bytes([byte]).replace(b"\n", b" "))
        time.sleep(0.05)


REPLIES: Mapping[str, Callable[[Document], None]] = {
    "boast": _boast,
    "deep-nesting": lambda document: _member(document, b"[" * DEEP),
    "drip": _drip,
    "early": _early,
    "empty-shape": lambda document: _array(document, shape=[0, 1 << 41], data=""),
    "flaky": _flaky,
    "flood": _flood,
    "huge-id": _huge_id,
    "infinite": _infinite,
    "long-message": _long_message,
    "lying-shape": lambda document: _array(document, shape=[1 << 20, 1 << 19]),
    "many-members": lambda document: _member(document, b"[" + b"[]," * (1 << 20) + b"[]]"),
    "markup": _markup,
    "missing-output": _missing_output,
    "nan": _nan,
    "nan-in-json": lambda document: _member(document, b"NaN"),
    "not-utf8": _not_utf8,
    "odd-name": _odd_name,
    "overflow": lambda document: _member(document, b"1e999"),
    "repeated-names": _repeated_names,
    "text": _text,
    "two-replies": _two_replies,
    "wrong-dtype": _wrong_dtype,
    "wrong-id": _wrong_id,
    "wrong-shape": _wrong_shape,
}
