"""The idx format of MNIST and Fashion-MNIST: a header of sizes, then bytes."""

import gzip
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from conformance.torch_runner.benchmarks.data import DataError

UNSIGNED_BYTE = 8
"""The third byte of the header: the type of the entries."""


def read(path: Path, axes: int) -> NDArray[np.uint8]:
    """Array of ``axes`` axes from an idx file of bytes, or from the same with .gz behind it.

    DataError names the file and what is wrong with it.
    """
    content = raw(path)
    header = 4 + 4 * axes
    if len(content) < header or content[:4] != bytes((0, 0, UNSIGNED_BYTE, axes)):
        message = f"{path}: not an idx file of bytes with {axes} axes"
        raise DataError(message)
    shape = struct.unpack(f">{axes}I", content[4:header])
    array = np.frombuffer(content, dtype=np.uint8, offset=header)
    if len(array) != np.prod(shape):
        message = f"{path}: shape {shape} needs {np.prod(shape)} bytes (got {len(array)})"
        raise DataError(message)
    return array.reshape(shape)


def raw(path: Path) -> bytes:
    """The content of a file, or of its compressed form beside it."""
    zipped = path.with_name(f"{path.name}.gz")
    try:
        return path.read_bytes() if path.exists() else gzip.decompress(zipped.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        message = f"{path}: cannot be read ({error})"
        raise DataError(message) from error
