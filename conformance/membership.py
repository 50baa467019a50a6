"""Membership in a set of answers: where CAGrad leaves the direction free, or a draw is unknown.

CAGrad-Fast's set is CAGrad's on the sampled rows and the mean of the others.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from flint import arb, ctx, fmpq

from conformance import tolerance
from conformance.expectation import Expectation
from conformance.question import Question
from conformance.through_gramian import ThroughGramian
from conformance.weighing import compared, leans
from mtl_reference.certificates.mgda import on_simplex
from mtl_reference.enclosure import Vector
from mtl_reference.method import Relation
from mtl_reference.methods.cagrad_fast import condensed
from mtl_reference.pairing import inner, length_above
from mtl_reference.rational import Jacobian, RationalVector, rational
from properties.example import Margin, Observation, Ruling, margin_of

FIRST = (0, "direction")


def membership(
    observation: Observation, expected: Expectation, asked: Question, limit: fmpq, dtype: str
) -> Ruling:
    """Judge a member of a set by what tells the members of its method, on the main output alone."""
    with ctx.workprec(tolerance.BITS):
        if asked.method in {"cagrad", "cagrad_fast"} and not asked.drawn:
            return _of_cagrad(observation, expected, limit, dtype)
        if asked.method == "random_weighting":
            reach = arb(limit * tolerance.roundoff(dtype))
            weights = cast("Vector", observation.outputs["weights"])
            return _weighed((margin_of(each, observation) for each in on_simplex(weights)), reach)
    return Ruling("skipped", message=f"several answers: {expected.answer.reason}")


def _weighed(margins: Iterable[Margin], reach: arb) -> Ruling:
    """Pass if every margin is kept within a reach."""
    worst = 1.0
    for margin in margins:
        found = compared(margin, dict.fromkeys(leans(margin), reach))
        if not found.kept:
            return Ruling("fail", found.margin, f"not admissible: {margin.name}")
        worst = min(worst, 1.0 if found.margin is None else found.margin)
    return Ruling("pass", worst)


def _of_cagrad(observation: Observation, expected: Expectation, limit: fmpq, dtype: str) -> Ruling:
    """Within the ball, and against no row."""
    c = rational(cast("float", observation.example.params.get("c", 0.5)))
    rows, centre = condensed(observation.jacobian, _sample(observation))
    width = cast("ThroughGramian", expected.setting).width
    gramian = rows.gramian()
    norms = [arb(gramian[task, task]).sqrt() for task in range(rows.tasks)]
    reach = tolerance.set_bound(norms, width, dtype, c) * arb(limit * tolerance.roundoff(dtype))
    return _weighed(cagrad_margins(observation, rows, centre, c), reach)


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
