"""The laws of PCGrad and IMTL-G: replay, closed form, equal projections."""

from collections.abc import Iterator

from flint import fmpq

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Relation
from mtl_reference.rational import inner
from properties.example import Example, Margin, Observation, Subject
from properties.laws.aggregators import GENERAL
from properties.laws.cagrad_mgda import certified
from properties.laws.gradops import PAIRS
from properties.laws.law import (
    Law,
    along,
    ask,
    direction,
    dot,
    first_slope,
    root,
    rows_of,
    same,
    squared,
    sum_of,
    task_gradients,
    times,
    total,
    weights,
)
from properties.laws.orders import ROWS, order_margins
from properties.quadratics import decrease, draw_hessians, hessians_of, total_smoothness


def _replay(example: Example, subject: Subject) -> Iterator[Margin]:
    yield from certified(example, subject)
    seen = ask(subject, example)
    if "task_gradients" not in seen.outputs:
        return
    for task, (row, modified) in enumerate(zip(rows_of(seen), task_gradients(seen), strict=True)):
        value = squared(row) - dot(modified, modified)
        slopes = first_slope("task_gradients", 2 * root(squared(row)))
        bends = {(0, "task_gradients"): fmpq(1)}
        name = f"|g'_{task}| <= |g_{task}|"
        yield Margin(name, Relation.NONNEGATIVE, value, (seen,), slopes, bends)


def _two_tasks(example: Example, subject: Subject) -> Iterator[Margin]:
    """(1 + k1) g1 + (1 + k2) g2, k_i = max(0, -<g1, g2> / n_i^2); and both theorems."""
    seen = ask(subject, example)
    first, second = rows_of(seen)
    product = inner(first, second)
    factors = [1 + max(fmpq(0), -product / squared(row)) if any(row) else fmpq(1)
               for row in (first, second)]  # fmt: skip
    expected = sum_of([times(k, row) for k, row in zip(factors, (first, second), strict=True)])
    yield from same("the closed form", direction(seen), expected, (seen,), first_slope())
    yield _first_theorem(example, seen)
    yield from _second_theorem(example, seen)


def _fall(example: Example, seen: Observation, path: Vector, step: fmpq) -> Number:
    tables = zip(rows_of(seen), hessians_of(example), strict=True)
    return total([decrease(row, hessian, path, step) for row, hessian in tables])


def _first_theorem(example: Example, seen: Observation) -> Margin:
    """Convex losses, L-Lipschitz total gradient, t <= 1/L: the sum does not rise."""
    step = 1 / total_smoothness(hessians_of(example))
    value = _fall(example, seen, direction(seen), step)
    return Margin("the sum of the losses falls", Relation.NONNEGATIVE, value, (seen,), {})


def _second_theorem(example: Example, seen: Observation) -> Iterator[Margin]:
    """Where cos <= -Phi, l > xi L, t = 2 / (l - xi L): no worse than plain descent."""
    first, second = rows_of(seen)
    a, b, c = squared(first), inner(first, second), squared(second)
    plain = seen.jacobian.combine((fmpq(1), fmpq(1)))
    square = squared(plain)
    if 0 in {a * c, square} or b * (a + c) > -2 * a * c:
        return
    smooth = total_smoothness(hessians_of(example))
    columns = zip(*hessians_of(example), strict=True)
    bends = (sum(h, fmpq(0)) * g * g for h, g in zip(columns, plain, strict=True))
    bend = sum(bends, fmpq(0)) / square
    xi = (1 - b * b / (a * c)) * (a - 2 * b + c) / square
    if bend > xi * smooth:
        step = 2 / (bend - xi * smooth)
        gain = _fall(example, seen, direction(seen), step) - _fall(example, seen, plain, step)
        yield Margin("Theorem 2", Relation.NONNEGATIVE, gain, (seen,), {})


def _equal_projections(example: Example, subject: Subject) -> Iterator[Margin]:
    seen = ask(subject, example)
    rows = rows_of(seen)
    reached = [along(row, direction(seen)) for row in rows]
    for task, value in enumerate(reached[1:], start=1):
        gap = value - reached[0]
        slopes = first_slope("direction", fmpq(2))
        yield Margin(f"projections 0 and {task}", Relation.ZERO, gap, (seen,), slopes)
    if "weights" in seen.outputs:
        excess = total(weights(seen)) - 1
        slopes = first_slope("weights", root(fmpq(len(rows))))
        yield Margin("the weights sum to 1", Relation.ZERO, excess, (seen,), slopes)


LAWS = (
    Law("pcgrad-replay", "D", "Given orders, the output is the replayed one; no gradient grows.",
        "orders injected", "P X F", _replay, GENERAL, replays=True, random="injected"),
    Law("pcgrad-two-tasks", "D", "d = (1+k1) g1 + (1+k2) g2; Theorem 1 (t <= 1/L) and Theorem 2"
        " under its printed hypotheses.", "T = 2", "P X", _two_tasks, PAIRS, draw_hessians),
    Law("pcgrad-orders", "D", "Each task meets the others in an order that is uniform and"
        " independent of the other tasks' orders.", "randomness not injected", "X S",
        order_margins, ("generic",), random="drawn", drawn=(ROWS,)),
    Law("imtl-equal-projections", "D", "<d, g_i>/n_i are equal, and the weights sum to 1.",
        "no zero row, the answer is defined", "P X F", _equal_projections, GENERAL),
)  # fmt: skip
