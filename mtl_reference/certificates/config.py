"""Why a ConFIG answer is right: least squares of equal projections, and the length that they give.

With r_i = <g_i, d> / n_i, d solves the least-squares problem |U x - t 1| for some t if and only if
sum_i (r_i - t) g_i / n_i = 0, and then t sum r = sum r^2. The length is right if sum_i <g_i, d> =
|d|^2, since d = s u with s = sum <g_i, u>. Both hold of d = 0 too, and of no other wrong vector in
the span of the rows: that d is not 0 is asked where the rows are independent.
"""

from collections.abc import Iterator
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import (
    added,
    combine,
    difference,
    inner,
    length,
    length_above,
    products,
    size_above,
    times,
)
from mtl_reference.rational import Jacobian, root_above
from mtl_reference.surd import sqrt


def certificate(jacobian: Jacobian, outputs: Outputs) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there.

    Nothing is asked where a row is zero.
    """
    gramian, tasks = jacobian.gramian(), range(jacobian.tasks)
    squares = [gramian[task, task] for task in tasks]
    if any(square == 0 for square in squares):
        return
    weights = cast("Vector | None", outputs.get("weights"))
    direction = cast("Vector | None", outputs.get("direction"))
    reach = root_above(sum(squares, fmpq(0)))
    if direction is not None:
        sides, square = products(jacobian, direction), inner(direction, direction)
        yield from _least_squares(jacobian, sides, "direction", fmpq(1))
        yield _long_enough(sides, square, "direction", fmpq(1), reach)
        if weights is not None:
            rest = length(difference(direction, combine(jacobian, weights)))
            slopes = {"direction": fmpq(1), "weights": reach}
            yield Residual("combination", Relation.ZERO, rest, slopes)
    elif weights is not None:
        sides = times(gramian, weights)
        yield from _least_squares(jacobian, sides, "weights", reach)
        yield _long_enough(sides, inner(sides, weights), "weights", reach, reach)


def _least_squares(
    jacobian: Jacobian, sides: Vector, output: str, reach: fmpq
) -> Iterator[Residual]:
    """Sum_i (r_i S - Q) g_i / n_i = 0 for S = sum r, Q = sum r^2; and S n_min >= 0 for t > 0.

    ``reach`` is how far the direction moves when the output moves by one.
    """
    gramian, tasks = jacobian.gramian(), jacobian.tasks
    roots = [sqrt(1 / gramian[task, task]) for task in range(tasks)]
    reached = tuple(side * root for side, root in zip(sides, roots, strict=True))
    total, squared = added(reached), inner(reached, reached)
    factors = tuple((r * total - squared) * n for r, n in zip(reached, roots, strict=True))
    rest = length(combine(jacobian, factors))
    size = sum((size_above(r) for r in reached), fmpq(0))
    slope = reach * (tasks * size_above(total) + 3 * tasks * size)
    bend = reach * reach * 2 * tasks * tasks
    name = "projections are equal in the sense of least squares"
    yield Residual(name, Relation.ZERO, rest, {output: slope}, {output: fmpq(bend)})


def _long_enough(sides: Vector, square: object, output: str, reach: fmpq, rows: fmpq) -> Residual:
    """Sum_i <g_i, d> - |d|^2 = 0."""
    value = added(sides) - square  # type: ignore[operator]  # numbers of any field
    slope = reach * (rows * root_above(fmpq(len(sides))) + 2 * length_above(square))  # type: ignore[arg-type]  # the same
    bends = {output: reach * reach}
    name = "the length is the sum of the gains"
    return Residual(name, Relation.ZERO, value, {output: slope}, bends)
