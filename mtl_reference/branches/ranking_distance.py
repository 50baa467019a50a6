"""The distance of two rankings in balls: a fraction, which nothing moves but its last rounding."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Trace
from mtl_reference.recon import distance


def trace(
    inputs: Mapping[str, arb_mat],
    outcome: Mapping[str, bool],
    *,
    first: Sequence[int],
    second: Sequence[int],
) -> Trace:
    """The distance, one number."""
    del inputs, outcome
    return Trace(outputs={"distance": (arb(distance(first, second)),)})
