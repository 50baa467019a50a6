"""Why an A-GEM answer is right: it is the nearest point of a half-space.

x is the point of {x : <r, x> >= 0} nearest to g exactly if <r, x> = max(0, <r, g>) and x - g is a
multiple of r. That multiple is told by x itself: (<r, x> - <r, g>) / |r|^2.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import difference
from mtl_reference.pairing import inner as product
from mtl_reference.rational import RationalVector, Scalar, inner, numbers, root_above


def certificate(
    gradient: RationalVector, outputs: Outputs, *, reference: Sequence[Scalar]
) -> Iterator[Residual]:
    """Conditions on "direction" (d,)."""
    direction = cast("Vector | None", outputs.get("direction"))
    if direction is None:
        return
    against = numbers("reference", reference)
    square, wanted = inner(against, against), max(fmpq(0), inner(against, gradient))
    slopes = {"direction": root_above(square)}
    value = product(against, direction) - wanted
    name = "the product with the reference is the gradient's, or zero"
    yield Residual(name, Relation.ZERO, value, slopes)
    step = difference(direction, gradient)
    along = product(against, step)
    value = product(step, step) - (along * along * (1 / square) if square != 0 else fmpq(0))
    name = "the step is a multiple of the reference"
    yield Residual(name, Relation.ZERO, value, {}, {"direction": fmpq(1)})
