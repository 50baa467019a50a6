"""A JSON document from a file that somebody else wrote: its value, or a clear error."""

import json
import math
from pathlib import Path
from typing import Any, NoReturn, final

from jsonschema.exceptions import best_match  # type: ignore[import-untyped]  # ships no types

from conformance.printable import shortened
from conformance.schemas import validator

LARGEST = 64 * 2**20  # bytes; a certificate of every method has less than one million
SHOWN = 160  # characters of somebody else's text in a message of ours


@final
class DocumentError(ValueError):
    """The file holds no such document; the message says which file, and what is wrong."""


def checked(path: Path, schema: str) -> dict[str, Any]:
    """The document of a file that keeps a schema of ours; DocumentError names the place."""
    found: dict[str, Any] = read(path)
    fault = breach(found, schema)
    if fault:
        message = f"{path} is no {schema}: {fault}"
        raise DocumentError(message)
    return found


def breach(value: object, schema: str) -> str:
    """Where and how a value breaks a schema of ours; empty where it keeps it."""
    try:
        error = best_match(validator(schema).iter_errors(value))
    except RecursionError:
        return "it is nested too deeply"
    if error is None:
        return ""
    place = "/".join(map(str, error.absolute_path)) or "its top"
    return f"{clipped(place)} breaks the schema ({clipped(error.message)})"


def clipped(text: str) -> str:
    """Somebody else's text as one line of a message of ours."""
    return shortened(text, SHOWN)


def read(path: Path) -> Any:  # noqa: ANN401  (any JSON value)
    """The value in a file: finite numbers, whole characters; DocumentError for anything else."""
    raw = content(path)
    try:
        value = json.loads(raw.decode(), parse_constant=_refused, parse_float=_finite)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        reason = "a text in it ends in half a character"
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    except RecursionError:
        reason = "it is nested too deeply"
    except ValueError as error:
        reason = f"it is not JSON ({clipped(str(error))})"
    else:
        return value
    message = f"{path}: {reason}"
    raise DocumentError(message)


def content(path: Path) -> bytes:
    """The bytes of a file; DocumentError where it cannot be read or is too large."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        message = f"{path}: {getattr(error, 'strerror', None) or 'no name of a file'}"
        raise DocumentError(message) from error
    if len(raw) > LARGEST:
        message = f"{path}: larger than {LARGEST // 2**20} MiB"
        raise DocumentError(message)
    return raw


def _refused(word: str) -> NoReturn:
    message = f"{word} is no number of JSON"
    raise ValueError(message)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        message = f"{text[:SHOWN]} is too large"
        raise ValueError(message)
    return number
