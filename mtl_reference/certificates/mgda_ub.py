"""Why an MGDA-UB answer is right: the weights are MGDA's for the representation, and give d.

Without weights those of independent rows are told by the direction.
"""

from collections.abc import Iterator
from typing import cast

from flint import fmpq

from mtl_reference.certificates.mgda import certificate as shortest
from mtl_reference.certificates.mgda import combined
from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Outputs, Residual
from mtl_reference.pairing import inner, products, times
from mtl_reference.rational import Jacobian, Rows, root_above
from mtl_reference.rational import jacobian as exact


def certificate(
    jacobian: Jacobian, outputs: Outputs, *, representation_jacobian: Rows
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    shared = exact(representation_jacobian, "representation_jacobian")
    weights = cast("Vector | None", outputs.get("weights"))
    direction = cast("Vector | None", outputs.get("direction"))
    gramian = jacobian.gramian()
    if weights is not None:
        yield from shortest(shared, {"weights": weights})
    if direction is None:
        return
    sides = products(jacobian, direction)
    if weights is not None:
        yield combined(gramian, sides, inner(direction, direction), weights)
    elif gramian.det() != 0:
        inverse = gramian.inv()
        reach = root_above(sum((inverse[i, i] for i in range(jacobian.tasks)), fmpq(0)))
        told = times(inverse, sides)
        yield combined(gramian, sides, inner(direction, direction), told)
        for residual in shortest(shared, {"weights": told}):
            yield _by_direction(residual, reach)


def _by_direction(residual: Residual, reach: fmpq) -> Residual:
    """A residual of weights that the direction tells: they move by at most ``reach`` with it."""
    slopes: dict[str, Number] = {"direction": residual.slopes.get("weights", fmpq(0)) * reach}
    bend = residual.curvatures.get("weights", fmpq(0)) * reach * reach
    return Residual(residual.name, residual.relation, residual.value, slopes, {"direction": bend})
