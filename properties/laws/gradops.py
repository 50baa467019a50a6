"""The laws of GradOPS: projections, weights, relations to other methods, descent."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import cast

from flint import fmpq, fmpq_mat
from hypothesis import strategies as st

from mtl_reference import METHODS
from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.method import Relation
from mtl_reference.rational import nullspace
from properties.example import Example, Margin, Observation, Rows, Subject
from properties.jacobians import natural_orders
from properties.laws.aggregators import GENERAL
from properties.laws.law import (
    Extra,
    Law,
    Slopes,
    along,
    ask,
    difference,
    direction,
    dot,
    first_slope,
    parallel,
    parameter,
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
from properties.laws.symmetries import permutation_margins
from properties.quadratics import decrease, draw_hessians, hessians_of, total_smoothness

TASKS: Slopes = {(0, "task_gradients"): fmpq(1)}
CONFLICTS = ("conflicting", "all_conflicting", "antiparallel", "self_opposing", "near_tie",
             "near_dependent", "wide", "badly_scaled", "tall", "generic")  # fmt: skip
PAIRS = ("conflicting", "generic", "antiparallel", "aligned", "zero_row", "badly_scaled",
         "orthogonal", "near_tie", "near_dependent", "duplicate")  # fmt: skip


def conflicts(gramian: fmpq_mat, task: int) -> bool:
    """Whether a task's gradient conflicts with any other."""
    return any(gramian[task, other] < 0 for other in range(gramian.nrows()))


def all_modified(example: Example) -> bool:
    """Whether the rows are independent and every task conflicts."""
    from mtl_reference.rational import jacobian

    gramian = jacobian(example.rows).gramian()
    tasks = gramian.nrows()
    return gramian.rank() == tasks and all(conflicts(gramian, task) for task in range(tasks))


def _projection(example: Example, subject: Subject) -> Iterator[Margin]:
    observation = ask(subject, example)
    gramian, rows = observation.jacobian.gramian(), rows_of(observation)
    rank = gramian.rank()
    for task, modified in enumerate(task_gradients(observation)):
        others = [row for j, row in enumerate(rows) if j != task]
        if not conflicts(gramian, task):
            yield from same(f"g'_{task} = g_{task}", modified, rows[task], (observation,), TASKS)
        elif example.params.get("fallback") == "none" or fmpq_mat(others).rank() < rank:
            yield from _projected(task, modified, rows[task], others, observation)


def _projected(
    task: int, modified: Vector, row: Vector, others: list[tuple[fmpq, ...]], seen: Observation
) -> Iterator[Margin]:
    """Ask for g' at right angles to every other row, and g - g' in their span."""
    for other in others:
        if any(other):
            value = along(other, modified)
            yield Margin(f"g'_{task} at right angles", Relation.ZERO, value, (seen,), TASKS)
    for across in nullspace(fmpq_mat([list(other) for other in others])):
        value = along(across, difference(row, modified))
        yield Margin(f"g_{task} - g'_{task} in the span", Relation.ZERO, value, (seen,), TASKS)


def _weights(example: Example, subject: Subject) -> Iterator[Margin]:
    seen = ask(subject, example)
    chosen, rows, tasks = weights(seen), rows_of(seen), seen.jacobian.tasks
    slopes = first_slope("weights")
    excess = total(chosen) - tasks
    all_slopes = first_slope("weights", root(fmpq(tasks)))
    yield Margin("sum w = T", Relation.ZERO, excess, (seen,), all_slopes)
    for task, weight in enumerate(chosen):
        yield Margin(f"w_{task} >= 0", Relation.NONNEGATIVE, weight, (seen,), slopes)
        if example.params.get("alpha", 0.0) == 0 or not any(rows[task]):
            yield Margin(f"w_{task} = 1", Relation.ZERO, weight - 1, (seen,), slopes)
    if "task_gradients" in seen.outputs:
        yield from _monotone(example, seen)


def projections(observation: Observation) -> dict[int, Number]:
    """R_i = <G', g_i> / n_i for each non-zero row, G' the sum of the modified gradients."""
    summed = sum_of(task_gradients(observation))
    rows = enumerate(rows_of(observation))
    return {task: along(row, summed) for task, row in rows if any(row)}


def _monotone(example: Example, seen: Observation) -> Iterator[Margin]:
    """R_i >= 0, and (w_i - w_j)(R_i - R_j) has the sign of alpha."""
    chosen, tasks = weights(seen), seen.jacobian.tasks
    found = projections(seen)
    spread = first_slope("task_gradients", root(fmpq(tasks)))
    for task, value in found.items():
        yield Margin(f"R_{task} >= 0", Relation.NONNEGATIVE, value, (seen,), spread)
    alpha = parameter(example, "alpha")
    sign = (alpha > 0) - (alpha < 0)
    for i, j in combinations(found, 2):
        rise, gap = chosen[i] - chosen[j], found[i] - found[j]
        slopes = {
            (0, "weights"): root(2 * (gap * gap)),
            (0, "task_gradients"): root(4 * tasks * (rise * rise)),
        }
        name = f"w monotone in r, tasks {i} and {j}"
        yield Margin(name, Relation.NONNEGATIVE, sign * (rise * gap), (seen,), slopes)


def _pcgrad_is_gradops(example: Example, subject: Subject) -> Iterator[Margin]:
    observation = ask(subject, example)
    if example.method == "gradops":
        orders = natural_orders(len(example.rows))
        other = METHODS["pcgrad"].direction(observation.jacobian, orders=orders)
    else:
        other = METHODS["gradops"].direction(observation.jacobian, alpha=0.0, fallback="none")
    name = "GradOPS(0) = PCGrad"
    yield from same(name, direction(observation), other.exact, (observation,), first_slope())


PARTNER = {-1.0: "imtl_g", -2.0: "mgda"}


def _two_tasks(example: Example, subject: Subject) -> Iterator[Margin]:
    observation = ask(subject, example)
    bargained = example.method == "nash_mtl"
    partner = "imtl_g" if bargained else PARTNER[parameter(example, "alpha")]
    other = METHODS[partner].direction(observation.jacobian).exact
    yield from parallel(f"parallel to {partner}", other, direction(observation), (observation,), {})
    value = dot(other, direction(observation))
    yield Margin(f"the way of {partner}", Relation.NONNEGATIVE, value, (observation,), {})


def _equal_projections(example: Example, subject: Subject) -> Iterator[Margin]:
    """<d, g_i> / n_i is proportional to R_i**(1 + alpha), for whole alpha <= 0."""
    seen = ask(subject, example)
    rows, found = rows_of(seen), projections(seen)
    reached = [along(row, direction(seen)) for row in rows]
    power = 1 + int(cast("float", example.params["alpha"]))
    for i, j in combinations(range(len(rows)), 2):
        left, right = (i, j) if power >= 0 else (j, i)
        value = reached[i] * _power(found[right], power) - reached[j] * _power(found[left], power)
        yield Margin(f"projections {i} and {j}", Relation.ZERO, value, (seen,), {})
    if power == 0:
        yield Margin("positive", Relation.NONNEGATIVE, reached[0], (seen,), {})
        imtl = METHODS["imtl_g"].direction(seen.jacobian).exact
        yield from parallel("IMTL-G up to sign", imtl, direction(seen), (seen,), {})


def _power(number: Number, exponent: int) -> Number:
    result: Number = fmpq(1)
    for _ in range(abs(exponent)):
        result = result * number
    return result


def _descent(example: Example, subject: Subject) -> Iterator[Margin]:
    """Theorems 1 and 2: for t < 2/(TL) the sum falls by (t - L T t^2 / 2) sum w_i |g'_i|^2."""
    seen = ask(subject, example)
    hessians, tasks = hessians_of(example), seen.jacobian.tasks
    smooth = total_smoothness(hessians)
    step = fmpq(999, 1000) * 2 / (tasks * smooth)
    fall = total([
        decrease(row, hessian, direction(seen), step)
        for row, hessian in zip(rows_of(seen), hessians, strict=True)
    ])  # fmt: skip
    squares = [dot(row, row) for row in task_gradients(seen)]
    owed = total([w * square for w, square in zip(weights(seen), squares, strict=True)])
    value = fall - (step - smooth * tasks * step * step / 2) * owed
    yield Margin("the sum of the losses falls", Relation.NONNEGATIVE, value, (seen,), {})


def _fixed_points(example: Example, subject: Subject) -> Iterator[Margin]:
    """G' = 0 implies Pareto stationary; interior stationarity implies G' = 0."""
    seen = ask(subject, example)
    optimum = METHODS["mgda"].direction(seen.jacobian)
    summed = sum_of(task_gradients(seen))
    chosen = cast("Vector", optimum.outputs["weights"])
    interior = all(decide(weight) == 1 for weight in chosen) and all(map(any, rows_of(seen)))
    if not any(optimum.exact) and interior:
        zero = (fmpq(0),) * len(summed)
        yield from same("stationary: G' = 0", summed, zero, (seen,), TASKS)
    elif all(decide(number) == 0 for number in summed):
        value = dot(optimum.exact, optimum.exact)
        yield Margin("G' = 0: stationary", Relation.ZERO, value, (seen,), {})


def _continuity(example: Example, subject: Subject) -> Iterator[Margin]:
    """|A - A'|^2 <= 4 (1 + 16 rho^2) |G - G'|^2, rho the largest ratio of norms.

    For T = 2, alpha = 0: each projection on a half-space {x: <x, g_j> >= 0} is 1-Lipschitz in x,
    and moves by at most 4 |x| / n_j times the move of g_j.
    """
    moved = cast("Rows", tuple(map(tuple, cast("list[list[float]]", example.extra["moved"]))))
    first, second = ask(subject, example), ask(subject, replace(example, rows=moved))
    squares = [squared(row) for row in rows_of(first)]
    spread = max(a / b for a in squares for b in squares)
    steps = [difference(a, b) for a, b in zip(rows_of(first), rows_of(second), strict=True)]
    allowed = 4 * (1 + 16 * spread) * total([dot(step, step) for step in steps])
    jump = difference(direction(first), direction(second))
    name = "a small move of the jacobian moves the direction little"
    yield Margin(name, Relation.NONNEGATIVE, allowed - dot(jump, jump), (first, second), {})


@st.composite
def _moves(draw: st.DrawFn, rows: Rows, dtype: str) -> Extra:
    """The rows with each entry moved by at most one unit of 2**-10 of the entry's grid."""
    del dtype
    move = st.sampled_from((0.0, 2.0**-10, -(2.0**-10)))
    return {"moved": [[entry + draw(move) for entry in row] for row in rows]}


def _any_weights(example: Example, subject: Subject) -> Iterator[Margin]:
    seen = ask(subject, example)
    factors = [fmpq(w) for w in cast("list[int]", example.extra["weights"])]
    mixed = sum_of([times(w, g) for w, g in zip(factors, task_gradients(seen), strict=True)])
    size = first_slope("task_gradients", root(sum((w * w for w in factors), fmpq(0))))
    for task, row in enumerate(rows_of(seen)):
        if any(row):
            value = along(row, mixed)
            name = f"<g_{task}, sum w_i g'_i> >= 0"
            yield Margin(name, Relation.NONNEGATIVE, value, (seen,), size)


def _mixtures(rows: Rows, _dtype: str) -> st.SearchStrategy[Mapping[str, object]]:
    factors = st.lists(st.integers(0, 5), min_size=len(rows), max_size=len(rows))
    return factors.map(lambda chosen: {"weights": chosen})


def _permutations(rows: Rows, _dtype: str) -> st.SearchStrategy[Extra]:
    backwards = list(range(len(rows)))[::-1]
    orders = st.one_of(st.just(backwards), st.permutations(range(len(rows))))
    return orders.map(lambda order: {"permutation": list(order)})


MODIFIED = ("direction", "task_gradients")
WEIGHED = ("direction", "weights")
LAWS = (
    Law("gradops-projection", "B", "Without a conflict g'_i = g_i; else g'_i is at right angles to"
        " every other g_j and g_i - g'_i lies in their span.",
        "conflicting g_i is not in the others' span, or fallback none", "P X F", _projection,
        CONFLICTS, needs=MODIFIED),
    Law("gradops-order", "B", "The order of the tasks and of Gram-Schmidt changes nothing.",
        "none", "X F", permutation_margins, CONFLICTS, _permutations, needs=MODIFIED),
    Law("gradops-weights", "B", "w >= 0, sum w = T, zero rows have w = 1, alpha = 0 gives w = 1,"
        " R >= 0, and w is monotone in r with the sign of alpha.", "the answer is defined", "X F",
        _weights, GENERAL, needs=WEIGHED),
    Law("pcgrad-is-gradops", "B", "GradOPS with alpha = 0 is PCGrad in sum form.",
        "T = 2, alpha = 0", "P X F", _pcgrad_is_gradops, PAIRS),
    Law("gradops-two-tasks", "B", "alpha = -1 is parallel to IMTL-G, alpha = -2 to MGDA; so is"
        " Nash-MTL to IMTL-G, without a conflict too.", "T = 2, conflicting, not antiparallel",
        "P X", _two_tasks, ("conflicting",)),
    Law("gradops-equal-projections", "B", "Projections <d, g_i>/n_i are proportional to"
        " R_i^(1+alpha); alpha = -1 is IMTL-G up to sign.", "every task modified, K > 0", "P X",
        _equal_projections, ("all_conflicting",), needs=MODIFIED),
    Law("gradops-descent", "B", "Theorems 1 and 2: the sum of smooth losses falls for t < 2/(TL).",
        "quadratics; total gradient L-Lipschitz", "P X", _descent,
        ("conflicting", "generic", "all_conflicting", "stationary", "tall"), draw_hessians,
        needs=("direction", "task_gradients", "weights")),
    Law("gradops-fixed-points", "B", "G' = 0 implies Pareto stationary; interior stationarity"
        " implies G' = 0.", "fallback mgda", "X", _fixed_points,
        ("stationary", "tall", "antiparallel", "stationary_face", "dependent"), needs=MODIFIED),
    Law("gradops-continuity", "B", "The direction moves little when the jacobian does.",
        "T = 2, alpha = 0, no zero row", "X", _continuity, ("near_tie", "conflicting",
        "antiparallel"), _moves, replays=True),
    Law("any-weights", "B", "Every non-negative combination of the g'_i is non-conflicting.",
        "none", "P", _any_weights, CONFLICTS, _mixtures, needs=MODIFIED),
)  # fmt: skip
