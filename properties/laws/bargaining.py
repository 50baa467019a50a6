"""The laws of Nash-MTL and FairGrad: the fixed point, its length, what every task gains."""

from collections.abc import Iterator

from flint import fmpq

from mtl_reference import METHODS
from mtl_reference.method import Relation
from properties.example import Example, Margin, Subject
from properties.laws.cagrad_mgda import certified
from properties.laws.law import (
    Law,
    Sortable,
    ask,
    direction,
    dot,
    fact,
    first_slope,
    parameter,
    root,
    rows_of,
)
from properties.quadratics import decrease, draw_hessians, hessians_of, smoothness

ONE_BEND = {(0, "direction"): fmpq(1)}
FAMILIES = ("generic", "conflicting", "aligned", "all_conflicting", "wide", "tall", "dependent",
            "duplicate", "parallel", "near_dependent", "near_tie", "badly_scaled",
            "orthogonal")  # fmt: skip


def _fixed_point(example: Example, subject: Subject) -> Iterator[Margin]:
    """a_i (K a)_i = 1, a > 0 and |d|^2 = T, and there is an answer only off stationary points."""
    yield from certified(example, subject)
    seen = ask(subject, example)
    square, tasks = dot(direction(seen), direction(seen)), fmpq(seen.jacobian.tasks)
    slopes = first_slope("direction", 2 * root(tasks))
    if parameter(example, "max_norm") == 0:
        yield Margin("|d|^2 = T", Relation.ZERO, square - tasks, (seen,), slopes, ONE_BEND)
    shortest = METHODS["mgda"].direction(seen.jacobian).exact
    yield fact("0 is not in the hull", any(entry != 0 for entry in shortest), seen)


def _descent(example: Example, subject: Subject) -> Iterator[Margin]:
    """Theorem 5.4 at the step mu = min <g_i, d> / (H T): each loss falls by mu <g_j, d> / 2."""
    seen = ask(subject, example)
    hessians, rows = hessians_of(example), rows_of(seen)
    gains = [dot(row, direction(seen)) for row in rows]
    least = min(gains, key=Sortable)
    step = least * (1 / (smoothness(hessians) * len(rows)))
    for task, (row, hessian) in enumerate(zip(rows, hessians, strict=True)):
        fall = decrease(row, hessian, direction(seen), step)
        value = fall - step * gains[task] * fmpq(1, 2)
        yield Margin(f"L_{task} falls", Relation.NONNEGATIVE, value, (seen,), {})


LAWS = (
    Law("nash-fixed-point", "D", "Every weight times its task's gain is 1, |d|^2 = T, and 0 is not"
        " in the hull.", "update at every step; the clip scales all alike", "X F", _fixed_point,
        FAMILIES),
    Law("nash-descent", "D", "Theorem 5.4: at the step mu = min 1/(H T a_i) every loss falls by at"
        " least mu/(2 a_j).", "H-smooth quadratics, no clip", "X", _descent,
        ("conflicting", "generic", "all_conflicting", "tall", "near_tie"), draw_hessians),
    Law("fairgrad-fixed-point", "D", "Every task's gain is its weight to the power -1/alpha.",
        "alpha > 0", "X F", certified, FAMILIES),
)  # fmt: skip
