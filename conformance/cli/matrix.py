"""Inputs read from files: .npy, JSON or CSV, each number as exactly what was written.

Decimal numbers stand for the float64 that they round to, as in the programs that wrote them;
"p/q" and C99 hexadecimal floats ("0x1.8p+1") stand for themselves.
"""

import csv
import json
import math
import re
import warnings
from fractions import Fraction
from pathlib import Path
from typing import Any

from conformance.cli.trouble import Trouble
from conformance.printable import shortened

Cell = int | float | Fraction
Rows = list[list[Cell]]

LINE = 80

_FRACTION = re.compile(r"[+-]?\d+/\d+")
_HEXADECIMAL = re.compile(r"[+-]?0x[0-9a-f.]+(p[+-]?\d+)?", re.IGNORECASE)


def read(path: Path, name: str = "jacobian") -> Rows:
    """The rows of numbers in a file; trouble names file, place and rule."""
    if path.suffix not in READERS:
        message = f"{path}: a {name} is a .npy, .json or .csv file (got '{path.suffix}')"
        raise Trouble(message)
    if not path.is_file():
        message = f"{path}: no such file; give --{name} a .npy, .json or .csv file"
        raise Trouble(message)
    try:
        rows = READERS[path.suffix](path, name)
    except UnicodeDecodeError as error:
        message = f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8 text"
        raise Trouble(message) from error
    return _checked(rows, path, name)


def quantity(name: str, path: Path) -> Any:  # noqa: ANN401  (of the quantity's shape)
    """A quantity from a file, in nested tuples: a vector is one row, or one number a row."""
    from mtl_reference import QUANTITIES

    rows = tuple(map(tuple, read(path, name)))
    rank = len(QUANTITIES[name].shape)
    if rank == 2:  # noqa: PLR2004  (a matrix)
        return rows
    flat = rows[0] if len(rows) == 1 else tuple(row[0] for row in rows)
    if len(rows) > 1 and len(rows[0]) > 1:
        message = f"{path}: {name} is a vector: one row, or one number a row"
        raise Trouble(message)
    if rank == 0 and len(flat) > 1:
        message = f"{path}: {name} is one number (got {len(flat)})"
        raise Trouble(message)
    return flat if rank else flat[0]


def cell(text: str) -> Cell:
    """One number as written: "p/q" and whole numbers exactly, hexadecimal and decimal floats."""
    bare = text.strip()
    if _FRACTION.fullmatch(bare):
        return Fraction(bare)
    if _HEXADECIMAL.fullmatch(bare):
        return float.fromhex(bare)
    try:
        return int(bare)
    except ValueError:
        return float(bare)


def _json(path: Path, name: str) -> Rows:
    """Rows from JSON: a list of rows or a vector, or an object with it by name (or in "inputs")."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        message = f"{path}, line {error.lineno}, column {error.colno}: not JSON: {error.msg}"
        raise Trouble(message) from error
    except UnicodeDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        reason = "a number is too long" if isinstance(error, ValueError) else "it is too deep"
        message = f"{path}: {reason}"
        raise Trouble(message) from error
    for key in ("inputs", name):
        if isinstance(found, dict) and key in found:
            found = found[key]
    if name != "jacobian" and isinstance(found, list) and not any(map(_nested, found)):
        found = [found]
    if not isinstance(found, list) or not all(isinstance(row, list) for row in found):
        message = f'{path}: a list of rows is wanted, or an object with "{name}": [[...], ...]'
        raise Trouble(message)
    return [
        [_member(value, f"{path}: {name}[{i}, {j}]") for j, value in enumerate(row)]
        for i, row in enumerate(found)
    ]


def _nested(value: object) -> bool:
    return isinstance(value, list)


def _member(value: object, where: str) -> Cell:
    """One JSON value as a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _number(value, where)
    told = "a list or an object" if isinstance(value, list | dict) else json.dumps(value)
    message = f'{where} is {told}; a number, "p/q" or a hexadecimal float is wanted'
    raise Trouble(message)


def _csv(path: Path, _: str) -> Rows:
    """Rows from CSV, one task a line; blank lines and lines that begin with # are passed over."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [
            [_number(text, f"{path}, line {at}, field {j + 1}") for j, text in enumerate(row)]
            for at, row in enumerate(csv.reader(lines), start=1)
            if row and any(row) and not row[0].lstrip().startswith("#")
        ]


def _npy(path: Path, name: str) -> Rows:
    """Rows from a numpy array of floats or integers; nothing in the file is ever unpickled."""
    import numpy as np

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            # Mapped: no memory is taken for a shape that the file only claims.
            array = np.load(path, allow_pickle=False, mmap_mode="r")
    except Exception as error:  # whatever numpy's parser of headers meets
        reason = shortened(str(error), LINE)
        message = f"{path}: not a plain .npy array ({reason}); save it with numpy.save"
        raise Trouble(message) from error
    if not isinstance(array, np.ndarray):
        message = f"{path}: not a plain .npy array; save it with numpy.save"
        raise Trouble(message)
    if array.dtype not in (np.float16, np.float32, np.float64) and array.dtype.kind not in "iu":
        message = f"{path}: dtype {array.dtype} is not a float of at most 64 bits or an integer"
        raise Trouble(message)
    if array.ndim == 1 and name != "jacobian":
        array = array[None, :]
    if array.ndim != 2:  # noqa: PLR2004  (a matrix has two axes)
        message = f"{path}: a {name} has two axes (got shape {array.shape})"
        raise Trouble(message)
    rows: Rows = array.tolist()
    return rows


READERS = {".npy": _npy, ".json": _json, ".csv": _csv}


def _number(text: str, where: str) -> Cell:
    """A cell's text as a number, or trouble that names the place."""
    try:
        return cell(text)
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        message = f"{where}: '{shortened(text, LINE)}' is not a number"
        raise Trouble(message) from error


def _checked(rows: Rows, path: Path, name: str) -> Rows:
    """The rows, if there is at least one, all have one length and every number is finite."""
    if not rows:
        message = f"{path}: no tasks: a {name} has at least one row"
        raise Trouble(message)
    lengths = [len(row) for row in rows]
    for at, length in enumerate(lengths):
        if length != lengths[0] or not length:
            rule = (
                f"rows must have one length above zero (row 0 has {lengths[0]}, row {at} {length})"
            )
            message = f"{path}: {rule}"
            raise Trouble(message)
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if isinstance(value, float) and not math.isfinite(value):
                message = f"{path}: {name}[{i}, {j}] is {value}; a {name} is finite"
                raise Trouble(message)
    return rows
