"""OGD in balls: weights that are entries of the Gramian, and no decision."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(gramian: arb_mat, norms: Sequence[arb], outcome: Mapping[str, bool]) -> Trace:
    """Weights (1, -<g, q>) on the gradient and the basis."""
    del outcome
    return Trace((arb(1), *(-gramian[0, place] for place in range(1, len(norms)))))
