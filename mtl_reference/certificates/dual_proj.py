"""Why a DualProj answer is right: the conditions of Karush, Kuhn and Tucker for the projection.

x is the point of {x : Gx >= 0} nearest to v exactly if it lies in it, and x - v = G'u with u >= 0
and u_i <g_i, x> = 0 for every row. Without u the rows, where they are independent, leave one
candidate, K^-1 G(x - v). Where they depend on each other <x - v, x> = 0 is left, which follows from
the conditions and does not imply them.
"""

from collections.abc import Iterator
from typing import cast

from flint import fmpq, fmpq_mat

from mtl_reference.certificates.mgda import trace
from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import (
    difference,
    inner,
    length_above,
    products,
    size_above,
    times,
)
from mtl_reference.rational import Jacobian, RationalVector, root_above


def certificate(jacobian: Jacobian, outputs: Outputs) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    direction = cast("Vector | None", outputs.get("direction"))
    if direction is None:
        return
    share = fmpq(1, jacobian.tasks)
    centre = jacobian.combine((share,) * jacobian.tasks)
    weights = cast("Vector | None", outputs.get("weights"))
    multipliers = None if weights is None else tuple(weight - share for weight in weights)
    yield from projection(jacobian, centre, direction, multipliers, "weights")


def projection(
    jacobian: Jacobian,
    centre: RationalVector,
    direction: Vector,
    multipliers: Vector | None,
    output: str,
) -> Iterator[Residual]:
    """``direction`` (d,) is the projection of ``centre`` (d,) on the cone of the rows.

    ``multipliers`` (T,), where there are any, move with the error of ``output``.
    """
    gramian, sides = jacobian.gramian(), products(jacobian, direction)
    for row, side in enumerate(sides):
        slopes = {"direction": root_above(gramian[row, row])}
        name = f"the direction does not conflict with row {row}"
        yield Residual(name, Relation.NONNEGATIVE, side, slopes)
    step = difference(direction, centre)
    if multipliers is not None:
        yield from _told(jacobian, step, sides, multipliers, output)
    elif gramian.det() != 0:
        yield from _inferred(gramian, step, products(jacobian, step), sides)
    else:
        slopes = {"direction": length_above(inner(step, step)) + length_above_of(direction)}
        value, bends = inner(step, direction), {"direction": fmpq(1)}
        name = "the step is at right angles to the direction"
        yield Residual(name, Relation.ZERO, value, slopes, bends)


def length_above_of(vector: Vector) -> fmpq:
    """A rational that is at least the length of a vector, and nearly equal to it."""
    return length_above(inner(vector, vector))


def _told(
    jacobian: Jacobian, step: Vector, sides: Vector, multipliers: Vector, output: str
) -> Iterator[Residual]:
    """The conditions for the multipliers that came with the answer."""
    gramian = jacobian.gramian()
    for row, multiplier in enumerate(multipliers):
        name = f"the multiplier of row {row} is not negative"
        yield Residual(name, Relation.NONNEGATIVE, multiplier, {output: fmpq(1)})
    moved = inner(multipliers, times(gramian, multipliers))
    apart = inner(step, step) - 2 * inner(multipliers, products(jacobian, step)) + moved
    bends = {"direction": fmpq(2), output: 2 * trace(gramian)}
    yield Residual("multipliers give the step", Relation.ZERO, apart, {}, bends)
    for row, (multiplier, side) in enumerate(zip(multipliers, sides, strict=True)):
        length = root_above(gramian[row, row])
        slopes = {"direction": size_above(multiplier) * length, output: size_above(side)}
        bends = {"direction": fmpq(1, 2), output: gramian[row, row] / 2}
        name = f"the direction is pushed along row {row} only where it touches"
        yield Residual(name, Relation.ZERO, multiplier * side, slopes, bends)


def _inferred(gramian: fmpq_mat, step: Vector, pushes: Vector, sides: Vector) -> Iterator[Residual]:
    """The same for K^-1 G(x - v), the only candidate where the rows are independent."""
    inverse = gramian.inv()
    multipliers = times(inverse, pushes)
    for row, (multiplier, side) in enumerate(zip(multipliers, sides, strict=True)):
        reach, length = root_above(inverse[row, row]), root_above(gramian[row, row])
        name = f"the direction is not pushed against row {row}"
        yield Residual(name, Relation.NONNEGATIVE, multiplier, {"direction": reach})
        slope = size_above(multiplier) * length + size_above(side) * reach
        slopes, bends = {"direction": slope}, {"direction": reach * length}
        name = f"the direction is pushed along row {row} only where it touches"
        yield Residual(name, Relation.ZERO, multiplier * side, slopes, bends)
    rest = inner(step, step) - inner(multipliers, pushes)
    name = "the step lies in the span of the rows"
    yield Residual(name, Relation.ZERO, rest, {}, {"direction": fmpq(1)})
