"""The laws of any aggregator that look at one answer: shape, span, conflict, stationarity."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from flint import fmpq, fmpq_mat
from hypothesis import strategies as st

from mtl_reference.method import Relation
from mtl_reference.rational import nullspace, rational
from properties.example import Example, Margin, Observation, Rows, Subject
from properties.laws.law import (
    Extra,
    Law,
    along,
    ask,
    direction,
    fact,
    first_slope,
    parameter,
    rows_of,
    same,
    shapes,
    task_gradients,
    times,
    wanted_shape,
)

GENERAL = (
    "generic", "conflicting", "aligned", "all_conflicting", "dependent", "badly_scaled",
    "near_tie", "near_dependent", "antiparallel", "zero_row", "duplicate", "parallel", "wide",
    "tall", "single_task", "self_opposing", "orthogonal", "stationary", "stationary_face",
)  # fmt: skip
BENT = ("one row alone", "whole numbers")  # another rank, another dtype: told to the subject
REGULAR = ("generic", "conflicting", "all_conflicting", "wide", "orthogonal", "badly_scaled")


def _shape(example: Example, subject: Subject) -> Iterator[Margin]:
    observation = subject.observe(example)
    if observation.status != "answered":
        observation = ask(subject, example)
    facts, found = observation.facts, shapes(observation)
    yield fact("there is a direction", "direction" in found, observation)
    for output, shape in found.items():
        wanted = wanted_shape(observation, output)
        yield fact(f"{output} has shape {wanted} (got {shape})", shape == wanted, observation)
    asked = example.extra.get("dtype")
    for output, dtype in cast("Mapping[str, str]", facts.get("dtype") or {}).items():
        if asked is not None:
            yield fact(f"{output} has dtype {asked} (got {dtype})", dtype == asked, observation)
    yield fact("the answer is finite", bool(facts.get("finite", True)), observation)
    mutated = facts.get("mutated") or []
    yield fact(f"no input is written to (got {mutated})", not mutated, observation)


def _deterministic(example: Example, subject: Subject) -> Iterator[Margin]:
    first, second = ask(subject, example), ask(subject, example, repeat=1)
    same_bits = dict(first.raw) == dict(second.raw)
    same_numbers = bool(first.raw) or _equal(first, second)
    yield fact("asked twice, the same bits", same_bits and same_numbers, first, second)


def _equal(first: Observation, second: Observation) -> bool:
    pairs = zip(direction(first), direction(second), strict=True)
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
    factor = fmpq(1)
    if example.method == "cagrad":
        factor += rational(parameter(example, "c"))
    expected = times(factor, rows_of(observation)[0])
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
    observation = subject.observe(replace(example, rows=_spoiled(example)))
    finite = observation.status == "answered" and bool(observation.facts.get("finite", True))
    kind = example.extra["invalid"]
    name = f"a jacobian with {kind} is refused, or its answer is not finite"
    yield fact(name, not finite, observation)


def _spoiled(example: Example) -> Rows:
    """The rows with one entry that is not finite, or no rows; what is bent is the subject's."""
    kind = str(example.extra["invalid"])
    if kind == "no rows":
        return ()
    if kind in BENT:
        return example.rows
    rows = [list(row) for row in example.rows]
    rows[-1][-1] = float(kind)
    return tuple(map(tuple, rows))


def _invalid(_rows: Rows, _dtype: str) -> st.SearchStrategy[Extra]:
    kinds = st.sampled_from(("nan", "inf", "-inf", "no rows", *BENT))
    return kinds.map(lambda kind: {"invalid": kind})


def _accuracy(example: Example, subject: Subject) -> Iterator[Margin]:
    """Yield nothing: accuracy is the subject's own comparison with the exact answer."""
    ask(subject, example)
    yield from ()


LAWS = (
    Law("shape", "A", "The direction has the jacobian's width and dtype, and is finite; the input"
        " is not written to.", "finite input whose answer is representable", "F", _shape, GENERAL),
    Law("deterministic", "A", "The same input and the same randomness give the same bits.",
        "randomness injected, seeded or none", "F", _deterministic, ("generic", "near_tie")),
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
        _invalid, gates=False),
    Law("accuracy", "A", "The direction is the reference's.", "the definition has an answer",
        "X F", _accuracy, GENERAL),
)  # fmt: skip
