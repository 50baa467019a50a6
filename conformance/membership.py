"""Membership in a set of answers, as margins: where CAGrad's weights leave the direction free.

CAGrad-Fast's set is CAGrad's on the sampled rows and the mean of the others.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import arb, ctx, fmpq

from conformance import tolerance
from conformance.expectation import Expectation
from conformance.through_gramian import ThroughGramian
from conformance.weighing import compared, leans
from mtl_reference.enclosure import Vector
from mtl_reference.method import Relation
from mtl_reference.methods.cagrad_fast import condensed
from mtl_reference.pairing import inner, length_above
from mtl_reference.rational import Jacobian, RationalVector, rational
from properties.example import Margin, Observation, Ruling

FIRST = (0, "direction")


def membership(observation: Observation, expected: Expectation, limit: fmpq, dtype: str) -> Ruling:
    """Judge a member of a set by the certificate of its method, on the direction alone."""
    example = observation.example
    if example.method not in {"cagrad", "cagrad_fast"}:
        return Ruling("skipped", message=f"several answers: {expected.answer.reason}")
    c = rational(cast("float", example.params.get("c", 0.5)))
    worst = 1.0
    rows, centre = condensed(observation.jacobian, _sample(observation))
    width = cast("ThroughGramian", expected.setting).width
    with ctx.workprec(tolerance.BITS):
        gramian = rows.gramian()
        norms = [arb(gramian[task, task]).sqrt() for task in range(rows.tasks)]
        bound = tolerance.set_bound(norms, width, dtype, c)
        reach = bound * arb(limit * tolerance.roundoff(dtype))
        for margin in cagrad_margins(observation, rows, centre, c):
            found = compared(margin, dict.fromkeys(leans(margin), reach))
            if not found.kept:
                return Ruling("fail", found.margin, f"not admissible: {margin.name}")
            worst = min(worst, 1.0 if found.margin is None else found.margin)
    return Ruling("pass", worst)


def _sample(observation: Observation) -> Sequence[int]:
    """The tasks that count one by one: all of them for CAGrad."""
    every = range(observation.jacobian.tasks)
    return sorted(cast("Sequence[int]", observation.example.random.get("sample", every)))


def cagrad_margins(
    observation: Observation, jacobian: Jacobian, centre: RationalVector, c: fmpq
) -> Iterator[Margin]:
    """What tells a member where g_w = 0: |x - g0| <= c |g0|, and <g_i, x> >= 0 for every row.

    The dual value there is 0, so no point of the ball lifts every <g_i, x> above 0, and those
    that let none fall below are the answers.
    """
    direction = cast("Vector", observation.outputs["direction"])
    mean = jacobian.combine(centre)
    apart = tuple(x - m for x, m in zip(direction, mean, strict=True))
    square = inner(apart, apart)
    room = c * c * inner(mean, mean) - square
    steep = 2 * length_above(square)
    yield Margin(
        "the direction lies in the ball",
        Relation.NONNEGATIVE,
        room,
        (observation,),
        {FIRST: steep},
        {FIRST: fmpq(1)},
    )
    for task in range(jacobian.tasks):
        row = jacobian.row(task)
        yield Margin(
            f"<g_{task}, d> >= 0",
            Relation.NONNEGATIVE,
            inner(row, direction),
            (observation,),
            {FIRST: length_above(inner(row, row))},
        )
