"""A backend's reply read exactly: floats as the rationals they are, over the declared scale."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import numpy as np
from flint import fmpq

from conformance import scale
from conformance.reply import Reply
from conformance.wire import Array, Arrays
from mtl_reference import METHODS
from mtl_reference.enclosure import Vector
from mtl_reference.method import Output
from mtl_reference.rational import Jacobian, jacobian
from properties.example import Example, Observation

SCALED: Final = ("direction", "task_gradients", "weights")
NOTHING: Final = jacobian([(0,)])


def answered(example: Example, reply: Reply, told: Mapping[str, Any]) -> Observation:
    """The observation of a reply with outputs; ``told`` is what the backend says of the method.

    Outputs that are misshapen or not finite are left to the facts.
    """
    exact, facts = exact_jacobian(example), facts_of(reply)
    try:
        divisor = _scale(example, told)
    except ValueError as error:
        return Observation(example, exact, {}, "protocol", str(error), facts=facts)
    shapes = {
        "direction": (exact.width,),
        "weights": (exact.tasks,),
        "task_gradients": (exact.tasks, exact.width),
    }
    outputs = {
        name: _exact(found, divisor if name in SCALED else fmpq(1))
        for name, found in reply.outputs.items()
        if found.shape == shapes.get(name) and np.isfinite(found).all()
    }
    raw = {name: found.tobytes() for name, found in reply.outputs.items()}
    return Observation(example, exact, outputs, "answered", "", raw, facts)


def _scale(example: Example, told: Mapping[str, Any]) -> fmpq:
    """The declared scale; ValueError where it has no value or is zero."""
    given = {each.name: each.default for each in METHODS[example.method].parameters}
    params = {**given, **told["params"], **example.params}
    value = scale.parse(told["scale"]).value(len(example.rows), params)
    if value == 0:
        message = f"scale must not be zero (got {told['scale']!r} for {params})"
        raise ValueError(message)
    return fmpq(value.numerator, value.denominator)


def array(rows: Sequence[Sequence[float]], dtype: str) -> Array:
    """Rows as the array that a request carries; bfloat16 travels as float32."""
    native = np.float64 if dtype == "float64" else np.float32
    with np.errstate(over="ignore"):
        found = np.array([list(row) for row in rows], dtype=np.float64).astype(native)
    return found if found.ndim == 2 else found.reshape(0, 0)  # noqa: PLR2004  (a matrix)


def request(example: Example, dtype: str) -> Arrays:
    """The inputs of an example's request; bent where the law of invalid input asks for it."""
    found, invalid = array(example.rows, dtype), example.extra.get("invalid")
    if invalid == "one row alone":
        return Arrays({"jacobian": found[0]}, {"jacobian": dtype})
    if invalid == "whole numbers":
        return Arrays({"jacobian": found.astype(np.int64)}, {"jacobian": "int64"})
    return Arrays({"jacobian": found}, {"jacobian": dtype})


def exact_jacobian(example: Example) -> Jacobian:
    """The exact jacobian; a stand-in where the rows are none."""
    try:
        return jacobian(example.rows)
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
    """The floats as the rationals that they are, over the scale."""
    if found.ndim > 1:
        return tuple(cast("Vector", _exact(row, divisor)) for row in found)
    numbers = (fmpq(*float(number).as_integer_ratio()) for number in found)
    return tuple(number / divisor for number in numbers)
