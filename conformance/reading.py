"""A backend's reply read exactly: floats as the rationals they are, over the declared scale."""

from collections.abc import Mapping
from typing import Any, Final, cast

import numpy as np
from flint import fmpq

from conformance import scale
from conformance.question import inputs_of, random_of
from conformance.reply import Reply
from conformance.wire import Array, Arrays
from mtl_reference import METHODS, QUANTITIES, RESULTS
from mtl_reference.enclosure import Vector
from mtl_reference.method import LISTED, Output
from mtl_reference.rational import Jacobian
from properties.example import Example, Observation, Step
from properties.question import NOTHING, exact_rows, sizes

SCALED: Final = ("direction", "task_gradients", "weights")


def answered(example: Example, reply: Reply, told: Mapping[str, Any]) -> Observation:
    """The observation of a reply with outputs; ``told`` is what the backend says of the method.

    Outputs that are misshapen or not finite are left to the facts.
    """
    exact, facts = exact_jacobian(example), facts_of(reply)
    try:
        divisor = _scale(example, told)
    except ValueError as error:
        return Observation(example, exact, {}, "protocol", str(error), facts=facts)
    shapes = shapes_of(example)
    outputs = {
        name: _exact(found, divisor if name in SCALED else fmpq(1))
        for name, found in reply.outputs.items()
        if found.shape == shapes.get(name) and np.isfinite(found).all()
    }
    raw = {name: found.tobytes() for name, found in reply.outputs.items()}
    return Observation(example, exact, outputs, "answered", "", raw, facts)


def shapes_of(example: Example) -> dict[str, tuple[int, ...]]:
    """The shape of every output of an example's method, as its inputs tell the symbols."""
    method = METHODS[example.method]
    params = {each.name: each.default for each in method.parameters} | dict(example.params)
    known = {name: _told_by(value) for name, value in params.items()} | dict(sizes(example))
    return {
        name: tuple(known.get(axis, -1) for axis in RESULTS[name].shape) for name in method.outputs
    }


def _told_by(value: object) -> int:
    """How many entries an axis has that bears a parameter's name."""
    if isinstance(value, (tuple, list)):
        return len(value) + 1  # the intervals between so many edges
    return int(value) if isinstance(value, (int, float)) and float(value).is_integer() else -1


def _scale(example: Example, told: Mapping[str, Any]) -> fmpq:
    """The declared scale; ValueError where it has no value or is zero."""
    given = {each.name: each.default for each in METHODS[example.method].parameters}
    params = {**given, **told["params"], **example.params}
    value = scale.parse(told["scale"]).value(example.tasks, params)
    if value == 0:
        message = f"scale must not be zero (got {told['scale']!r} for {params})"
        raise ValueError(message)
    return fmpq(value.numerator, value.denominator)


def array(name: str, values: Any, dtype: str) -> tuple[Any, str]:  # noqa: ANN401
    """A quantity as the array (or list of arrays) that a request carries, and its wire dtype.

    Real numbers travel in the job's dtype (bfloat16 on float32), whole ones as int64.
    """
    quantity = QUANTITIES[name]
    if quantity.kind != "real":
        own = "int64" if quantity.kind == "whole" else "bool"
        return np.array(values, dtype=own), own
    native = np.float64 if dtype == "float64" else np.float32
    if len(quantity.shape) == LISTED:
        with np.errstate(over="ignore"):
            return [np.array(each, dtype=np.float64).astype(native) for each in values], dtype
    with np.errstate(over="ignore"):
        found = np.array(values, dtype=np.float64).astype(native)
    rank = len(quantity.shape)
    known = found.ndim == rank or (quantity.flat and found.ndim == 1 and found.size > 0)
    return (found if known else found.reshape((0,) * rank)), dtype


def request(example: Example | Step, dtype: str, method: str = "") -> Arrays:
    """The inputs of an example's request; bent where the law of invalid input asks for it."""
    arrays = Arrays()
    method = example.method if isinstance(example, Example) else method
    for name, values in inputs_of(method, example).items():
        arrays[name], arrays.dtypes[name] = array(name, values, dtype)
    if isinstance(example, Example):
        _bend(arrays, METHODS[method].inputs[0], example.extra.get("invalid"))
    return arrays


def _bend(arrays: Arrays, first: str, invalid: object) -> None:
    """Make the first input another one than the method takes."""
    given = arrays[first]
    if invalid == "one row alone":
        arrays[first] = given[0]
    if invalid == "whole numbers":
        listed = isinstance(given, list)
        whole = [np.asarray(each).astype(np.int64) for each in (given if listed else [given])]
        arrays[first], arrays.dtypes[first] = whole if listed else whole[0], "int64"


def randomness(example: Example | Step, dtype: str, method: str) -> Arrays | None:
    """The random inputs of a request: indices in lists, real numbers as arrays; None without."""
    given = random_of(method, example)
    if not given:
        return None
    random = Arrays(given)
    for name, values in given.items():
        if QUANTITIES[name].kind == "real":
            random[name], random.dtypes[name] = array(name, values, dtype)
    return random


def exact_jacobian(example: Example) -> Jacobian:
    """The rows that the method combines, exact; a stand-in where there are none."""
    try:
        return exact_rows(example)
    except ValueError:
        return NOTHING


def facts_of(reply: Reply) -> dict[str, object]:
    """What is observed of a reply beside its numbers."""
    finite = all(bool(np.isfinite(found).all()) for found in reply.outputs.values())
    return {
        "dtype": dict(reply.dtypes),
        "shape": {name: list(found.shape) for name, found in reply.outputs.items()},
        "finite": finite,
        "mutated": list(reply.mutated),
        "device": reply.device,
        "reply": str(reply.status),
        "message": reply.message,
    }


def _exact(found: Array, divisor: fmpq) -> Output:
    """The floats as the rationals that they are, over the scale; a plain number is a vector."""
    if found.ndim > 1:
        return tuple(cast("Vector", _exact(row, divisor)) for row in found)
    numbers = (fmpq(*float(number).as_integer_ratio()) for number in found.ravel())
    return tuple(number / divisor for number in numbers)
