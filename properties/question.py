"""An example in the words of its method: inputs and randomness by name, sizes, the state before.

Every input, random input and output is a quantity with axes (mtl_reference/quantities.py), so a
change of the tasks' numbers or of the parameters' basis is told once, for whatever is there.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

from mtl_reference import METHODS, QUANTITIES
from mtl_reference.method import Answer, Kind, Method, Outputs, Residual, State
from mtl_reference.rational import Jacobian, jacobian
from properties.example import Example, Given, Orders, Rows, Step

NOTHING = jacobian([(0,)])
Change = Callable[[str, Any], Any]
Items = tuple[tuple[str, Any], ...]
Frozen = tuple[Rows, Items, Orders | None, Items]


def inputs_of(example: Example | Step, method: Method) -> Given:
    """The inputs by name, the jacobian among them where the method takes one."""
    first = {"jacobian": example.rows} if "jacobian" in method.inputs else {}
    return {**first, **example.inputs}


def random_of(example: Example | Step) -> Given:
    """The randomness that is given, by name."""
    orders = {} if example.orders is None else {"orders": example.orders}
    return {**orders, **example.random}


def sizes(example: Example) -> Mapping[str, int]:
    """How long each axis is that some input or random input has, by its symbol.

    >>> sizes(Example("mean", ((1.0, 2.0, 3.0),)))
    {'T': 1, 'd': 3}
    """
    found: dict[str, int] = {}
    given = {**inputs_of(example, METHODS[example.method]), **random_of(example)}
    for name, values in given.items():
        for symbol, length in zip(QUANTITIES[name].shape, _lengths(values), strict=False):
            if symbol.isalpha():
                found.setdefault(symbol, length)
    return found


def _lengths(values: Any) -> tuple[int, ...]:  # noqa: ANN401  (of any shape)
    if not isinstance(values, (tuple, list)):
        return ()
    return (len(values), *(_lengths(values[0]) if values else ()))


def stacked(example: Example | Step, method: Method) -> Rows:
    """The rows that the method combines: those of its row inputs, one below the other."""
    given = inputs_of(example, method)
    rows: list[Any] = []
    for name in (name for name in method.rows if name in given):
        rows += [given[name]] if len(QUANTITIES[name].shape) == 1 else given[name]
    return tuple(map(tuple, rows))


def exact_rows(example: Example) -> Jacobian:
    """The rows that the method combines, exact; a stand-in of one zero where it combines none.

    ValueError where they are invalid.
    """
    method = METHODS[example.method]
    if not set(method.rows) & set(method.inputs):
        return NOTHING
    return jacobian(stacked(example, method))


# The answer ----------------------------------------------------------------------------------


def answer(example: Example) -> Answer:
    """The exact answer to an example, after its earlier steps; ValueError where it is invalid."""
    return answer_after(example.method, _params(example), (*_before(example), _frozen(example)))


def state_before(example: Example) -> State | None:
    """The state that the earlier steps leave; None where there are none."""
    return _state(example.method, _params(example), _before(example))


def undefined_before(example: Example) -> str:
    """Why some earlier step has no answer, after which nothing is promised; else nothing."""
    steps = _before(example)
    for place in range(len(steps)):
        told = answer_after(example.method, _params(example), steps[: place + 1])
        if told.kind is Kind.UNDEFINED:
            return told.reason
    return ""


def certify(example: Example, rows: Jacobian, outputs: Outputs) -> list[Residual]:
    """What the method's certificate asks of outputs; ``rows`` is the example's jacobian, exact."""
    method = METHODS[example.method]
    given = inputs_of(example, method)
    plain = "jacobian" in given and method.rows == ("jacobian",)
    inputs = {**given, "jacobian": rows} if plain else given
    random, state = random_of(example), state_before(example)
    return list(method.certify(inputs, outputs, random, example.params, state))


@lru_cache(maxsize=1024)
def answer_after(method: str, params: Items, steps: tuple[Frozen, ...]) -> Answer:
    """The exact answer to the last of some steps; kept, so that a sequence is answered once."""
    *before, (rows, inputs, orders, random) = steps
    facts, step = METHODS[method], Step(rows, dict(inputs), orders, dict(random))
    state = _state(method, params, tuple(before))
    return facts.answer(inputs_of(step, facts), random_of(step), dict(params), state)


def _state(method: str, params: Items, steps: tuple[Frozen, ...]) -> State | None:
    """The state after some steps; one without an answer leaves it as it was."""
    if not steps:
        return None
    return answer_after(method, params, steps).state or _state(method, params, steps[:-1])


def _params(example: Example) -> Items:
    return tuple(sorted((name, _tuples(value)) for name, value in example.params.items()))


def _before(example: Example) -> tuple[Frozen, ...]:
    return tuple(map(_frozen, example.earlier))


def _frozen(step: Example | Step) -> Frozen:
    """One step as a key of what was answered."""
    inputs = tuple(sorted((name, _tuples(values)) for name, values in step.inputs.items()))
    random = tuple(sorted((name, _tuples(values)) for name, values in step.random.items()))
    return step.rows, inputs, step.orders, random


def _tuples(values: Any) -> Any:  # noqa: ANN401  (of any shape)
    return tuple(map(_tuples, values)) if isinstance(values, (tuple, list)) else values


# Changes -------------------------------------------------------------------------------------


def changed(example: Example, change: Change) -> Example:
    """The example with every input and random input changed, in every step.

    ``change`` is given a name and values, and returns the values in their place.
    """
    return cast("Example", _changed(replace(example, earlier=tuple(
        cast("Step", _changed(step, change)) for step in example.earlier)), change))  # fmt: skip


def _changed(step: Example | Step, change: Change) -> Example | Step:
    return replace(
        step,
        rows=change("jacobian", step.rows) if step.rows else step.rows,
        inputs={name: change(name, values) for name, values in step.inputs.items()},
        orders=None if step.orders is None else change("orders", step.orders),
        random={name: change(name, values) for name, values in step.random.items()},
    )


def along(symbol: str, act: Callable[[Any], Any]) -> Change:
    """The change that acts on the axis of a symbol, and leaves alone what has no such axis."""

    def change(name: str, values: Any) -> Any:  # noqa: ANN401  (of any shape)
        shape = QUANTITIES[name].shape
        return _at(shape.index(symbol), values, act) if symbol in shape else values

    return change


def _at(axis: int, values: Any, act: Callable[[Any], Any]) -> Any:  # noqa: ANN401  (of any shape)
    return tuple(act(values)) if axis == 0 else tuple(_at(axis - 1, each, act) for each in values)
