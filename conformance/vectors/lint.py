"""The linter of vector files: schema, canonical form, ids, flags and their notes."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from conformance.vectors.notation import hexadecimal
from conformance.vectors.record import Vector, VectorFile, read
from mtl_reference import METHODS, QUANTITIES
from properties.jacobians import representable


def faults(path: Path) -> Iterator[str]:
    """What is wrong with a file, one sentence each; DocumentError where it breaks the schema."""
    found = read(path)
    if found.method not in METHODS or path.stem != found.method:
        yield f"the file of {found.method} must bear its name (is {path.name})"
        return
    yield from _numbering(found)
    yield from _flags(found)
    for vector in found.vectors:
        for fault in _of(vector):
            yield f"test {vector.id}: {fault}"
    if path.read_text(encoding="utf-8") != found.text:
        yield "the text is not in canonical form (vectors lint --fix writes it)"


def fixed(path: Path) -> bool:
    """Write a file in canonical form; whether that changed it."""
    found = read(path)
    spelled = replace(found, tests=tuple(map(_spelled, found.tests)))
    if path.read_text(encoding="utf-8") == spelled.text:
        return False
    path.write_text(spelled.text, encoding="utf-8")
    return True


def _numbering(found: VectorFile) -> Iterator[str]:
    """Numbers begin at 1 and leave none out: a vector is mended under its number, never removed."""
    numbers = [int(test["id"]) for test in found.tests]
    for place, number in enumerate(sorted(numbers), start=1):
        if number != place:
            yield f"ids must be 1 to {len(numbers)}, each once (got {number} for {place})"
            return


def _flags(found: VectorFile) -> Iterator[str]:
    """Every flag has a note, and every note a vector."""
    used = {flag for test in found.tests for flag in test["flags"]}
    for flag in sorted(used - set(found.notes)):
        yield f"the flag {flag} has no note"
    for flag in sorted(set(found.notes) - used):
        yield f"the note of {flag} has no test"


def _of(vector: Vector) -> Iterator[str]:
    """What is wrong with one test: names, and numbers that its dtype does not hold."""
    if not vector.flags:
        yield "it has no flag: which mistake is it there for?"
    method = METHODS[vector.method]
    known = {"inputs": method.inputs, "random": method.randomness,
             "params": [each.name for each in method.parameters],
             "expected": method.outputs}  # fmt: skip
    for part, names in known.items():
        for name in sorted(set(vector.told.get(part, {})) - set(names)):
            yield f"{part} must be among {', '.join(names) or 'none'} (got {name})"
            return
    for step in (vector.told, *vector.told.get("earlier", ())):
        for name, values in {**step["inputs"], **step["random"]}.items():
            yield from _held(vector, name, values)


def _held(vector: Vector, name: str, values: Any) -> Iterator[str]:  # noqa: ANN401  (of any shape)
    """Entries of a real quantity that the dtype does not hold, or that are spelled otherwise."""
    if QUANTITIES[name].kind != "real":
        return
    for text in _texts(values):
        number = float.fromhex(text) if isinstance(text, str) else None
        if number is None or hexadecimal(number) != text:
            yield f"{name} must be in the shortest hexadecimal form (got {text})"
        elif vector.result != "invalid" and not representable(number, vector.dtype):
            yield f"{name} must be a {vector.dtype} (got {text})"


def _texts(values: Any) -> Iterator[Any]:  # noqa: ANN401  (of any shape)
    if isinstance(values, list):
        for each in values:
            yield from _texts(each)
    else:
        yield values


def _spelled(test: Any) -> Any:  # noqa: ANN401  (JSON)
    """A test with its floats as short as they go."""
    told = json.loads(json.dumps(test))
    for step in (told, *told.get("earlier", ())):
        for part in ("inputs", "random"):
            step[part] = {name: _short(values) for name, values in step[part].items()}
    return told


def _short(values: Any) -> Any:  # noqa: ANN401  (of any shape)
    if isinstance(values, list):
        return [_short(each) for each in values]
    return hexadecimal(float.fromhex(values)) if isinstance(values, str) else values
