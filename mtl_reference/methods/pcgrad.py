"""PCGrad: each gradient, projected in turn off the others that it conflicts with; then summed.

[YKGLHF20] T. Yu, S. Kumar, A. Gupta, S. Levine, K. Hausman, C. Finn, Gradient Surgery for
Multi-Task Learning, 2020, Algorithm 1.

The answer lies in Q, given the orders in which each task meets the others: inner products and
one division a projection. It is computed on weights: the coefficients of each task's gradient on
the rows, with the Gramian for inner products.

*Departures*
1. The orders are an argument. Without them the answer is the set of what all orders give: told
   by ``members`` for directions (at most 4 tasks) and by `outcomes` and `admits` for the tasks'
   gradients (at most 6 tasks). Where every order gives the same the answer is exact: without
   conflicts, and for one or two tasks.

*Degenerate cases.* A zero gradient conflicts with nobody and is left alone, so nothing is divided
by zero. Antiparallel pairs cancel to 0. Nothing is undefined.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations, product

from flint import fmpq, fmpq_mat

from mtl_reference.enclosure import Vector, decide
from mtl_reference.method import Answer, Kind, Method, Orders, checked_orders
from mtl_reference.pairing import difference
from mtl_reference.rational import Jacobian, RationalVector, Rows, jacobian

METHOD = Method(
    id="pcgrad",
    paper="[YKGLHF20] Yu et al.: Gradient Surgery for Multi-Task Learning (2020), Algorithm 1",
    number_field="Q",
    outputs=("direction", "task_gradients"),
    randomness=("orders",),
)

DIRECTION_TASKS = 4  # (3!)^4 combinations of orders
OUTCOME_TASKS = 6  # 5! orders for each task


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one task's gradient may become: an order that gives it, its T weights, d numbers."""

    order: tuple[int, ...]
    weights: RationalVector
    gradient: RationalVector


def direction(rows: Rows, *, orders: Orders | None = None) -> Answer:
    """Sum of the projected rows (T, d); ``orders[i]`` lists the other tasks as task i meets them.

    Raises ValueError for a jacobian that is not finite and for orders that are not permutations.

    >>> print(*direction([(1, 0), ("-1/2", 1)], orders=[[1], [0]]).exact)
    4/5 7/5
    """
    gradients = jacobian(rows)
    gramian = gradients.gramian()
    if orders is None:
        return _without_orders(gradients, gramian)
    met = enumerate(checked_orders(orders, gradients.tasks))
    return _sum([gradients.combine(_projected(gramian, task, order)) for task, order in met])


def outcomes(gradients: Jacobian, task: int) -> tuple[Outcome, ...]:
    """Every distinct gradient that some order gives the task; ValueError above 6 tasks.

    >>> [str(outcome.gradient) for outcome in outcomes(jacobian([(1, 0), ("-1/2", 1)]), 0)]
    ['(4/5, 2/5)']
    """
    if gradients.tasks > OUTCOME_TASKS:
        message = f"outcomes are listed for at most {OUTCOME_TASKS} tasks (got {gradients.tasks})"
        raise ValueError(message)
    found = _distinct(gradients.gramian(), task)
    return tuple(Outcome(order, weights, gradients.combine(weights)) for order, weights in found)


def admits(gradients: Jacobian, task_gradients: Sequence[Vector]) -> bool:
    """Whether these T vectors of d exact numbers are what some orders make of the rows."""
    return all(
        any(_equal(outcome.gradient, vector) for outcome in outcomes(gradients, task))
        for task, vector in enumerate(task_gradients)
    )


def _projected(gramian: fmpq_mat, task: int, order: Sequence[int]) -> RationalVector:
    """Lines 3 to 7 of Algorithm 1 [YKGLHF20] on weights."""
    tasks = gramian.nrows()
    weights = [fmpq(int(index == task)) for index in range(tasks)]
    for other in order:
        product_with = sum((weights[k] * gramian[k, other] for k in range(tasks)), fmpq(0))
        if product_with < 0:  # line 6: the original gradient of the other task is not zero
            weights[other] -= product_with / gramian[other, other]
    return tuple(weights)


def _sum(task_gradients: Sequence[RationalVector]) -> Answer:
    """Line 9 of Algorithm 1 [YKGLHF20]: the sum."""
    rows = tuple(map(tuple, task_gradients))
    total = tuple(sum(column, fmpq(0)) for column in zip(*rows, strict=True))
    return Answer(Kind.EXACT, {"direction": total, "task_gradients": rows})


def _without_orders(gradients: Jacobian, gramian: fmpq_mat) -> Answer:
    """The answer that all orders share, or the set of answers."""
    tasks = gradients.tasks
    ascending = [[j for j in range(tasks) if j != i] for i in range(tasks)]
    free = all(entry >= 0 for entry in gramian.entries())
    if free or tasks <= OUTCOME_TASKS:
        kept = [_projected(gramian, i, ascending[i]) for i in range(tasks)]
        if free or all(len(_distinct(gramian, i)) == 1 for i in range(tasks)):
            return _sum([gradients.combine(weights) for weights in kept])
    reason = "the orders in which the tasks meet are not given, and the answer depends on them"
    return Answer(Kind.SET, reason=reason, members=lambda vector: _reached(gradients, vector))


def _distinct(gramian: fmpq_mat, task: int) -> list[tuple[tuple[int, ...], RationalVector]]:
    """One order, with its weights, for each distinct gradient of the task.

    Gradients in the row span are equal if their inner products with all rows are.
    """
    others = [other for other in range(gramian.nrows()) if other != task]
    found: dict[RationalVector, tuple[tuple[int, ...], RationalVector]] = {}
    for order in permutations(others):
        weights = _projected(gramian, task, order)
        seen = tuple((gramian * fmpq_mat(len(weights), 1, weights)).entries())
        found.setdefault(seen, (order, weights))
    return list(found.values())


def _reached(gradients: Jacobian, vector: Vector) -> bool:
    """Whether the vector is a sum of outcomes, one of each task; ValueError above 4 tasks."""
    if gradients.tasks > DIRECTION_TASKS:
        message = f"members are decided for at most {DIRECTION_TASKS} tasks (got {gradients.tasks})"
        raise ValueError(message)
    gramian = gradients.gramian()
    choices = product(*(_distinct(gramian, task) for task in range(gradients.tasks)))
    sums = {
        tuple(sum(shares, fmpq(0)) for shares in zip(*(c[1] for c in choice), strict=True))
        for choice in choices
    }
    return any(_equal(gradients.combine(weights), vector) for weights in sums)


def _equal(exact: RationalVector, vector: Vector) -> bool:
    return all(decide(entry) in {0, None} for entry in difference(exact, vector))
