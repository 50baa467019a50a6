"""A frozen case and the file that holds those of one method, as data and as canonical text."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from conformance.document import DocumentError, checked, clipped
from conformance.question import inputs_of, random_of
from conformance.vectors.notation import floats, hexed
from mtl_reference import QUANTITIES
from properties.example import Example, Step

HERE: Final = Path(__file__).resolve().parent
SCHEMA: Final = "vectors-v1"
SUFFIX: Final = ".json"
BEYOND: Final = "BeyondScale"  # the flag of what informs and never gates
BENT: Final = "one row alone"
ORDER: Final = (
    "id", "comment", "flags", "dtype", "inputs", "params", "random", "earlier", "expected", "set",
    "bound", "bounds", "margin", "condition", "result",
)  # fmt: skip

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Vector:
    """A frozen case of a method: what a file tells of it, and what that means."""

    method: str
    told: Document

    @property
    def id(self) -> int:
        """Its number, given once and for all."""
        return int(self.told["id"])

    @property
    def dtype(self) -> str:
        """The dtype in which it is asked."""
        return str(self.told["dtype"])

    @property
    def result(self) -> str:
        """What is demanded: valid, invalid or set."""
        return str(self.told["result"])

    @property
    def flags(self) -> Sequence[str]:
        """The mistakes that it is there to catch."""
        found: Sequence[str] = self.told["flags"]
        return found

    @property
    def gates(self) -> bool:
        """Whether a wrong answer counts: not where the input is invalid or beyond 1e8 in size."""
        return self.result != "invalid" and BEYOND not in self.flags

    @property
    def example(self) -> Example:
        """The case as the laws know one; its ``extra`` tells the vector's id."""
        last, *earlier = map(_step, (self.told, *self.told.get("earlier", ())))
        bent = _is_bent(self.told["inputs"].get("jacobian"))
        extra = {"vector": self.id, **({"invalid": BENT} if bent else {})}
        params = {name: floats(value) if isinstance(value, list) else value
                  for name, value in self.told["params"].items()}  # fmt: skip
        return Example(self.method, last.rows, params, last.orders, extra, last.inputs,
                       last.random, tuple(earlier))  # fmt: skip


def _is_bent(rows: Any) -> bool:  # noqa: ANN401  (of a file)
    """Whether a jacobian is one row alone, which no method takes."""
    return bool(rows) and not isinstance(rows[0], list)


def _step(told: Document) -> Step:
    inputs = {name: floats(values) for name, values in told["inputs"].items()}
    random = {name: floats(values) for name, values in told["random"].items()}
    rows = inputs.pop("jacobian", ())
    if _is_bent(told["inputs"].get("jacobian")):
        rows = (rows,)
    return Step(rows, inputs, random.pop("orders", None), random)


def question_of(example: Example) -> dict[str, Any]:
    """The part of a vector that asks: parameters, inputs and randomness, and the steps before."""
    earlier = [_asked(example.method, step) for step in example.earlier]
    params = {name: list(value) if isinstance(value, tuple) else value
              for name, value in sorted(example.params.items())}  # fmt: skip
    asked = {**_asked(example.method, example), "params": params}
    if example.extra.get("invalid") == BENT:
        asked["inputs"]["jacobian"] = asked["inputs"]["jacobian"][0]
    return asked | ({"earlier": earlier} if earlier else {})


def _asked(method: str, step: Example | Step) -> dict[str, Any]:
    return {"inputs": _told(inputs_of(method, step)), "random": _told(random_of(method, step))}


def _told(quantities: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: hexed(values, real=QUANTITIES[name].kind == "real")
        for name, values in quantities.items()
    }


# Files ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VectorFile:
    """The vectors of one method, with a note for each flag."""

    method: str
    version: str
    notes: Mapping[str, Document] = field(default_factory=dict)
    tests: tuple[Document, ...] = ()

    @property
    def vectors(self) -> tuple[Vector, ...]:
        """The cases, by their numbers."""
        return tuple(Vector(self.method, test) for test in self.tests)

    @property
    def text(self) -> str:
        """The file as canonical text: one member of a test a line, flags and notes sorted."""
        head = {"schema": SCHEMA, "suiteVersion": self.version, "method": self.method}
        notes = ",\n".join(f'  "{name}": {_line(self.notes[name])}' for name in sorted(self.notes))
        tests = ",\n".join(map(_test, sorted(self.tests, key=lambda test: int(test["id"]))))
        lines = [f' "{name}": {_line(value)},\n' for name, value in head.items()]
        lines += [f' "notes": {{\n{notes}\n }},\n' if notes else ' "notes": {},\n']
        lines += [f' "tests": [\n{tests}\n ]\n' if tests else ' "tests": []\n']
        return "{\n" + "".join(lines) + "}\n"


def _test(test: Document) -> str:
    """A test, one member a line, members in their order."""
    known = [name for name in ORDER if name in test]
    names = [*known, *sorted(set(test) - set(known))]
    told = dict(test) | {"flags": sorted(test["flags"])}
    return "  {\n" + ",\n".join(f'   "{name}": {_line(told[name])}' for name in names) + "\n  }"


def _line(value: Any) -> str:  # noqa: ANN401  (JSON)
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def read(path: Path) -> VectorFile:
    """The file at a path, held to the schema; DocumentError says what is wrong with it."""
    found = _file(checked(path, "vectors"))
    for vector in found.vectors:
        try:
            _ = vector.example
        except (ValueError, OverflowError) as error:
            message = f"{path}, vector {vector.id}: {clipped(str(error))}"
            raise DocumentError(message) from error
    return found


def _file(document: Document) -> VectorFile:
    return VectorFile(
        document["method"], document["suiteVersion"], document["notes"], tuple(document["tests"])
    )


def bundled() -> tuple[Path, ...]:
    """The files that come with the suite, one a method, sorted."""
    return tuple(sorted(HERE.glob(f"*{SUFFIX}")))


@cache
def of(method: str) -> VectorFile:
    """The bundled vectors of a method; none where there is no file.

    The schema is the linter's business: what comes with the suite was held to it.
    """
    path = HERE / f"{method}{SUFFIX}"
    if not path.is_file():
        return VectorFile(method, "0.0.0")
    return _file(json.loads(path.read_text(encoding="utf-8")))
