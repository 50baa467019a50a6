"""Why a sum is right: nothing is left of it once every gradient is taken away in turn."""

from collections.abc import Iterator
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Orders, Outputs, Relation, Residual
from mtl_reference.pairing import difference, length
from mtl_reference.rational import Jacobian


def certificate(
    jacobian: Jacobian, outputs: Outputs, *, orders: Orders | None = None
) -> Iterator[Residual]:
    """Residual of d - g_1 - ... - g_T = 0."""
    del orders
    if "direction" not in outputs:
        return
    rest = cast("Vector", outputs["direction"])
    for task in range(jacobian.tasks):
        rest = difference(rest, jacobian.row(task))
    yield Residual("balance", Relation.ZERO, length(rest), {"direction": fmpq(1)})
