"""The laws of methods that keep clear of what earlier tasks hold: GEM, A-GEM, OGD."""

from collections.abc import Iterator
from typing import Final, cast

from flint import fmpq

from mtl_reference import METHODS
from mtl_reference.enclosure import Vector
from mtl_reference.method import Relation
from mtl_reference.pairing import combine, products, size_above
from mtl_reference.rational import Jacobian, inner, jacobian, numbers
from properties.example import Example, Margin, Observation, Subject, margin_of
from properties.laws.aggregators import GENERAL
from properties.laws.law import (
    ONE,
    Law,
    ask,
    difference,
    direction,
    first_slope,
    root,
    same,
    squared,
    sum_of,
    times,
)
from properties.question import certify

TWO: Final = fmpq(2)
BEND: Final = {(0, "direction"): ONE}


def _gem(example: Example, subject: Subject) -> Iterator[Margin]:
    """The certificate of the direction, the multipliers', and with one memory A-GEM.

    Multipliers are not unique; the sum of their pushes is, so that they lean on the direction: each
    may be off by what moves its push as far as the direction may be off.
    """
    seen, memory = ask(subject, example), example.inputs["memory"]
    told = {"direction": direction(seen)}
    for residual in certify(seen.example, seen.jacobian, told):
        yield margin_of(residual, seen)
    if "multipliers" in seen.outputs:
        yield from _multipliers(seen, jacobian(memory))
    if len(memory) == 1:
        given = {"gradient": example.inputs["gradient"], "reference": memory[0]}
        expected = METHODS["a_gem"].answer(given).exact
        yield from same("with one memory A-GEM", direction(seen), expected, (seen,), first_slope())


def _multipliers(seen: Observation, memory: Jacobian) -> Iterator[Margin]:
    """M'v is the step, v >= 0, and v_k > 0 only where x touches the plane of memory k."""
    found = cast("Vector", seen.outputs["multipliers"])
    gradient = numbers("gradient", seen.example.inputs["gradient"])
    step = difference(direction(seen), gradient)
    pushed = combine(memory, found)
    yield from same("multipliers give the step", pushed, step, (seen,), first_slope(slope=TWO))
    for place, (multiplier, side) in enumerate(
        zip(found, products(memory, direction(seen)), strict=True)
    ):
        square = squared(memory.row(place))
        push = multiplier * root(square)
        name = f"memory {place} does not push backwards"
        yield Margin(name, Relation.NONNEGATIVE, push, (seen,), first_slope())
        if square != 0:
            height = side * root(1 / square)
            slopes = first_slope(slope=size_above(push) + size_above(height))
            name = f"memory {place} pushes only where it is touched"
            yield Margin(name, Relation.ZERO, push * height, (seen,), slopes, BEND)


def _pcgrad_row(example: Example, subject: Subject) -> Iterator[Margin]:
    """PCGrad's first gradient of two rows, the gradient and the reference."""
    seen = ask(subject, example)
    rows = [example.inputs["gradient"], example.inputs["reference"]]
    replayed = METHODS["pcgrad"].direction(rows, orders=((1,), (0,))).outputs["task_gradients"]
    expected = cast("Vector", replayed[0])
    yield from same("PCGrad's row", direction(seen), expected, (seen,), first_slope())


def _orthogonal_parts(example: Example, subject: Subject) -> Iterator[Margin]:
    """What is left, and what was taken off along each basis vector, make up the gradient."""
    seen = ask(subject, example)
    basis = jacobian(example.inputs["basis"])
    vectors = [basis.row(place) for place in range(basis.tasks)]
    gradient = numbers("gradient", example.inputs["gradient"])
    taken = [times(inner(gradient, vector), vector) for vector in vectors]
    whole = sum_of([direction(seen), *taken])
    yield from same("the parts and the rest", whole, gradient, (seen,), first_slope())


LAWS = (
    Law("gem-kkt", "D", "The step is M'v with v >= 0, Mx >= 0 and v_k <m_k, x> = 0; with one memory"
        " it is A-GEM.", "none", "P X F", _gem, GENERAL),
    Law("agem-is-pcgrad-row", "D", "A-GEM is what PCGrad makes of the gradient when it meets the"
        " reference.", "none", "P X F", _pcgrad_row, GENERAL),
    Law("ogd-parts", "D", "The direction and the parts <g, q> q make up the gradient.", "none",
        "P X F", _orthogonal_parts, GENERAL),
)  # fmt: skip
