"""The conflict histogram in balls: comparisons of given numbers, which no rounding turns."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Trace
from mtl_reference.methods.conflict_histogram import EDGES
from mtl_reference.rational import Scalar, numbers


def trace(
    inputs: Mapping[str, arb_mat],
    outcome: Mapping[str, bool],
    *,
    edges: Sequence[Scalar] = EDGES,
) -> Trace:
    """The fractions: a cosine is compared as it is given, so that a moved one stays in its place.

    The step of a derivative is far below the distance of two floats: a cosine is on the side of an
    edge that the nearest float is on.
    """
    del outcome
    found, falling = inputs["cosines"], [arb(edge) for edge in numbers("edges", edges)]
    places = [_place(found[0, column], falling) for column in range(found.ncols())]
    counts = [places.count(interval) for interval in range(len(falling) + 1)]
    return Trace(outputs={"fractions": tuple(arb(count) / len(places) for count in counts)})


def _place(cosine: arb, falling: Sequence[arb]) -> int:
    """The interval of a cosine, whatever a step of a derivative has done to it."""
    near = [abs(cosine - edge) <= abs(edge) / 2**100 for edge in falling]
    return sum(bool(cosine < edge) and not same for edge, same in zip(falling, near, strict=True))
