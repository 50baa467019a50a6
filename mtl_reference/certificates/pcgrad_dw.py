"""Why a PCGrad-DW answer is right: projections replayed on gradients, and weights in proportion.

Algorithm 1 of PCGrad is replayed on vectors of d coordinates; the weights stand in the proportions
of DW for the sum of the replays, and make the direction of them. Without orders the direction must
be what some orders make, for up to 3 tasks.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations, product
from typing import cast

from flint import fmpq

from mtl_reference.certificates.dw import in_proportion
from mtl_reference.enclosure import Vector, decide
from mtl_reference.method import Orders, Outputs, Relation, Residual, checked_orders, finite
from mtl_reference.pairing import combine, difference, length
from mtl_reference.rational import Jacobian, RationalVector, inner, root_above
from mtl_reference.rational import jacobian as exact

REPLAYED_TASKS = 3  # (2!)^3 combinations of orders


def certificate(
    jacobian: Jacobian,
    outputs: Outputs,
    *,
    orders: Orders | None = None,
    alpha: float = 0.0,
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    direction = cast("Vector | None", outputs.get("direction"))
    weights = cast("Vector | None", outputs.get("weights"))
    if weights is None:
        return
    rows = [jacobian.row(task) for task in range(jacobian.tasks)]
    found = [
        list(_conditions(rows, met, weights, direction, finite("alpha", alpha)))
        for met in _combinations(orders, len(rows))
    ]
    kept = (residuals for residuals in found if all(map(_holds, residuals)))
    yield from next(kept, found[0] if found else [])


def _combinations(orders: Orders | None, tasks: int) -> Iterator[Sequence[Sequence[int]]]:
    """The orders given, or all that are replayed."""
    if orders is not None:
        yield checked_orders(orders, tasks)
    elif tasks <= REPLAYED_TASKS:
        others = [[j for j in range(tasks) if j != i] for i in range(tasks)]
        yield from product(*(permutations(each) for each in others))


def _conditions(
    rows: Sequence[RationalVector],
    orders: Sequence[Sequence[int]],
    weights: Vector,
    direction: Vector | None,
    alpha: fmpq,
) -> Iterator[Residual]:
    replays = [_replay(rows, task, order) for task, order in enumerate(orders)]
    summed = tuple(sum(column, fmpq(0)) for column in zip(*replays, strict=True))
    squares = [inner(row, row) for row in rows]
    yield from in_proportion(weights, [inner(summed, row) for row in rows], squares, alpha)
    if direction is not None:
        value = length(difference(direction, combine(exact(replays), weights)))
        slopes = {"direction": fmpq(1), "weights": root_above(sum(squares, fmpq(0)))}
        yield Residual("sum", Relation.ZERO, value, slopes)


def _replay(rows: Sequence[RationalVector], task: int, order: Sequence[int]) -> RationalVector:
    """The task's gradient after the projections."""
    gradient = rows[task]
    for other in order:
        row = rows[other]
        along = inner(gradient, row)
        if along < 0:
            share = along / inner(row, row)
            gradient = tuple(x - share * y for x, y in zip(gradient, row, strict=True))
    return gradient


def _holds(residual: Residual) -> bool:
    sign = decide(residual.value)
    return sign in ({0, None} if residual.relation is Relation.ZERO else {0, 1, None})
