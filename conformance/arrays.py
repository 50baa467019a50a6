"""Arrays as text that keeps every bit: dtype, shape, and little-endian row-major bytes in base64.

bfloat16 has no numpy dtype: in memory it is a float32 array whose values bfloat16 holds, and its
name travels beside it in ``Arrays.dtypes``.
"""

import math
import re
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, final

import numpy as np
import numpy.typing as npt

RANK_LIMIT = 8
SIZE_LIMIT = 2**40
LINE = 80
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)

Array = npt.NDArray[Any]
Document = dict[str, Any]

STORAGE: Mapping[str, np.dtype[Any]] = {
    "float64": np.dtype("<f8"),
    "float32": np.dtype("<f4"),
    "bfloat16": np.dtype("<u2"),
    "int64": np.dtype("<i8"),
    "bool": np.dtype("|u1"),
}
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


def refuse(name: str, rule: str, value: object) -> NoReturn:
    """Raise ProtocolError: what must be what, and what it is."""
    message = f"{name} must be {rule} (got {_shown(value)})"
    raise ProtocolError(message)


def _shown(value: object) -> str:
    """A value of any size in one line's length; only its beginning is written out."""
    text = repr(value[:LINE] if isinstance(value, str | list) else value)
    return text if len(text) <= LINE else text[: LINE - 1] + "…"


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
        refuse(name, "an object of dtype, shape and data", document)
    dtype, data = document["dtype"], document["data"]
    if type(dtype) is not str or dtype not in STORAGE:
        refuse(f"{name}.dtype", f"one of {', '.join(STORAGE)}", dtype)
    shape = _shape(document["shape"], name)
    size = math.prod(shape) * STORAGE[dtype].itemsize
    if type(data) is not str or len(data) != 4 * ((size + 2) // 3):
        length = len(data) if type(data) is str else type(data).__name__
        refuse(f"{name}.data", f"base64 of {size} bytes, as {dtype} {shape} takes", length)
    stored = np.frombuffer(_bytes(data, size, name), STORAGE[dtype]).reshape(shape)
    return _load(stored, dtype, name), dtype


def _shape(shape: object, name: str) -> tuple[int, ...]:
    if type(shape) is not list or not all(type(n) is int and n >= 0 for n in shape):
        refuse(f"{name}.shape", "a list of integers that are not negative", shape)
    if len(shape) > RANK_LIMIT or math.prod(n for n in shape if n) > SIZE_LIMIT:
        refuse(f"{name}.shape", f"at most {RANK_LIMIT} axes and 2**40 numbers", shape)
    return tuple(shape)


def _bytes(data: str, size: int, name: str) -> bytes:
    try:
        raw = a2b_base64(data, strict_mode=True)
    except (Base64Error, ValueError) as error:
        message = f"{name}.data must be base64 ({error})"
        raise ProtocolError(message) from error
    if len(raw) != size:
        refuse(f"{name}.data", f"{size} bytes", len(raw))
    return raw


def _load(stored: Array, dtype: str, name: str) -> Array:
    if dtype == "bfloat16":
        return (stored.astype(np.uint32) << 16).view(np.float32)
    if dtype == "bool":
        if stored.size and stored.max() > 1:
            refuse(f"{name}.data", "bytes 0 and 1 for bool", int(stored.max()))
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
        refuse(name, "an object of arrays", document)
    arrays = Arrays()
    for key, value in document.items():
        if not NAME.fullmatch(key):
            refuse(name, "named in at most 64 lower case letters, digits and underscores", key)
        parts = value if type(value) is list else [value]
        decoded = [decode_array(part, f"{name}.{key}") for part in parts]
        arrays[key] = [array for array, _ in decoded] if type(value) is list else decoded[0][0]
        arrays.dtypes[key] = decoded[0][1] if decoded else "float64"
        if any(dtype != arrays.dtypes[key] for _, dtype in decoded):
            refuse(f"{name}.{key}", "a list of one dtype", [dtype for _, dtype in decoded])
    return arrays
