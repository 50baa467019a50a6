"""The cases among which vectors are chosen: pinned, drawn, found in libraries, scaled, invalid.

All of it is the same in every process: draws are those of fixed seeds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from math import inf, ldexp, nan
from typing import Any, Final

from conformance.vectors.mistakes import findings
from conformance.vectors.record import BENT
from mtl_reference import METHODS, QUANTITIES
from properties.claims import CLAIMS, SHEETS, Params
from properties.example import Example, Given
from properties.generation import Unsatisfiable, draw
from properties.inputs import Setting, examples, pinned
from properties.jacobians import natural_orders, representable
from properties.question import changed

MOST_TASKS: Final = 8
LEAST: Final = 8  # drawn of each law and parameters, more where few cases are pinned
POOL: Final = 110
SCALES: Final = (-24, 24)  # within 1e8, which gates
FAR: Final[Mapping[str, tuple[int, ...]]] = {"float64": (-300, 300), "float32": (-40, 40)}
NUMBER: Final = 20261


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that may become a vector: what is asked, in words too, and a finding's flag."""

    example: Example
    comment: str
    flag: str = ""

    @property
    def beyond(self) -> bool:
        """Whether its numbers lie beyond what gates."""
        return bool(self.example.extra.get("beyond"))


def candidates(method: str, dtype: str) -> Iterator[Candidate]:
    """Every candidate of a method in a dtype, each once, in a fixed order."""
    met: set[str] = set()
    for found in _all(method, dtype):
        name = repr((replace(found.example, extra={}), found.example.extra.get("invalid")))
        if name not in met:
            met.add(name)
            yield found


def _all(method: str, dtype: str) -> Iterator[Candidate]:
    yield from _found(method, dtype)
    yield from _counterexamples(method, dtype)
    plain = list(_pinned(method, dtype))
    yield from plain
    yield from _scaled(plain, SCALES)
    yield from _scaled(plain, FAR[dtype], beyond=True)
    yield from _permuted(plain)
    real = any(QUANTITIES[name].kind == "real" for name in METHODS[method].inputs)
    yield from _drawn(method, dtype, (POOL if real else 2 * POOL) - len(plain))
    if dtype == "float64":
        yield from _invalid(plain)


def _found(method: str, dtype: str) -> Iterator[Candidate]:
    for found in findings():
        example = _complete(replace(found.example, extra={}))
        if example.method == method and found.dtype == dtype:
            yield Candidate(example, found.title, found.flag)


def _counterexamples(method: str, dtype: str) -> Iterator[Candidate]:
    for claim in CLAIMS:
        if claim.method == method and claim.counterexample is not None:
            example = _complete(replace(claim.counterexample, extra={}))
            if _held(example, dtype):
                yield Candidate(example, f"{claim.law} need not hold: {claim.when}")


def _complete(example: Example) -> Example:
    """The example with ascending orders where its method meets tasks in some order."""
    if "orders" not in METHODS[example.method].randomness:
        return example
    earlier = tuple(
        replace(step, orders=step.orders or natural_orders(len(step.rows)))
        for step in example.earlier
    )
    return replace(example, orders=example.orders or natural_orders(example.tasks), earlier=earlier)


def _held(example: Example, dtype: str) -> bool:
    return all(
        representable(entry, dtype)
        for step in example.steps
        for entry in _flat((step.rows, *step.inputs.values(), *step.random.values()))
    )


def _flat(values: Any) -> Iterator[float]:  # noqa: ANN401  (of any shape)
    if isinstance(values, (list, tuple)):
        for each in values:
            yield from _flat(each)
    else:
        yield values


# What the claims pin and draw ----------------------------------------------------------------


def _settings(method: str, dtype: str) -> Iterator[Setting]:
    """The method under accuracy and, where it has a state, over steps, with all parameters."""
    laws = ("accuracy", "sequence") if METHODS[method].stateful else ("accuracy",)
    for law in laws:
        for params in SHEETS[method].grid:
            setting = Setting(method, law, params, dtype, most_tasks=MOST_TASKS)
            if setting.claims():
                yield setting


def _pinned(method: str, dtype: str) -> Iterator[Candidate]:
    for setting in _settings(method, dtype):
        for example in pinned(setting):
            yield _told(example)


def _drawn(method: str, dtype: str, wanted: int) -> Iterator[Candidate]:
    settings = list(_settings(method, dtype))
    for place, setting in enumerate(settings):
        count = max(LEAST, wanted // len(settings))
        try:
            found = draw(examples(setting), examples=count, number=NUMBER + place)
        except Unsatisfiable:
            continue
        yield from map(_told, found)


def _told(example: Example) -> Candidate:
    """A candidate with its family for a comment."""
    family = str(example.extra.get("family", "pinned")).replace("_", " ")
    steps = f", step {len(example.earlier) + 1}" if example.earlier else ""
    return Candidate(replace(example, extra={"family": family}), f"{family}{steps}")


# Bent versions of them -----------------------------------------------------------------------


def _scaled(
    plain: list[Candidate], exponents: tuple[int, ...], *, beyond: bool = False
) -> Iterator[Candidate]:
    """The first pinned cases with several rows, all of them times a power of two."""
    several = [each for each in plain if len(each.example.rows) > 1 and not each.example.earlier]
    for place, each in enumerate(islice(several, 0, 12, 3)):
        for exponent in exponents:
            example = each.example
            rows = tuple(tuple(ldexp(x, exponent) for x in row) for row in example.rows)
            told = dict(example.extra) | ({"beyond": True} if beyond else {})
            if any(map(any, rows)) and (not beyond or place < 1):
                yield Candidate(replace(example, rows=rows, extra=told),
                                f"{each.comment}, times 2^{exponent}")  # fmt: skip


def _permuted(plain: list[Candidate]) -> Iterator[Candidate]:
    """The first pinned cases of several tasks, the tasks in reverse."""
    several = [each for each in plain if each.example.tasks > 1 and not each.example.earlier]
    for each in several[:4]:
        turned = changed(each.example, _reversed(each.example.tasks))
        yield Candidate(turned, f"{each.comment}, tasks reversed")


def _reversed(tasks: int) -> Any:  # noqa: ANN401  (a change of quantities)
    def change(name: str, values: Any) -> Any:  # noqa: ANN401  (of any shape)
        shape = QUANTITIES[name].shape
        if name == "orders":
            return tuple(tuple(tasks - 1 - j for j in order) for order in reversed(values))
        if name == "sample":
            return tuple(tasks - 1 - j for j in values)
        if shape and shape[0] == "T":
            return tuple(reversed(values))
        if len(shape) > 1 and shape[1] == "T":
            return tuple(tuple(reversed(each)) for each in values)
        return values

    return change


# Inputs that are none ------------------------------------------------------------------------


def _invalid(plain: list[Candidate]) -> Iterator[Candidate]:
    """One pinned case with one thing wrong in it."""
    usable = [each.example for each in plain if not each.example.earlier]
    if not usable:
        return
    base = next((each for each in usable if each.tasks > 1), usable[0])
    given = ({"jacobian": base.rows} if base.rows else {}) | dict(base.inputs)
    yield from _bad_entries(base, given)
    first = METHODS[base.method].inputs[0]
    if hasattr(given[first], "__len__"):
        yield _spoiled(base, first, (), f"{first} without entries")
    if base.rows:
        yield Candidate(replace(base, extra={"invalid": BENT}), "one row alone")
    for name in list(given)[1:3]:
        if len(QUANTITIES[name].shape) == 1 and given[name]:
            longer = (*given[name], given[name][-1])
            yield _spoiled(base, name, longer, f"{name} too long", "length")
    yield from _bad_parameters(base)


def _bad_entries(base: Example, given: Given) -> Iterator[Candidate]:
    """Entries of real inputs that are not finite: of the first each kind, of others nan."""
    real = [name for name in given if QUANTITIES[name].kind == "real"]
    for name in real[:3]:
        for value in (nan, inf, -inf)[: 3 if name == real[0] else 1]:
            yield _spoiled(base, name, _marred(given[name], value), f"{name} with {value}")


def _bad_parameters(base: Example) -> Iterator[Candidate]:
    """Parameters outside of their range."""
    for parameter in METHODS[base.method].parameters:
        if parameter.minimum is not None and not parameter.shape:
            wrong: Params = {parameter.name: parameter.minimum - 1}
            yield _misused(base, wrong, f"{parameter.name} below its least value")
        if parameter.choices:
            yield _misused(base, {parameter.name: "none of them"}, f"{parameter.name} unknown")


def _misused(base: Example, wrong: Params, comment: str) -> Candidate:
    params = {**base.params, **wrong}
    return Candidate(replace(base, params=params, extra={"invalid": "parameter"}), comment)


def _spoiled(
    base: Example, name: str, values: Any, comment: str, kind: str = "entry"  # noqa: ANN401
) -> Candidate:  # fmt: skip
    extra = {"invalid": kind}
    if name == "jacobian":
        return Candidate(replace(base, rows=values, extra=extra), comment)
    return Candidate(replace(base, inputs={**base.inputs, name: values}, extra=extra), comment)


def _marred(values: Any, value: float) -> Any:  # noqa: ANN401  (of any shape)
    """Numbers of which the last is replaced."""
    if not isinstance(values, (tuple, list)):
        return value
    return (*values[:-1], _marred(values[-1], value)) if values else values
