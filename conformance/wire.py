"""Protocol version 1: what a line on the wire may hold, and arrays as text that keeps every bit.

One JSON document a line. An array is ``{"dtype", "shape", "data"}`` with its little-endian
row-major bytes in base64. bfloat16 has no numpy dtype: in memory it is a float32 array whose
values bfloat16 holds, and its name travels beside it in ``Arrays.dtypes``.
"""

import json
import math
import re
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, final

import numpy as np
import numpy.typing as npt

PROTOCOL = 1
REFUSED, UNSUPPORTED, FAILED = "refused", "unsupported", "failed"
KINDS = (REFUSED, UNSUPPORTED, FAILED)
RANDOM = ("orders", "sample", "uniforms")
RANK_LIMIT = 8
SIZE_LIMIT = 2**40

Array = npt.NDArray[Any]
Document = dict[str, Any]

STORAGE: Mapping[str, np.dtype[Any]] = {
    "float64": np.dtype("<f8"),
    "float32": np.dtype("<f4"),
    "bfloat16": np.dtype("<u2"),
    "int64": np.dtype("<i8"),
    "bool": np.dtype("|u1"),
}
_ID = re.compile(rb'"id"\s*:\s*\d+')
NATIVE = ("bool", "float32", "float64", "int64")


@final
class ProtocolError(ValueError):
    """A message breaks the protocol; the text names the member, the rule and the value."""


@final
class Arrays(dict[str, Any]):
    """Named arrays (or lists of arrays), and in ``dtypes`` the name of each one's wire dtype."""

    def __init__(
        self,
        arrays: Mapping[str, Any] | Iterable[tuple[str, Any]] = (),
        dtypes: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(arrays)
        self.dtypes: dict[str, str] = dict(dtypes or {})


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
    try:
        document = _DECODER.decode(line.decode("utf-8"))
    except ProtocolError:
        raise
    except (ValueError, RecursionError) as error:
        message = f"a line must be one JSON object in UTF-8 (got {excerpt(line)}): {error}"
        raise ProtocolError(message) from error
    if type(document) is not dict:
        message = f"a line must be one JSON object (got {excerpt(line)})"
        raise ProtocolError(message)
    return document


def excerpt(line: bytes | bytearray, length: int = 60) -> str:
    """Quote the beginning of a line for an error message, which must not depend on its id."""
    beginning = _ID.sub(rb'"id":#', bytes(line[:length]))
    return repr(beginning)[1:] + ("…" if len(line) > length else "")


def _refuse(name: str, rule: str, value: object) -> NoReturn:
    text = repr(value)
    shown = text if len(text) <= 80 else text[:79] + "…"  # noqa: PLR2004  (a line on a screen)
    message = f"{name} must be {rule} (got {shown})"
    raise ProtocolError(message)


def _constant(text: str) -> NoReturn:
    _refuse("a number in JSON", "finite", text)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _constant(text)


def _distinct(pairs: list[tuple[str, Any]]) -> Document:
    document = dict(pairs)
    if len(document) != len(pairs):
        _refuse("an object", "without repeated names", [name for name, _ in pairs])
    return document


_DECODER = json.JSONDecoder(
    parse_constant=_constant, parse_float=_finite, object_pairs_hook=_distinct
)


# Arrays --------------------------------------------------------------------------------------


def encode_array(array: Array, dtype: str | None = None, name: str = "array") -> Document:
    """Wire form of an array of any shape; ``dtype`` is its own unless it is bfloat16.

    ValueError if the dtype has no wire form or a bfloat16 array holds other values.
    """
    native = array.dtype.name
    if native not in NATIVE:
        message = f"{name} must have a dtype among {', '.join(STORAGE)} (got {native})"
        raise ValueError(message)
    if dtype is not None and native != ("float32" if dtype == "bfloat16" else dtype):
        message = f"{name} is declared {dtype} but holds {native}"
        raise ValueError(message)
    stored = _narrow(array, name) if dtype == "bfloat16" else array
    raw = stored.astype(STORAGE[dtype or native], copy=False).tobytes()
    data = b2a_base64(raw, newline=False).decode("ascii")
    return {"dtype": dtype or native, "shape": list(array.shape), "data": data}


def decode_array(document: object, name: str = "array") -> tuple[Array, str]:
    """Array (writable, of its own memory) and wire dtype of a document; ProtocolError if none.

    Nothing is allocated before the length of the data has been seen to fit the shape.
    """
    if type(document) is not dict or document.keys() != {"dtype", "shape", "data"}:
        _refuse(name, "an object of dtype, shape and data", document)
    dtype, data = document["dtype"], document["data"]
    if type(dtype) is not str or dtype not in STORAGE:
        _refuse(f"{name}.dtype", f"one of {', '.join(STORAGE)}", dtype)
    shape = _shape(document["shape"], name)
    size = math.prod(shape) * STORAGE[dtype].itemsize
    if type(data) is not str or len(data) != 4 * ((size + 2) // 3):
        length = len(data) if type(data) is str else type(data).__name__
        _refuse(f"{name}.data", f"base64 of {size} bytes, as {dtype} {shape} takes", length)
    stored = np.frombuffer(_bytes(data, size, name), STORAGE[dtype]).reshape(shape)
    return _load(stored, dtype, name), dtype


def _shape(shape: object, name: str) -> tuple[int, ...]:
    if type(shape) is not list or not all(type(n) is int and n >= 0 for n in shape):
        _refuse(f"{name}.shape", "a list of integers that are not negative", shape)
    if len(shape) > RANK_LIMIT or math.prod(n for n in shape if n) > SIZE_LIMIT:
        _refuse(f"{name}.shape", f"at most {RANK_LIMIT} axes and 2**40 numbers", shape)
    return tuple(shape)


def _bytes(data: str, size: int, name: str) -> bytes:
    try:
        raw = a2b_base64(data, strict_mode=True)
    except (Base64Error, ValueError) as error:
        message = f"{name}.data must be base64 ({error})"
        raise ProtocolError(message) from error
    if len(raw) != size:
        _refuse(f"{name}.data", f"{size} bytes", len(raw))
    return raw


def _load(stored: Array, dtype: str, name: str) -> Array:
    if dtype == "bfloat16":
        return (stored.astype(np.uint32) << 16).view(np.float32)
    if dtype == "bool":
        if stored.size and stored.max() > 1:
            _refuse(f"{name}.data", "bytes 0 and 1 for bool", int(stored.max()))
        return stored.astype(np.bool_)
    return stored.astype(dtype)


def is_short(array: Array) -> bool:
    """Whether an array is float32 and bfloat16 holds every value of it."""
    return array.dtype.name == "float32" and not (_bits(array) & 0xFFFF).any()


def _bits(array: Array) -> Array:
    return array.astype("<f4", order="C", copy=False).view("<u4")


def _narrow(array: Array, name: str) -> Array:
    if not is_short(array):
        message = f"{name} is declared bfloat16 but holds values that bfloat16 does not"
        raise ValueError(message)
    return _bits(array) >> 16


def encode_arrays(arrays: Mapping[str, Any]) -> Document:
    """Wire form of named arrays; a list of arrays stays a list."""
    dtypes: Mapping[str, str] = getattr(arrays, "dtypes", {})
    return {name: _encode_value(value, dtypes.get(name), name) for name, value in arrays.items()}


def _encode_value(value: Any, dtype: str | None, name: str) -> Any:  # noqa: ANN401
    if isinstance(value, list | tuple):
        parts = enumerate(value)
        return [encode_array(np.asarray(part), dtype, f"{name}[{k}]") for k, part in parts]
    return encode_array(np.asarray(value), dtype, name)


def decode_arrays(document: object, name: str) -> Arrays:
    """Named arrays of a document; ProtocolError names the first that is none."""
    if type(document) is not dict:
        _refuse(name, "an object of arrays", document)
    arrays = Arrays()
    for key, value in document.items():
        parts = value if type(value) is list else [value]
        decoded = [decode_array(part, f"{name}.{key}") for part in parts]
        arrays[key] = [array for array, _ in decoded] if type(value) is list else decoded[0][0]
        arrays.dtypes[key] = decoded[0][1] if decoded else "float64"
        if any(dtype != arrays.dtypes[key] for _, dtype in decoded):
            _refuse(f"{name}.{key}", "a list of one dtype", [dtype for _, dtype in decoded])
    return arrays


# Requests ------------------------------------------------------------------------------------


def encode_random(random: Mapping[str, Any] | None) -> Document | None:
    """Wire form of the injected random inputs: orders and sample as they are, uniforms an array."""
    if random is None:
        return None
    document = dict(random)
    if "uniforms" in document:
        dtype = getattr(random, "dtypes", {}).get("uniforms")
        document["uniforms"] = encode_array(np.asarray(document["uniforms"]), dtype, "uniforms")
    return document


def decode_random(document: object) -> Arrays | None:
    """Injected random inputs of a request; ProtocolError for unknown ones."""
    if document is None:
        return None
    if type(document) is not dict or not document.keys() <= set(RANDOM):
        _refuse("random", f"null or an object of {', '.join(RANDOM)}", document)
    random = Arrays(document)
    if "uniforms" in document:
        random["uniforms"], dtype = decode_array(document["uniforms"], "random.uniforms")
        random.dtypes["uniforms"] = dtype
    return random


def number(identity: int, body: bytes) -> bytes:
    """Request line with its id set before the members of ``body``, a line without one."""
    return b'{"id":%d,' % identity + body[1:]


# Replies -------------------------------------------------------------------------------------


def read_reply(line: bytes | bytearray, identity: int) -> Word:
    """Read a line as the reply to request ``identity``; ProtocolError if it is no valid one."""
    document = loads(line)
    got = document.pop("id", None)
    if type(got) is not int or got != identity:
        off = f"{got - identity:+d} from it" if type(got) is int else got
        _refuse("id", "that of the request", off)
    if len(document) != 1 or not document.keys() <= {"ok", "error", "skip"}:
        _refuse("a reply", "an id and one of ok, error, skip", sorted(document))
    ((kind, body),) = document.items()
    if type(body) is not dict:
        _refuse(kind, "an object", body)
    return {"ok": _ok, "error": _error, "skip": _skip}[kind](body)


def _ok(body: Document) -> Word:
    return Word("ok", body)


def _error(body: Document) -> Word:
    _members("error", body, required={"kind", "message"})
    if type(body["kind"]) is not str or body["kind"] not in KINDS:
        _refuse("error.kind", f"one of {', '.join(KINDS)}", body["kind"])
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
        _refuse("mutated", "a list of names", mutated)
    names = tuple(_text("mutated", name) for name in mutated)
    outputs = decode_arrays(ok["outputs"], "outputs")
    for name, value in outputs.items():
        if type(value) is list:
            _refuse(f"outputs.{name}", "one array", value)
    return outputs, names, _optional_text("device", ok.get("device"))


def read_session(ok: Document) -> int | str:
    """Name of the session that open answered: an integer or a text."""
    _members("ok", ok, required={"session"})
    session = ok["session"]
    if type(session) is not int and type(session) is not str:
        _refuse("session", "an integer or a text", session)
    return session if type(session) is int else _text("session", session)


def _members(
    name: str,
    body: Document,
    *,
    required: set[str],
    optional: frozenset[str] | set[str] = frozenset(),
) -> None:
    if not required <= body.keys():
        _refuse(name, f"an object with {', '.join(sorted(required))}", sorted(body))
    if not body.keys() <= required | optional:
        _refuse(name, f"without {', '.join(sorted(body.keys() - required - optional))}", "them")


def _optional_text(name: str, value: object) -> str:
    return "" if value is None else _text(name, value)


def _text(name: str, value: object) -> str:
    if type(value) is not str:
        _refuse(name, "a text", value)
    try:
        value.encode()
    except UnicodeEncodeError:
        _refuse(name, "Unicode text without lone surrogates", value)
    return value
