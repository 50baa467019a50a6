"""Why a distance is right: for each place, the layers that one ranking has before it and one not.

|p - q| is the number of places t with exactly one of p < t, q < t. So the sum over the layers
counts for each t the layers that are among the first t of one ranking alone.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual


def certificate(
    first: Sequence[fmpq], outputs: Outputs, *, second: Sequence[int]
) -> Iterator[Residual]:
    """The condition on "distance"."""
    one, other = [int(layer.p) for layer in first], [int(layer) for layer in second]
    moved = sum(len(set(one[:count]) ^ set(other[:count])) for count in range(len(one)))
    value = cast("Vector", outputs["distance"])[0] - fmpq(moved, len(one))
    yield Residual("the mean move of a layer", Relation.ZERO, value, {"distance": fmpq(1)})
