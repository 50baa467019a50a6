"""Why an IMTL-G answer is right: equal projections, weights that sum to 1, and what joins them."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq, fmpq_mat

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Orders, Outputs, Relation, Residual
from mtl_reference.pairing import added, combine, difference, inner, length, products
from mtl_reference.rational import Jacobian, root_above
from mtl_reference.surd import sqrt


def certificate(
    jacobian: Jacobian, outputs: Outputs, *, orders: Orders | None = None
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there.

    The projections of the direction alone leave its length open, and directions outside the row
    span: weights that sum to 1 and give it close both. Nothing is asked where a row is zero.
    """
    del orders
    gramian = jacobian.gramian()
    squares = [gramian[task, task] for task in range(jacobian.tasks)]
    if any(square == 0 for square in squares):
        return
    direction = cast("Vector | None", outputs.get("direction"))
    weights = cast("Vector | None", outputs.get("weights"))
    if direction is not None:
        projections = _projections(squares, products(jacobian, direction))
        yield from _equal(projections, "direction", [fmpq(2)] * len(squares))
    if weights is not None:
        slope = {"weights": root_above(fmpq(len(weights)))}
        yield Residual("mean weight", Relation.ZERO, added(weights) - 1, slope)
    if weights is not None and direction is None:
        yield from _equal_by_weights(gramian, squares, weights)
    if weights is not None and direction is not None:
        rest = difference(direction, combine(jacobian, weights))
        slopes = {"direction": fmpq(1), "weights": root_above(sum(squares, fmpq(0)))}
        yield Residual("combination", Relation.ZERO, length(rest), slopes)


def _projections(squares: Sequence[fmpq], sides: Vector) -> list[Number]:
    """<g_i, d> / n_i, with n_i as the root of its square."""
    return [side / sqrt(square) for side, square in zip(sides, squares, strict=True)]


def _equal(
    projections: Sequence[Number], output: str, slopes: Sequence[fmpq]
) -> Iterator[Residual]:
    """Every projection is the first one."""
    for task, projection in enumerate(projections[1:], start=1):
        value = projection - projections[0]
        yield Residual(f"projection {task}", Relation.ZERO, value, {output: slopes[task]})


def _equal_by_weights(
    gramian: fmpq_mat, squares: Sequence[fmpq], weights: Vector
) -> Iterator[Residual]:
    """The same for the direction that the weights give: a unit row has inner products n_j."""
    tasks = range(len(squares))
    sides = tuple(inner([gramian[i, j] for j in tasks], weights) for i in tasks)
    steepness = 2 * root_above(sum(squares, fmpq(0)))
    yield from _equal(_projections(squares, sides), "weights", [steepness] * len(squares))
