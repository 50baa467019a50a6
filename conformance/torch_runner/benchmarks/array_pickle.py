"""Arrays out of a pickle from somebody else, without running anything that it names.

A pickle calls what it names. Here every name is refused but those that numpy's own arrays are
pickled with, and these lead to the plain records below, never to numpy: a record holds a shape,
a type code and bytes, and is turned into an array only after they have been checked.
"""

import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from conformance.torch_runner.benchmarks.data import DataError

NUMBER = re.compile(r"[biuf](1|2|4|8)")


@final
class TypeCode:
    """What stands for numpy.dtype: a plain number's code and byte order."""

    def __init__(self, code: str, *_: object) -> None:
        self.code, self.order = str(code), "="

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.order = "=" if state[1] == "|" else str(state[1])

    def dtype(self) -> np.dtype[Any]:
        """The numpy type; UnpicklingError for anything but plain numbers."""
        if not NUMBER.fullmatch(self.code) or self.order not in {"<", ">", "="}:
            message = f"entries of type {self.code!r}"
            raise pickle.UnpicklingError(message)
        return np.dtype(self.order + self.code)


@final
class Stored:
    """What stands for numpy.ndarray: shape, type, order and bytes."""

    def __init__(self) -> None:
        self.state: tuple[Any, ...] = ()

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.state = state

    def array(self) -> NDArray[Any]:
        """The array; UnpicklingError if the parts do not fit together."""
        _, shape, code, fortran, content = self.state
        if isinstance(content, str):  # written by Python 2
            content = content.encode("latin1")
        if not isinstance(code, TypeCode) or not isinstance(content, bytes | bytearray):
            message = "an array that is not made of bytes"
            raise pickle.UnpicklingError(message)
        flat = np.frombuffer(content, dtype=code.dtype())
        array: NDArray[Any] = np.reshape(flat, shape, order="F" if fortran else "C")
        return array


def stored(*_: object) -> Stored:
    """What stands for numpy's _reconstruct: an array yet to be told its state."""
    return Stored()


def from_buffer(content: bytes, code: TypeCode, shape: tuple[int, ...], order: str) -> Stored:
    """What stands for numpy's _frombuffer, which protocol 5 names."""
    result = Stored()
    result.state = (1, shape, code, order == "F", bytes(content))
    return result


def latin1(text: str, encoding: str) -> bytes:
    """What stands for codecs.encode, by which protocol 2 writes bytes."""
    if encoding != "latin1":
        message = f"bytes in {encoding!r}"
        raise pickle.UnpicklingError(message)
    return text.encode("latin1")


ALLOWED: dict[tuple[str, str], Callable[..., Any]] = {
    ("_codecs", "encode"): latin1,
    ("numpy", "dtype"): TypeCode,
    ("numpy", "ndarray"): Stored,
    ("numpy._core.multiarray", "_reconstruct"): stored,
    ("numpy._core.numeric", "_frombuffer"): from_buffer,
    ("numpy.core.multiarray", "_reconstruct"): stored,
    ("numpy.core.numeric", "_frombuffer"): from_buffer,
}


@final
class ArrayUnpickler(pickle.Unpickler):
    """An unpickler that knows numpy's arrays and refuses every other name."""

    def find_class(self, module_name: str, global_name: str, /) -> Callable[..., Any]:
        """What a name in the pickle stands for."""
        if (module_name, global_name) not in ALLOWED:
            message = f"{module_name}.{global_name}"
            raise pickle.UnpicklingError(message)
        return ALLOWED[module_name, global_name]


def read(path: Path) -> list[NDArray[Any]]:
    """The arrays of a pickled tuple or list of arrays; DataError says what else it holds."""
    try:
        with path.open("rb") as stream:
            found = ArrayUnpickler(stream, encoding="latin1").load()
        if isinstance(found, tuple | list) and all(isinstance(item, Stored) for item in found):
            return [item.array() for item in found]
    except Exception as error:  # a damaged pickle may raise anything
        message = f"{path}: only a pickle of numeric numpy arrays is read (met {error})"
        raise DataError(message) from error
    message = f"{path}: only a pickled tuple of numpy arrays is read (got {type(found).__name__})"
    raise DataError(message)
