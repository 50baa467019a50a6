"""Random weighting in balls: a smooth map from the draws to the weights."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(
    inputs: Mapping[str, arb_mat], outcome: Mapping[str, bool], *, normals: Sequence[arb]
) -> Trace:
    """Weights (T,), without decisions."""
    del inputs, outcome
    top = max(normals, key=arb.mid)
    powers = [(draw - top).exp() for draw in normals]
    whole = sum(powers, arb(0))
    return Trace(outputs={"weights": tuple(each / whole for each in powers)})
