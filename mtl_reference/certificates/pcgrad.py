"""Why a PCGrad answer is right: it is what the projections give when replayed on gradients.

The method works on weights and the Gramian; the replay works on vectors of d coordinates, as
Algorithm 1 of [YKGLHF20] is printed. Without orders, every order is replayed for up to 6 tasks.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Orders, Outputs, Relation, Residual, checked_orders
from mtl_reference.pairing import added, difference, inner, length
from mtl_reference.rational import Jacobian, RationalVector, root_above
from mtl_reference.rational import inner as rational_inner

REPLAYED_TASKS = 6  # 5! orders for each task


def certificate(
    jacobian: Jacobian, outputs: Outputs, *, orders: Orders | None = None
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "task_gradients" (T, d), whichever are there."""
    rows = [jacobian.row(task) for task in range(jacobian.tasks)]
    direction = cast("Vector | None", outputs.get("direction"))
    task_gradients = cast("tuple[Vector, ...] | None", outputs.get("task_gradients"))
    if orders is not None:
        yield from _replayed(rows, checked_orders(orders, len(rows)), direction, task_gradients)
    elif task_gradients is not None and len(rows) <= REPLAYED_TASKS:
        yield from _by_some_order(rows, task_gradients)
    if task_gradients is not None:
        yield from _never_longer(rows, task_gradients)
        if direction is not None:
            yield _adds_up(direction, task_gradients)


def _replayed(
    rows: Sequence[RationalVector],
    orders: Sequence[Sequence[int]],
    direction: Vector | None,
    task_gradients: Sequence[Vector] | None,
) -> Iterator[Residual]:
    """Each gradient as replayed, at right angles to the last row that it was projected off."""
    replays = [_replay(rows, task, order) for task, order in enumerate(orders)]
    if task_gradients is None:
        if direction is not None:
            columns = zip(*(gradient for gradient, _ in replays), strict=True)
            summed = tuple(sum(column, fmpq(0)) for column in columns)
            value = length(difference(direction, summed))
            yield Residual("replay", Relation.ZERO, value, {"direction": fmpq(1)})
        return
    for task, (gradient, last) in enumerate(replays):
        value = length(difference(task_gradients[task], gradient))
        yield Residual(f"replay {task}", Relation.ZERO, value, {"task_gradients": fmpq(1)})
        if last is not None:
            slope = {"task_gradients": root_above(rational_inner(rows[last], rows[last]))}
            value = inner(task_gradients[task], rows[last])
            yield Residual(f"right angle {task}-{last}", Relation.ZERO, value, slope)


def _replay(
    rows: Sequence[RationalVector], task: int, order: Sequence[int]
) -> tuple[RationalVector, int | None]:
    """The task's gradient after the projections, and the last row that it was projected off."""
    gradient, last = rows[task], None
    for other in order:
        row = rows[other]
        along = rational_inner(gradient, row)
        if along < 0:
            share = along / rational_inner(row, row)
            gradient = tuple(x - share * y for x, y in zip(gradient, row, strict=True))
            last = other
    return gradient, last


def _by_some_order(
    rows: Sequence[RationalVector], task_gradients: Sequence[Vector]
) -> Iterator[Residual]:
    """The nearest of the replays in every order."""
    for task, answered in enumerate(task_gradients):
        others = [other for other in range(len(rows)) if other != task]
        replays = {_replay(rows, task, order)[0] for order in permutations(others)}
        differences = [difference(answered, replay) for replay in replays]
        nearest = min(differences, key=lambda rest: inner(rest, rest))
        slope = {"task_gradients": fmpq(1)}
        yield Residual(f"some order {task}", Relation.ZERO, length(nearest), slope)


def _never_longer(
    rows: Sequence[RationalVector], task_gradients: Sequence[Vector]
) -> Iterator[Residual]:
    """|v_i| <= |g_i|: projections never lengthen."""
    for task, (row, gradient) in enumerate(zip(rows, task_gradients, strict=True)):
        square = rational_inner(row, row)
        value = square - inner(gradient, gradient)
        slope = {"task_gradients": 2 * root_above(square)}
        bend = {"task_gradients": fmpq(1)}
        yield Residual(f"not longer {task}", Relation.NONNEGATIVE, value, slope, bend)


def _adds_up(direction: Vector, task_gradients: Sequence[Vector]) -> Residual:
    """The direction is v_1 + ... + v_T."""
    summed = [added(column) for column in zip(*task_gradients, strict=True)]
    slopes = {"direction": fmpq(1), "task_gradients": root_above(fmpq(len(task_gradients)))}
    return Residual("sum", Relation.ZERO, length(difference(direction, summed)), slopes)
