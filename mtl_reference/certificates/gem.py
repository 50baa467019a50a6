"""Why a GEM answer is right: the conditions of Karush, Kuhn and Tucker for its projection."""

from collections.abc import Iterator
from typing import cast

from mtl_reference.certificates.dual_proj import projection
from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Residual
from mtl_reference.rational import RationalVector, Rows, jacobian


def certificate(gradient: RationalVector, outputs: Outputs, *, memory: Rows) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "multipliers" (M,), whichever are there."""
    direction = cast("Vector | None", outputs.get("direction"))
    if direction is not None:
        multipliers = cast("Vector | None", outputs.get("multipliers"))
        rows = jacobian(memory, "memory")
        yield from projection(rows, gradient, direction, multipliers, "multipliers")
