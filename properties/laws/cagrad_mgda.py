"""The laws of CAGrad and MGDA: feasible, optimal, limits, descent, fixed points."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from flint import fmpq
from hypothesis import strategies as st

from mtl_reference import METHODS
from mtl_reference.enclosure import decide
from mtl_reference.method import Kind, Relation
from mtl_reference.methods.cagrad_fast import condensed
from mtl_reference.pairing import combine
from mtl_reference.rational import rational
from mtl_reference.surd import Surd, sqrt
from properties.example import Example, Margin, Observation, Rows, Subject, margin_of
from properties.laws.aggregators import GENERAL
from properties.laws.law import (
    Law,
    Sortable,
    ask,
    difference,
    direction,
    dot,
    fact,
    first_slope,
    mean_of,
    parameter,
    root,
    rows_of,
    same,
    squared,
    weights,
)
from properties.quadratics import decrease, draw_hessians, hessians_of, smoothness
from properties.question import certify

ONE_BEND = {(0, "direction"): fmpq(1)}


def _c(example: Example) -> fmpq:
    return rational(parameter(example, "c"))


def certified(example: Example, subject: Subject) -> Iterator[Margin]:
    """The method's certificate, as margins of one observation."""
    observation = ask(subject, example)
    for residual in certify(observation.example, observation.jacobian, observation.outputs):
        yield margin_of(residual, observation)


def _optimal(example: Example, subject: Subject) -> Iterator[Margin]:
    """The certificate; but weights that are not unique need only give the direction."""
    seen = ask(subject, example)
    outputs = dict(seen.outputs)
    unique = seen.jacobian.gramian().det() != 0 and _c(example) != 0 and any(mean_of(seen))
    if "weights" in outputs and not unique:
        reach = root(sum((squared(row) for row in rows_of(seen)), fmpq(0)))
        slopes = {(0, "direction"): fmpq(1), (0, "weights"): reach}
        combined = combine(seen.jacobian, weights(seen))
        yield from same("d = G'w", direction(seen), combined, (seen,), slopes)
        del outputs["weights"]
    for residual in certify(example, seen.jacobian, outputs):
        yield margin_of(residual, seen)


def _feasible(example: Example, subject: Subject) -> Iterator[Margin]:
    """The slope is that at the exact answer, |d - g0| <= c |g0|; the curvature is 1."""
    seen = ask(subject, example)
    mean, c = mean_of(seen), _c(example)
    square = squared(mean)
    away = difference(direction(seen), mean)
    slopes = first_slope("direction", 2 * c * sqrt(square))
    value = c * c * square - dot(away, away)
    name = "|d - g0|^2 <= c^2 |g0|^2"
    yield Margin(name, Relation.NONNEGATIVE, value, (seen,), slopes, ONE_BEND)


def _c0(example: Example, subject: Subject) -> Iterator[Margin]:
    seen = ask(subject, example)
    yield from same("d = g0", direction(seen), mean_of(seen), (seen,), first_slope())


def _to_mgda(example: Example, subject: Subject) -> Iterator[Margin]:
    """<m, d> >= c |g0| |m| + min <g_i, g0>, m the MGDA direction.

    The ball holds g0 + c |g0| m/|m|, whose least gain is at least the right side, as <g_i, m> >=
    |m|^2; and the least gain of d is at most <m, d>, as m lies in the hull. So the cosine between
    d - g0 and m is at least 1 - delta/c, delta = (<m, g0> - min <g_i, g0>) / (|g0| |m|).
    """
    seen = ask(subject, example)
    optimum = METHODS["mgda"].direction(seen.jacobian).exact
    mean, square = mean_of(seen), dot(optimum, optimum)
    least = min(seen.jacobian.products(mean))
    value = dot(optimum, direction(seen)) - least - _c(example) * root(square * dot(mean, mean))
    name = "the cosine to MGDA is at least 1 - delta/c"
    slopes = first_slope("direction", root(square))
    yield Margin(name, Relation.NONNEGATIVE, value, (seen,), slopes)


def _band(example: Example, subject: Subject) -> Iterator[Margin]:
    seen = ask(subject, example)
    mean, c, d = mean_of(seen), _c(example), direction(seen)
    square, length = squared(mean), dot(d, d)
    steep = first_slope("direction", 2 * (1 + c) * sqrt(square))
    bounds = {"|d| <= (1+c)|g0|": (1 + c) ** 2 * square - length}
    if c < 1:
        bounds["|d| >= (1-c)|g0|"] = length - (1 - c) ** 2 * square
    for name, value in bounds.items():
        yield Margin(name, Relation.NONNEGATIVE, value, (seen,), steep, ONE_BEND)
    value = dot(mean, d) - (square * (1 - c * c) + length) / 2
    slopes = first_slope("direction", c * sqrt(square))
    name = "<g0, d> >= (|g0|^2 (1 - c^2) + |d|^2) / 2"
    yield Margin(name, Relation.NONNEGATIVE, value, (seen,), slopes, ONE_BEND)
    yield from _gains(example, subject, seen)


def _gains(example: Example, subject: Subject, seen: Observation) -> Iterator[Margin]:
    """The least gain is at least that of g0, and does not fall as c doubles."""
    least = min(seen.jacobian.products(mean_of(seen)))
    more = {**example.params, "c": 2 * parameter(example, "c")}
    second = ask(subject, replace(example, params=more))
    rows = rows_of(seen)
    lowest = min(range(len(rows)), key=lambda task: Sortable(dot(rows[task], direction(seen))))
    gained = dot(rows[lowest], direction(seen))
    sizes = [root(dot(row, row)) for row in rows]
    for task, row in enumerate(rows):
        value = dot(row, direction(seen)) - least
        slopes = first_slope("direction", sizes[task])
        name = f"<g_{task}, d> >= min <g_i, g0>"
        yield Margin(name, Relation.NONNEGATIVE, value, (seen,), slopes)
        value = dot(row, direction(second)) - gained
        both = {(0, "direction"): sizes[lowest], (1, "direction"): sizes[task]}
        name = f"task {task} gains no less than the least gain at half of c"
        yield Margin(name, Relation.NONNEGATIVE, value, (seen, second), both)


def _cagrad_descent(example: Example, subject: Subject) -> Iterator[Margin]:
    """Theorem 3.2 at the step 1/H: L0 falls by at least (1 - c^2) |g0|^2 / (2H)."""
    seen = ask(subject, example)
    hessians, mean, c = hessians_of(example), mean_of(seen), _c(example)
    step = 1 / smoothness(hessians)
    tasks = len(hessians)
    averaged = tuple(sum(column, fmpq(0)) / tasks for column in zip(*hessians, strict=True))
    fall = decrease(mean, averaged, direction(seen), step)
    value = fall - step / 2 * (1 - c * c) * dot(mean, mean)
    yield Margin("L0 falls", Relation.NONNEGATIVE, value, (seen,), {})


def _cagrad_fixed_points(example: Example, subject: Subject) -> Iterator[Margin]:
    seen = ask(subject, example)
    if all(decide(number) == 0 for number in direction(seen)):
        optimum = METHODS["mgda"].direction(seen.jacobian).exact
        value = dot(optimum, optimum)
        yield Margin("d = 0: stationary", Relation.ZERO, value, (seen,), {})


def _surd(example: Example, subject: Subject) -> Iterator[Margin]:
    """All coordinates share one square root of a rational."""
    seen = ask(subject, example)
    roots = {
        int(radicand)
        for number in direction(seen)
        if isinstance(number, Surd)
        for radicand in (*number.numerator, *number.denominator)
        if radicand != 1
    }
    yield fact(f"one square root (got {sorted(roots)})", len(roots) <= 1, seen)


def _mgda_gap(example: Example, subject: Subject) -> Iterator[Margin]:
    """|x - d|^2 <= |x|^2 - min <g_i, x> for any x in the hull."""
    seen = ask(subject, example)
    parts = [fmpq(part) for part in cast("list[int]", example.extra["parts"])]
    whole = sum(parts, fmpq(0))
    point = seen.jacobian.combine([part / whole for part in parts])
    away = difference(point, direction(seen))
    gap = dot(point, point) - min(seen.jacobian.products(point))
    value = gap - dot(away, away)
    yield Margin("the gap bounds the error", Relation.NONNEGATIVE, value, (seen,), {})


def _parts(rows: Rows, _dtype: str) -> st.SearchStrategy[Mapping[str, object]]:
    parts = st.lists(st.integers(0, 6), min_size=len(rows), max_size=len(rows)).filter(any)
    return parts.map(lambda chosen: {"parts": chosen})


def _mgda_descent(example: Example, subject: Subject) -> Iterator[Margin]:
    """Each H-smooth loss falls by eta (1 - eta H / 2) |d|^2."""
    seen = ask(subject, example)
    hessians = hessians_of(example)
    smooth, square = smoothness(hessians), dot(direction(seen), direction(seen))
    for step in (1 / smooth, fmpq(19, 10) / smooth):
        for task, (row, hessian) in enumerate(zip(rows_of(seen), hessians, strict=True)):
            fall = decrease(row, hessian, direction(seen), step)
            value = fall - step * (1 - step * smooth / 2) * square
            yield Margin(f"L_{task} falls", Relation.NONNEGATIVE, value, (seen,), {})


def _mgda_ub(example: Example, subject: Subject) -> Iterator[Margin]:
    """Theorem 1(b) as printed: the min-norm weights of another space give no conflict here."""
    seen = ask(subject, example)
    for task, row in enumerate(rows_of(seen)):
        value, slopes = dot(row, direction(seen)), first_slope("direction", root(squared(row)))
        yield Margin(f"<g_{task}, d> >= 0", Relation.NONNEGATIVE, value, (seen,), slopes)


def _fast(example: Example, subject: Subject) -> Iterator[Margin]:
    """The conditions of the sampled rows and the others' mean; with all sampled, CAGrad.

    Weights that are not unique are left out of the conditions.
    """
    seen = ask(subject, example)
    sample, tasks = cast("Sequence[int]", example.random["sample"]), seen.jacobian.tasks
    rows, _ = condensed(seen.jacobian, sorted(sample))
    outputs = dict(seen.outputs)
    if rows.gramian().det() == 0 or _c(example) == 0 or not any(mean_of(seen)):
        outputs.pop("weights", None)
    for residual in certify(seen.example, seen.jacobian, outputs):
        yield margin_of(residual, seen)
    whole = replace(example, random={**example.random, "sample": tuple(range(tasks))})
    full = METHODS["cagrad"].direction(seen.jacobian, c=parameter(example, "c"))
    if full.kind is Kind.EXACT:
        second = ask(subject, whole)
        name = "with every task sampled it is CAGrad"
        yield from same(name, direction(second), full.exact, (second,), first_slope())


SMOOTH = ("conflicting", "generic", "all_conflicting", "tall", "near_tie")
LAWS = (
    Law("cagrad-feasible", "C", "|d - g0| <= c |g0|.", "none", "X F", _feasible, GENERAL),
    Law("cagrad-optimal", "C", "min <g_i, d> = F(w): no duality gap, and KKT on the support.",
        "none", "P X F", _optimal, GENERAL),
    Law("cagrad-c0", "C", "c = 0 gives d = g0, at every scale.", "c = 0", "P X F", _c0, GENERAL),
    Law("cagrad-to-mgda", "C", "The cosine between d - g0 and MGDA's direction is at least 1 -"
        " delta/c: as c grows the direction tends to MGDA's.", "not Pareto stationary", "P X F",
        _to_mgda, ("generic", "conflicting", "aligned", "all_conflicting", "wide")),
    Law("cagrad-band", "C", "(1-c)|g0| <= |d| <= (1+c)|g0|; <g0,d> >= (|g0|^2 (1-c^2) + |d|^2)/2;"
        " the least gain is at least that of g0, and does not fall as c grows.", "none", "P X F",
        _band, GENERAL),
    Law("cagrad-descent", "C", "Theorem 3.2: L0 falls by at least (1-c^2)|g0|^2/(2H) at step 1/H.",
        "H-smooth quadratics, 0 <= c < 1", "P X", _cagrad_descent, SMOOTH, draw_hessians),
    Law("cagrad-fixed-points", "C", "d = 0 implies Pareto stationary.", "c >= 0", "X",
        _cagrad_fixed_points, ("stationary", "antiparallel", "stationary_face", "zero_row")),
    Law("cagrad-fast", "C", "It is CAGrad on the sampled tasks and the mean of the others, each of"
        " them used; with every task sampled it is CAGrad.", "the sample is given", "X F", _fast,
        ("generic", "conflicting", "aligned", "all_conflicting", "wide", "tall", "badly_scaled",
         "near_tie"), replays=True, random="injected"),
    Law("cagrad-surd", "C", "For rational c the answer lies in Q(sqrt D).", "c rational", "X",
        _surd, GENERAL),
    Law("mgda-kkt", "C", "w lies on the simplex, <g_i, d> >= |d|^2, with equality on the support.",
        "none", "P X F", certified, GENERAL),
    Law("mgda-gap", "C", "|x - d|^2 <= |x|^2 - min <g_i, x> for every x in the hull.", "none",
        "P X", _mgda_gap, GENERAL, _parts),
    Law("mgda-descent", "C", "Every H-smooth loss falls by at least eta (1 - eta H/2) |d|^2.",
        "quadratics", "P X", _mgda_descent, SMOOTH, draw_hessians),
    Law("mgda-ub", "C", "Sener and Koltun's Theorem 1(b): min-norm weights in the representation"
        " give a direction that conflicts with no task.", "representation of full rank", "X",
        _mgda_ub, ("generic",)),
)  # fmt: skip
