"""Why depth errors are right: summed over the pixels above and below their depth, apart."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.rational import numbers
from mtl_reference.weighting import Values


def certificate(
    predicted_depths: Sequence[fmpq], outputs: Outputs, *, depths: Values
) -> Iterator[Residual]:
    """Conditions on "absolute" (1,) and "relative" (1,), whichever are there."""
    pairs = list(zip(predicted_depths, numbers("depths", depths), strict=True))
    known = [(found, depth) for found, depth in pairs if depth != 0]
    if not known:
        return
    above = [(found - depth, depth) for found, depth in known if found > depth]
    below = [(depth - found, depth) for found, depth in known if found < depth]
    sums = {
        "absolute": sum((gap for gap, _ in above), fmpq(0))
        + sum((gap for gap, _ in below), fmpq(0)),
        "relative": sum((gap / max(d, -d) for gap, d in above + below), fmpq(0)),
    }
    for name in (name for name in sums if name in outputs):
        error = cast("Vector", outputs[name])[0]
        rest = error * len(known) - sums[name]
        yield Residual(name, Relation.ZERO, rest, {name: fmpq(len(known))})
