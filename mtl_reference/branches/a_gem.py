"""A-GEM in balls with its conflict frozen: a smooth map from the Gramian to the weights."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Decision, Trace


def trace(gramian: arb_mat, norms: Sequence[arb], outcome: Mapping[str, bool]) -> Trace:
    """Weights (2,) on the gradient and the reference.

    The decision "conflict" is whether the two conflict; its value is minus their cosine. A zero
    vector conflicts with nothing, and nothing is decided.
    """
    if any(norm.contains(0) for norm in norms):
        return Trace((arb(1), arb(0)))
    value = -gramian[0, 1] / (norms[0] * norms[1])
    conflict = outcome.get("conflict", bool(value.mid() > 0))
    weight = -gramian[0, 1] / gramian[1, 1] if conflict else arb(0)
    return Trace((arb(1), weight), (Decision("conflict", value, conflict),))
