"""The laws of any aggregator that look at one answer: shape, span, conflict, stationarity."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from flint import fmpq, fmpq_mat
from hypothesis import strategies as st

from mtl_reference import METHODS, QUANTITIES
from mtl_reference.method import Relation
from mtl_reference.rational import nullspace
from properties.example import Example, Margin, Observation, Rows, Subject
from properties.laws.law import (
    Extra,
    Law,
    along,
    ask,
    defaulted,
    direction,
    fact,
    first_slope,
    main_output,
    rows_of,
    same,
    shapes,
    task_gradients,
    wanted_shape,
)
from properties.question import inputs_of

GENERAL = (
    "generic", "conflicting", "aligned", "all_conflicting", "dependent", "badly_scaled",
    "near_tie", "near_dependent", "antiparallel", "zero_row", "duplicate", "parallel", "wide",
    "tall", "single_task", "self_opposing", "orthogonal", "stationary", "stationary_face",
)  # fmt: skip
BENT = ("one row alone", "whole numbers")  # another rank, another dtype: told to the subject
DTYPE_OF_KIND = {"whole": "int64", "truth": "bool"}
REGULAR = ("generic", "conflicting", "all_conflicting", "wide", "orthogonal", "badly_scaled")


def _shape(example: Example, subject: Subject) -> Iterator[Margin]:
    observation = subject.observe(example)
    if observation.status != "answered":
        observation = ask(subject, example)
    facts, found = observation.facts, shapes(observation)
    main = METHODS[example.method].main
    yield fact(f"there is an output {main}", main in found, observation)
    for output, shape in found.items():
        wanted = wanted_shape(observation, output)
        right = wanted is None or shape == wanted
        yield fact(f"{output} has shape {wanted} (got {shape})", right, observation)
    for output, dtype in cast("Mapping[str, str]", facts.get("dtype") or {}).items():
        asked = DTYPE_OF_KIND.get(_kind(output), example.extra.get("dtype"))
        if asked is not None:
            yield fact(f"{output} has dtype {asked} (got {dtype})", dtype == asked, observation)
    yield fact("the answer is finite", bool(facts.get("finite", True)), observation)
    mutated = facts.get("mutated") or []
    yield fact(f"no input is written to (got {mutated})", not mutated, observation)


def _kind(output: str) -> str:
    return QUANTITIES[output].kind if output in QUANTITIES else "real"


def _deterministic(example: Example, subject: Subject) -> Iterator[Margin]:
    first, second = ask(subject, example), ask(subject, example, repeat=1)
    same_bits = dict(first.raw) == dict(second.raw)
    same_numbers = bool(first.raw) or _equal(first, second)
    yield fact("asked twice, the same bits", same_bits and same_numbers, first, second)


def _equal(first: Observation, second: Observation) -> bool:
    pairs = zip(main_output(first), main_output(second), strict=True)
    return all(bool(a == b) for a, b in pairs)


def _span(example: Example, subject: Subject) -> Iterator[Margin]:
    observation = ask(subject, example)
    for place, across in enumerate(nullspace(_matrix(observation))):
        value = along(across, direction(observation))
        name = f"the direction is at right angles to null vector {place}"
        yield Margin(name, Relation.ZERO, value, (observation,), first_slope())


def _matrix(observation: Observation) -> fmpq_mat:
    return fmpq_mat([list(row) for row in rows_of(observation)])


def _single_task(example: Example, subject: Subject) -> Iterator[Margin]:
    observation = ask(subject, example)
    from properties.claims import SHEETS

    sheet = SHEETS[example.method]
    expected = sheet.single_task(rows_of(observation)[0], defaulted(example))
    yield from same(
        "one task's direction", direction(observation), expected, (observation,), first_slope()
    )


def _non_conflict(example: Example, subject: Subject) -> Iterator[Margin]:
    observation = ask(subject, example)
    for task, row in enumerate(rows_of(observation)):
        if any(row):
            value = along(row, direction(observation))
            name = f"<g_{task}, d> / n_{task} >= 0"
            yield Margin(name, Relation.NONNEGATIVE, value, (observation,), first_slope())


def _strong_non_conflict(example: Example, subject: Subject) -> Iterator[Margin]:
    observation = ask(subject, example)
    slopes = first_slope("task_gradients")
    for j, row in enumerate(rows_of(observation)):
        if not any(row):
            continue
        for i, modified in enumerate(task_gradients(observation)):
            value = along(row, modified)
            name = f"<g'_{i}, g_{j}> / n_{j} >= 0"
            yield Margin(name, Relation.NONNEGATIVE, value, (observation,), slopes)


def _stationary(example: Example, subject: Subject) -> Iterator[Margin]:
    observation = ask(subject, example)
    if example.method != "cagrad":
        zero = (fmpq(0),) * observation.jacobian.width
        yield from same("d = 0", direction(observation), zero, (observation,), first_slope())
        return
    for task, row in enumerate(rows_of(observation)):
        if any(row):
            value = along(row, direction(observation))
            yield Margin(f"<g_{task}, d> = 0", Relation.ZERO, value, (observation,), first_slope())


def _invalid_input(example: Example, subject: Subject) -> Iterator[Margin]:
    observation = subject.observe(_spoiled(example))
    finite = observation.status == "answered" and bool(observation.facts.get("finite", True))
    kind = example.extra["invalid"]
    name = f"{spoiled_input(example)} with {kind} is refused, or its answer is not finite"
    yield fact(name, not finite, observation)


def spoiled_input(example: Example) -> str:
    """The input that is spoiled: the first, or for one bad entry any real one."""
    method = METHODS[example.method]
    given = [name for name in method.inputs if name in inputs_of(example, method)]
    real = [name for name in given if QUANTITIES[name].kind == "real"]
    if example.extra["invalid"] in {"no rows", *BENT}:
        return method.inputs[0]
    return real[int(cast("int", example.extra.get("input", 0))) % len(real)]


def _spoiled(example: Example) -> Example:
    """The input with one entry that is not finite, or empty; what is bent is the subject's."""
    kind, name = str(example.extra["invalid"]), spoiled_input(example)
    if kind in BENT:
        return example
    if name == "jacobian":
        return replace(example, rows=() if kind == "no rows" else _marred(example.rows, kind))
    values = () if kind == "no rows" else _marred(example.inputs[name], kind)
    return replace(example, inputs={**example.inputs, name: values})


def _marred(values: Any, kind: str) -> Any:  # noqa: ANN401  (of any shape)
    """Numbers whose last one is not finite."""
    if not isinstance(values, (tuple, list)):
        return float(kind)
    return (*values[:-1], _marred(values[-1], kind))


def _invalid(_rows: Rows, _dtype: str) -> st.SearchStrategy[Extra]:
    kinds = st.sampled_from(("nan", "inf", "-inf", "no rows", *BENT))
    return st.fixed_dictionaries({"invalid": kinds, "input": st.integers(0, 5)})


def _accuracy(example: Example, subject: Subject) -> Iterator[Margin]:
    """Yield nothing: accuracy is the subject's own comparison with the exact answer."""
    ask(subject, example)
    yield from ()


LAWS = (
    Law("shape", "A", "The direction has the jacobian's width and dtype, and is finite; the input"
        " is not written to.", "finite input whose answer is representable", "F", _shape, GENERAL,
        needs=()),
    Law("deterministic", "A", "The same input and the same randomness give the same bits.",
        "randomness injected, seeded or none", "F", _deterministic, ("generic", "near_tie"),
        needs=()),
    Law("span", "A", "The direction lies in the row span.", "none", "X F", _span,
        ("wide", "dependent", "conflicting", "antiparallel", "generic", "near_tie")),
    Law("single-task", "A", "One task gives what the definition gives: its gradient, times 1 + c"
        " for CAGrad.", "T = 1", "X F", _single_task, ("single_task",)),
    Law("non-conflict", "A", "No task's inner product with the direction is negative.", "none",
        "P X F", _non_conflict, GENERAL),
    Law("strong-non-conflict", "A", "No modified gradient has a negative inner product with any"
        " original gradient.", "the method modifies each task's gradient", "P X F",
        _strong_non_conflict, GENERAL, needs=("direction", "task_gradients")),
    Law("stationary", "A", "Where 0 is a positive combination of the gradients, the direction is"
        " 0 (for CAGrad: it gains nothing for any task).", "Pareto stationary, built exactly",
        "X F", _stationary, ("stationary", "antiparallel")),
    Law("invalid-input", "A", "NaN, infinities, no rows, another rank and whole numbers are"
        " refused, or the answer is not finite.", "none", "F", _invalid_input, ("generic",),
        _invalid, gates=False, needs=()),
    Law("accuracy", "A", "The direction is the reference's.", "the definition has an answer",
        "X F", _accuracy, GENERAL, needs=(), by_accuracy=True),
)  # fmt: skip
