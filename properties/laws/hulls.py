"""The laws of methods that find the shortest vector of a hull: PE-LTR, Pareto-MTL, ARML."""

from collections.abc import Iterator
from dataclasses import replace

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Relation
from mtl_reference.pairing import combine
from mtl_reference.rational import Jacobian, numbers
from mtl_reference.rational import jacobian as exact
from properties.example import Example, Margin, Observation, Subject, margin_of
from properties.laws.aggregators import GENERAL
from properties.laws.law import (
    Law,
    ask,
    direction,
    first_slope,
    root,
    same,
    squared,
    sum_of,
    total,
    weights,
)
from properties.question import certify


def _certified(seen: Observation) -> Iterator[Margin]:
    """The certificate of the direction alone: weights need not be unique."""
    told = {"direction": direction(seen)}
    for residual in certify(seen.example, seen.jacobian, told):
        yield margin_of(residual, seen)


def _combined(seen: Observation, rows: Jacobian, start: Vector | None = None) -> Iterator[Margin]:
    """The weights give the direction, beginning at a vector where there is one."""
    found = combine(rows, weights(seen))
    whole = found if start is None else sum_of([start, found])
    reach = root(sum((squared(rows.row(task)) for task in range(rows.tasks)), fmpq(0)))
    slopes = {(0, "direction"): fmpq(1), (0, "weights"): reach}
    yield from same("the weights give the direction", whole, direction(seen), (seen,), slopes)


def _above(seen: Observation, floors: Vector, mass: fmpq) -> Iterator[Margin]:
    """The weights keep their floors and have the right sum."""
    for task, (weight, floor) in enumerate(zip(weights(seen), floors, strict=True)):
        name = f"the weight of task {task} keeps its floor"
        slopes = first_slope("weights")
        yield Margin(name, Relation.NONNEGATIVE, weight - floor, (seen,), slopes)
    slopes = first_slope("weights", root(fmpq(len(floors))))
    excess = total(weights(seen)) - mass
    yield Margin(f"the weights sum to {mass}", Relation.ZERO, excess, (seen,), slopes)


def _bounds(example: Example, subject: Subject) -> Iterator[Margin]:
    seen = ask(subject, example)
    if "weights" in seen.outputs:
        yield from _above(seen, numbers("floors", example.inputs["floors"]), fmpq(1))
        yield from _combined(seen, exact(example.rows))
    yield from _certified(seen)


def _smallest(example: Example, subject: Subject) -> Iterator[Margin]:
    """The certificate of the minimum, whichever solver was asked."""
    seen = ask(subject, example)
    asked = replace(seen.example, params={**seen.example.params, "solver": "exact"})
    for residual in certify(asked, seen.jacobian, {"direction": direction(seen)}):
        yield margin_of(residual, seen)


def _active(example: Example, subject: Subject) -> Iterator[Margin]:
    seen = ask(subject, example)
    if "weights" in seen.outputs:
        yield from _combined(seen, exact(example.rows))
    yield from _certified(seen)


def _auxiliary(example: Example, subject: Subject) -> Iterator[Margin]:
    seen = ask(subject, example)
    if "weights" in seen.outputs:
        rows = exact(example.rows)
        yield from _above(seen, (fmpq(0),) * rows.tasks, fmpq(rows.tasks))
        yield from _combined(seen, rows, numbers("gradient", example.inputs["gradient"]))
    yield from _certified(seen)


LAWS = (
    Law("peltr-bounds", "D", "The weights keep their floors and sum to one, and give what their"
        " solver's conditions ask.", "none", "X F", _bounds, GENERAL),
    Law("peltr-optimal", "D", "No combination with weights above the floors is shorter.", "none",
        "X F", _smallest, GENERAL),
    Law("pmtl-active", "D", "The direction is the shortest vector of the hull of the tasks'"
        " gradients (second phase) and of the constraints that the losses break strictly.",
        "none", "X F", _active, GENERAL),
    Law("arml-optimal", "D", "The weights are not negative and sum to the number of auxiliary"
        " tasks; no others leave less of the main gradient.", "none", "X F", _auxiliary, GENERAL),
)  # fmt: skip
