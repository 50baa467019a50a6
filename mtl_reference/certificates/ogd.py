"""Why an OGD answer is right: what it lacks of the gradient is the sum of the parts taken.

The parts <g, q> q are taken off one after the other, coordinate by coordinate, and each basis
vector must then see what the others leave of it: <x, q> = <g, q> - sum_p <g, p> <p, q>, which is 0
for an orthonormal basis.
"""

from collections.abc import Iterator
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import difference, length
from mtl_reference.pairing import inner as product
from mtl_reference.rational import RationalVector, Rows, inner, jacobian, root_above


def certificate(gradient: RationalVector, outputs: Outputs, *, basis: Rows) -> Iterator[Residual]:
    """Conditions on "direction" (d,)."""
    direction = cast("Vector | None", outputs.get("direction"))
    if direction is None:
        return
    rows = jacobian(basis, "basis")
    vectors = [rows.row(place) for place in range(rows.tasks)]
    parts = [inner(vector, gradient) for vector in vectors]
    rest = list(gradient)
    for part, vector in zip(parts, vectors, strict=True):
        rest = [entry - part * q for entry, q in zip(rest, vector, strict=True)]
    for place, vector in enumerate(vectors):
        seen = parts[place] - sum(
            (part * inner(other, vector) for part, other in zip(parts, vectors, strict=True)),
            fmpq(0),
        )
        slopes = {"direction": root_above(inner(vector, vector))}
        value = product(vector, direction) - seen
        yield Residual(f"what basis vector {place} sees", Relation.ZERO, value, slopes)
    gap = length(difference(direction, rest))
    yield Residual("all parts are taken", Relation.ZERO, gap, {"direction": fmpq(1)})
