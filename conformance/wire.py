"""Protocol version 1: what a line on the wire may hold, requests and replies."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, final

import numpy as np

from conformance.arrays import (
    STORAGE,
    Array,
    Arrays,
    Document,
    ProtocolError,
    decode_array,
    decode_arrays,
    encode_array,
    encode_arrays,
    refuse,
)

__all__ = [
    "FAILED",
    "PROTOCOL",
    "REFUSED",
    "STORAGE",
    "UNSUPPORTED",
    "Array",
    "Arrays",
    "Document",
    "ProtocolError",
    "Word",
    "decode_array",
    "decode_arrays",
    "decode_random",
    "dumps",
    "encode_array",
    "encode_arrays",
    "encode_random",
    "excerpt",
    "loads",
    "number",
    "read_outputs",
    "read_reply",
    "read_session",
]

PROTOCOL = 1
REFUSED, UNSUPPORTED, FAILED = "refused", "unsupported", "failed"
KINDS = (REFUSED, UNSUPPORTED, FAILED)

MEMBERS = 1 << 17  # commas of a line: what it holds takes memory for each, whatever it says
DIGITS = 20
NEAR = 9
TEXT = 1000

_ID = re.compile(rb'"id"\s*:\s*-?\d+')


@final
@dataclass(frozen=True, slots=True)
class Word:
    """A valid reply: ``kind`` is ok, skipped, or the kind of the error."""

    kind: str
    ok: Document = field(default_factory=dict)
    message: str = ""
    issue: str = ""


# Lines ---------------------------------------------------------------------------------------


def dumps(document: Mapping[str, Any]) -> bytes:
    """One line, with its newline. ValueError for NaN and infinities, which JSON does not have."""
    return json.dumps(document, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def loads(line: bytes | bytearray) -> Document:
    """Read the object that a line holds; ProtocolError says why it holds none."""
    if line.count(b",") >= MEMBERS:
        message = f"a line must hold fewer than {MEMBERS} members (got {excerpt(line)})"
        raise ProtocolError(message)
    try:
        document = _DECODER.decode(line.decode("utf-8"))
    except ProtocolError:
        raise
    except (ValueError, RecursionError) as error:
        # Without the place, which hangs on the length of the id before it.
        why = getattr(error, "msg", "") or getattr(error, "reason", "") or str(error)
        message = f"a line must be one JSON object in UTF-8 (got {excerpt(line)}): {why}"
        raise ProtocolError(message) from error
    if type(document) is not dict:
        message = f"a line must be one JSON object (got {excerpt(line)})"
        raise ProtocolError(message)
    return document


def excerpt(line: bytes | bytearray, length: int = 60) -> str:
    """Quote the beginning of a line for an error message, which must not depend on its id."""
    told = _ID.sub(rb'"id":#', bytes(line[: 2 * length]))
    return repr(told[:length])[1:] + ("…" if len(told) > length else "")


def _constant(text: str) -> NoReturn:
    refuse("a number in JSON", "finite", text)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _constant(text)


def _whole(text: str) -> int:
    if len(text) > DIGITS:
        refuse("a whole number in JSON", f"of at most {DIGITS} characters", text)
    return int(text)


def _distinct(pairs: list[tuple[str, Any]]) -> Document:
    document = dict(pairs)
    if len(document) != len(pairs):
        refuse("an object", "without repeated names", [name for name, _ in pairs])
    return document


_DECODER = json.JSONDecoder(
    parse_constant=_constant,
    parse_float=_finite,
    parse_int=_whole,
    object_pairs_hook=_distinct,
)


# Requests ------------------------------------------------------------------------------------


def encode_random(random: Mapping[str, Any] | None) -> Document | None:
    """Wire form of the injected random inputs: lists of indices as they are, arrays as arrays."""
    if random is None:
        return None
    dtypes: Mapping[str, str] = getattr(random, "dtypes", {})
    document = dict(random)
    for name, value in random.items():
        if isinstance(value, np.ndarray):
            document[name] = encode_array(value, dtypes.get(name), name)
    return document


def decode_random(document: object) -> Arrays | None:
    """Injected random inputs of a request; ProtocolError names the first that is none."""
    if document is None:
        return None
    if type(document) is not dict:
        refuse("random", "null or an object", document)
    random = Arrays(document)
    for name, value in document.items():
        if type(value) is dict:
            random[name], random.dtypes[name] = decode_array(value, f"random.{name}")
        elif not _indices(value):
            refuse(f"random.{name}", "an array, or indices in lists", value)
    return random


def _indices(value: object) -> bool:
    """Whether a value is a list of whole numbers, or of such lists."""
    if type(value) is not list:
        return False
    return all(type(each) is int for each in value) or all(map(_indices, value))


def number(identity: int, body: bytes) -> bytes:
    """Request line with its id set before the members of ``body``, a line without one."""
    return b'{"id":%d,' % identity + body[1:]


# Replies -------------------------------------------------------------------------------------


def read_reply(line: bytes | bytearray, identity: int) -> Word:
    """Read a line as the reply to request ``identity``; ProtocolError if it is no valid one."""
    document = loads(line)
    got = document.pop("id", None)
    if type(got) is not int or got != identity:
        refuse("id", "that of the request", _off(got, identity))
    if len(document) != 1 or not document.keys() <= {"ok", "error", "skip"}:
        refuse("a reply", "an id and one of ok, error, skip", sorted(document))
    ((kind, body),) = document.items()
    if type(body) is not dict:
        refuse(kind, "an object", body)
    return {"ok": _ok, "error": _error, "skip": _skip}[kind](body)


def _off(got: object, identity: int) -> object:
    """How far an id is off, in words that do not depend on the ids."""
    if type(got) is not int:
        return got
    return f"{got - identity:+d} from it" if abs(got - identity) <= NEAR else "another"


def _ok(body: Document) -> Word:
    return Word("ok", body)


def _error(body: Document) -> Word:
    _members("error", body, required={"kind", "message"})
    if type(body["kind"]) is not str or body["kind"] not in KINDS:
        refuse("error.kind", f"one of {', '.join(KINDS)}", body["kind"])
    return Word(body["kind"], message=_text("error.message", body["message"]))


def _skip(body: Document) -> Word:
    _members("skip", body, required={"reason"}, optional={"issue"})
    issue = _optional_text("skip.issue", body.get("issue"))
    return Word("skipped", message=_text("skip.reason", body["reason"]), issue=issue)


def read_outputs(ok: Document) -> tuple[Arrays, tuple[str, ...], str]:
    """Read the outputs, the names of inputs written to, and the device, of evaluate or step."""
    _members("ok", ok, required={"outputs"}, optional={"mutated", "device"})
    mutated = ok.get("mutated", [])
    if type(mutated) is not list:
        refuse("mutated", "a list of names", mutated)
    names = tuple(_name("mutated", name) for name in mutated)
    outputs = decode_arrays(ok["outputs"], "outputs")
    for name, value in outputs.items():
        if type(value) is list:
            refuse(f"outputs.{name}", "one array", value)
    return outputs, names, _optional_text("device", ok.get("device"))


def read_session(ok: Document) -> int | str:
    """Name of the session that open answered: an integer or a text."""
    _members("ok", ok, required={"session"})
    session = ok["session"]
    if type(session) is not int and type(session) is not str:
        refuse("session", "an integer or a text", session)
    return session if type(session) is int else _name("session", session)


def _members(
    name: str,
    body: Document,
    *,
    required: set[str],
    optional: frozenset[str] | set[str] = frozenset(),
) -> None:
    if not required <= body.keys():
        refuse(name, f"an object with {', '.join(sorted(required))}", sorted(body))
    if not body.keys() <= required | optional:
        known = ", ".join(sorted(required | optional))
        refuse(name, f"an object of no more than {known}", sorted(body))


def _optional_text(name: str, value: object) -> str:
    return "" if value is None else _name(name, value)


def _text(name: str, value: object) -> str:
    if type(value) is not str:
        refuse(name, "a text", value)
    try:
        value.encode()
    except UnicodeEncodeError:
        refuse(name, "Unicode text without lone surrogates", value)
    return value


def _name(name: str, value: object) -> str:
    """A text that is kept or sent back whole, and therefore not long."""
    text = _text(name, value)
    if len(text) > TEXT:
        refuse(name, f"a text of at most {TEXT} characters", len(text))
    return text
