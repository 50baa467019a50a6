"""Why a mean is right: its differences from the gradients cancel, coordinate by coordinate."""

from collections.abc import Iterator
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Orders, Outputs, Relation, Residual
from mtl_reference.pairing import length
from mtl_reference.rational import Jacobian


def certificate(
    jacobian: Jacobian, outputs: Outputs, *, orders: Orders | None = None
) -> Iterator[Residual]:
    """Residual of sum_i (d - g_i) = 0, the stationarity of sum_i |d - g_i|^2."""
    del orders
    if "direction" not in outputs:
        return
    tasks = jacobian.tasks
    columns = zip(*(jacobian.row(task) for task in range(tasks)), strict=True)
    direction = cast("Vector", outputs["direction"])
    surplus = [
        entry * tasks - sum(column, fmpq(0))
        for entry, column in zip(direction, columns, strict=True)
    ]
    yield Residual("balance", Relation.ZERO, length(surplus), {"direction": fmpq(tasks)})
