"""A recorded case read back: held to its schema, then to what its method and its law are.

A case.json may come from anybody. What passes here is an example that can be asked.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from conformance.arrays import NAME
from conformance.document import DocumentError, checked, clipped
from conformance.document import read as document_of
from conformance.question import frozen
from mtl_reference import METHODS, QUANTITIES
from properties.example import Example, Step
from properties.laws import LAWS

CASE, OBSERVED = "case.json", "observed.json"
OTHERS = ("in-training", "vector", "vector-beyond")  # judged by what is right, not by a law
LISTED = 3  # axes of a list of matrices, whose widths may differ
LARGEST = 2**63


def read(path: Path) -> dict[str, Any]:
    """A case from a file, or from the folder that holds it; DocumentError says what is wrong."""
    file = path / CASE if path.is_dir() else path
    case = checked(file, "case")
    try:
        _known("method", case["method"], METHODS)
        _known("law", case["law"], [*LAWS, *OTHERS])
        _params(case["params"])
        for name, value in case["extra"].items():
            _plain(f"extra.{name}", value)
        for step in (case, *case.get("earlier", ())):
            _quantities("inputs", step["inputs"], METHODS[case["method"]].inputs)
            _quantities("random", step["random"] or {}, METHODS[case["method"]].randomness)
        example_of(case)
    except (ValueError, OverflowError) as error:
        message = f"{file} is no case that can be asked: {clipped(str(error))}"
        raise DocumentError(message) from error
    return case


def recorded(folder: Path) -> str:
    """The verdict that stands beside a case; fail where none does. DocumentError."""
    file = folder / OBSERVED
    if not file.is_file():
        return "fail"
    found = document_of(file)
    verdict = found.get("verdict") if isinstance(found, dict) else None
    if not isinstance(verdict, str):
        message = f"{file} must be an object with a verdict"
        raise DocumentError(message)
    return clipped(verdict)


def example_of(case: Mapping[str, Any]) -> Example:
    """The example that a case keeps."""
    last, *earlier = map(_step, (case, *case.get("earlier", ())))
    extra = {name: frozen(value) for name, value in case.get("extra", {}).items()}
    params = {name: frozen(value) for name, value in case["params"].items()}
    return Example(
        case["method"],
        last.rows,
        params,
        last.orders,
        extra,
        last.inputs,
        last.random,
        tuple(earlier),
    )


def _step(case: Mapping[str, Any]) -> Step:
    """One step of a case."""
    inputs, random = _numbers(case["inputs"]), _numbers(case.get("random") or {})
    return Step(inputs.pop("jacobian", ()), inputs, random.pop("orders", None), random)


def _numbers(value: Any) -> Any:  # noqa: ANN401  (of any shape)
    if isinstance(value, dict):
        return {name: _numbers(values) for name, values in value.items()}
    if isinstance(value, list):
        return tuple(map(_numbers, value))
    return float.fromhex(value) if isinstance(value, str) else value


# What may stand in a case ----------------------------------------------------------------------


def _params(params: Mapping[str, Any]) -> None:
    for name, value in params.items():
        if not NAME.fullmatch(name):
            _refuse("params", "named in lower case letters, digits and underscores", name)
        several = value if isinstance(value, list) else [value]
        if not (value is None or isinstance(value, str) or all(map(_is_number, several))):
            _refuse(f"params.{name}", "a number, a text, a list of numbers or null", value)


def _plain(name: str, value: object) -> None:
    """Refuse an object, and a whole number beyond int64, wherever they lie in a value."""
    if isinstance(value, dict):
        _refuse(name, "free of objects", value)
    if isinstance(value, list):
        for each in value:
            _plain(name, each)
    elif isinstance(value, int) and not -LARGEST <= value < LARGEST:
        _refuse(name, "within int64", value)


def _quantities(place: str, given: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name, values in given.items():
        _known(place, name, names)
        quantity = QUANTITIES[name]
        _shape(f"{place}.{name}", values, len(quantity.shape), quantity.kind, flat=quantity.flat)


def _shape(name: str, values: Any, rank: int, kind: str, *, flat: bool = False) -> None:  # noqa: ANN401  (JSON)
    """Refuse what is no array of a rank and kind; rows must have one length."""
    if rank == 0:
        _entry(name, values, kind)
        return
    if not isinstance(values, list):
        _refuse(name, f"a list, nested {rank} deep", values)
    if flat and not any(isinstance(each, list) for each in values):
        rank = 1
    for each in values:
        _shape(name, each, rank - 1, kind)
    jagged = rank == LISTED or kind != "real"
    if rank > 1 and not jagged and len({len(each) for each in values}) > 1:
        _refuse(name, "of rows of one length", values)


def _entry(name: str, value: object, kind: str) -> None:
    wanted = {"real": str, "whole": int, "truth": bool}[kind]
    if type(value) is not wanted:
        _refuse(name, f"of {kind} numbers" if kind != "truth" else "of truths", value)
    _plain(name, value)


def _is_number(value: object) -> bool:
    whole = type(value) is int and -LARGEST <= value < LARGEST
    return whole or type(value) is float


def _known(noun: str, word: str, known: Any) -> None:  # noqa: ANN401  (names)
    if word not in known:
        _refuse(noun, "one that the suite knows", word)


def _refuse(name: str, rule: str, value: object) -> NoReturn:
    message = f"{name} must be {rule} (got {clipped(repr(value))})"
    raise ValueError(message)
