"""Why a CAGrad answer is right: the conditions of Karush, Kuhn and Tucker, without square roots.

With e = d - g0, level = min_i <g_i, d> and d = G'(1/T + v): d is the answer if v >= 0,
sum_i v_i (<g_i, d> - level) = 0, |e| <= c |g0|, and the ball is reached. For w = v / sum v on the
simplex the dual value is then F(w) = <G'w, g0> + c |g0| |G'w| = level + |e| (c |g0| - |e|) / sum v,
so the duality gap is zero. Where the ball is not reached, d = 0 has gap zero: 1/T + v then shows
0 in the hull, so that no level exceeds 0. Both are told by (c^2 |g0|^2 - |e|^2) |d|^2 = 0.

Without weights v = K^-1 G e is the only candidate where the rows are independent; where they
depend on each other only feasibility and the bounds of weak duality's easy half are left: the
level is at least that of g0, which is feasible. Where the definition has a set of answers the
set's predicate is the judge, not these conditions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast, final

from flint import fmpq, fmpq_mat

from mtl_reference.certificates.mgda import combined, trace
from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Orders, Outputs, Relation, Residual
from mtl_reference.pairing import inner, length_above, products, size_above, sizes_above, times
from mtl_reference.rational import Jacobian, RationalVector, Scalar, rational, root_above
from mtl_reference.vectors import above_the_least


def certificate(
    jacobian: Jacobian,
    outputs: Outputs,
    *,
    orders: Orders | None = None,
    c: Scalar = 0.5,
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    del orders
    share = fmpq(1, jacobian.tasks)
    yield from about(jacobian, outputs, (share,) * jacobian.tasks, rational(c))


def about(
    jacobian: Jacobian, outputs: Outputs, centre: RationalVector, radius: fmpq
) -> Iterator[Residual]:
    """The same for a ball about g0 = G'centre, of radius c |g0|, for given c."""
    gramian = jacobian.gramian()
    weights = cast("Vector | None", outputs.get("weights"))
    direction = cast("Vector | None", outputs.get("direction"))
    if direction is not None:
        sides, square = products(jacobian, direction), inner(direction, direction)
        point = _Point(gramian, centre, sides, square, "direction", fmpq(1))
    elif weights is not None:
        sides = times(gramian, weights)
        square, reach = inner(weights, sides), root_above(trace(gramian))
        point = _Point(gramian, centre, sides, square, "weights", reach)
    else:
        return
    yield from _ball(point, radius)
    if direction is not None and weights is not None:
        yield combined(gramian, sides, square, weights)
    if weights is not None:
        yield from _optimal(point, weights)
    elif gramian.det() != 0:
        yield from _optimal_by_itself(point)
    else:
        yield _no_worse_than_the_mean(point)


@final
@dataclass(frozen=True, slots=True)
class _Point:
    """The direction by its products with the rows, and the output whose error moves it.

    ``reach`` is how far the direction moves, at most, when that output moves by one.
    """

    gramian: fmpq_mat
    centre: RationalVector
    sides: Vector
    square: Number
    output: str
    reach: fmpq

    def moved(self, slope: Number, bend: Number) -> tuple[dict[str, Number], dict[str, Number]]:
        """Slopes and curvatures for a value with these, per unit of the direction's move."""
        reach = self.reach
        return {self.output: slope * reach}, {self.output: bend * reach * reach}

    def mean_sides(self) -> RationalVector:
        tasks = self.gramian.nrows()
        return tuple((self.gramian * fmpq_mat(tasks, 1, self.centre)).entries())

    def slacks(self) -> Vector:
        """<g_i, d> - level."""
        return above_the_least(self.sides)

    def steepness(self) -> RationalVector:
        """How fast each slack moves, at most: |g_i| and that of the lowest row."""
        lengths = [root_above(self.gramian[i, i]) for i in range(len(self.sides))]
        return tuple(length + max(lengths) for length in lengths)


def _ball(point: _Point, radius: fmpq) -> Iterator[Residual]:
    """|e|^2 <= c^2 |g0|^2, with equality unless d = 0."""
    mean = inner(point.centre, point.mean_sides())  # |g0|^2
    offset = point.square - 2 * inner(point.centre, point.sides) + mean
    room = radius * radius * mean - offset
    steep, length = 2 * length_above(offset), length_above(point.square)
    slopes, bends = point.moved(steep, fmpq(1))
    yield Residual("the direction lies in the ball", Relation.NONNEGATIVE, room, slopes, bends)
    size = size_above(room)
    slopes, bends = point.moved(
        steep * length * length + 2 * length * size,
        length * length + size + 2 * steep * length,
    )
    name = "the direction reaches the sphere or is zero"
    yield Residual(name, Relation.ZERO, room * point.square, slopes, bends)


def _optimal(point: _Point, weights: Vector) -> Iterator[Residual]:
    """V >= 0 and sum v_i (<g_i, d> - level) = 0 for v = weights - centre."""
    multipliers = tuple(w - m for w, m in zip(weights, point.centre, strict=True))
    for task, multiplier in enumerate(multipliers):
        name = f"the multiplier of task {task} is not negative"
        yield Residual(name, Relation.NONNEGATIVE, multiplier, {"weights": fmpq(1)})
    slacks, steepness = point.slacks(), point.steepness()
    slope = inner(sizes_above(multipliers), steepness)
    joint = length_above(inner(steepness, steepness))
    slopes, bends = point.moved(slope, fmpq(1, 2))
    slopes["weights"] = slopes.get("weights", fmpq(0)) + length_above(inner(slacks, slacks))
    bends["weights"] = bends.get("weights", fmpq(0)) + joint * joint / 2
    value = inner(multipliers, slacks)
    name = "multipliers only at tasks of the lowest level"
    yield Residual(name, Relation.ZERO, value, slopes, bends)


def _optimal_by_itself(point: _Point) -> Iterator[Residual]:
    """The same for v = K^-1 G d - centre, the only candidate where the rows are independent."""
    inverse, tasks = point.gramian.inv(), len(point.sides)
    weights = times(inverse, point.sides)
    lengths = [root_above(inverse[task, task]) for task in range(tasks)]
    multipliers = tuple(w - m for w, m in zip(weights, point.centre, strict=True))
    for task, multiplier in enumerate(multipliers):
        name = f"the direction's multiplier of task {task} is not negative"
        slopes, _ = point.moved(lengths[task], fmpq(0))
        yield Residual(name, Relation.NONNEGATIVE, multiplier, slopes)
    slacks, steepness = point.slacks(), point.steepness()
    slope = inner(sizes_above(multipliers), steepness) + inner(lengths, sizes_above(slacks))
    name = "the direction's multipliers only at tasks of the lowest level"
    slopes, bends = point.moved(slope, inner(lengths, steepness))
    yield Residual(name, Relation.ZERO, inner(multipliers, slacks), slopes, bends)
    rest = point.square - inner(weights, point.sides)
    name = "the direction lies in the span of the rows"
    yield Residual(name, Relation.ZERO, rest, {}, {point.output: fmpq(1)})


def _no_worse_than_the_mean(point: _Point) -> Residual:
    """The level is at least that of g0, which lies in every ball."""
    value = min(point.sides) - min(point.mean_sides())
    slopes, _ = point.moved(max(point.steepness()), fmpq(0))
    return Residual("no lower than the mean", Relation.NONNEGATIVE, value, slopes)
