"""Why a Pareto-MTL answer is right: the shortest vector of its hull, found another way.

Which constraints are broken is read off the losses. The shortest vector of the hull is then found
by pivoting in place of a guessed support: u >= 0 with (K + t t')u - t complementary to u, for the
Gramian K of the hull's points and t of equal entries, is a multiple of its weights. Of the answer
is asked that it be this vector, that the whole hull lie beyond it, and that its weights give it.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq, fmpq_mat

from mtl_reference.certificates.mgda import combined
from mtl_reference.certificates.upgrad import complement
from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import difference, inner, length_above, products
from mtl_reference.rational import Jacobian, RationalVector, Scalar, matrix, numbers, root_above
from mtl_reference.rational import inner as rational_inner


def certificate(
    gradients: Jacobian,
    outputs: Outputs,
    *,
    losses: Sequence[Scalar],
    preferences: Sequence[Sequence[Scalar]],
    region: float = 0.0,
    phase: str = "second",
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    direction = cast("Vector | None", outputs.get("direction"))
    if direction is None:
        return
    vectors, values = matrix("preferences", preferences), numbers("losses", losses)
    points = [gradients.row(task) for task in range(gradients.tasks) if phase == "second"]
    for vector in vectors:
        beyond = tuple(u - v for u, v in zip(vector, vectors[int(region)], strict=True))
        if rational_inner(vector, values) > rational_inner(vectors[int(region)], values):
            points.append(tuple(gradients.combine(beyond)))
    square = inner(direction, direction)
    if "weights" in outputs:
        weights = cast("Vector", outputs["weights"])
        yield combined(gradients.gramian(), products(gradients, direction), square, weights)
    for place, point in enumerate(points):
        slope = root_above(rational_inner(point, point)) + 2 * length_above(square)
        name = f"the hull lies beyond the direction at point {place}"
        value = inner(point, direction) - square
        slopes, bends = {"direction": slope}, {"direction": fmpq(1)}
        yield Residual(name, Relation.NONNEGATIVE, value, slopes, bends)
    gap = difference(direction, _shortest(points, gradients.width))
    name = "the direction is the shortest vector of the hull"
    yield Residual(name, Relation.ZERO, inner(gap, gap), {}, {"direction": fmpq(1)})


def _shortest(points: Sequence[RationalVector], width: int) -> RationalVector:
    """The shortest vector of the hull of points, 0 if there are none."""
    count = len(points)
    raised = fmpq_mat(
        count, count, [1 + rational_inner(one, other) for one in points for other in points]
    )
    ray = complement(raised, (fmpq(-1),) * count) if points else ()
    mass = sum(ray, fmpq(0))
    return tuple(
        sum((u * point[k] for u, point in zip(ray, points, strict=True)), fmpq(0)) / mass
        if points
        else fmpq(0)
        for k in range(width)
    )
