"""FairGrad in balls: a smooth map from the Gramian to the weights, where there is an answer.

The decision "gain" is Nash-MTL's: how far from 0 the combination of unit rows is. Taken the other
way, ZeroDivisionError.
"""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.branches.nash_mtl import solved
from mtl_reference.method import Trace
from mtl_reference.rational import Scalar, rational


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    alpha: Scalar = 1.0,
) -> Trace:
    """Weights (T,); ZeroDivisionError where the definition has no answer."""
    weights, decision = solved(gramian, norms, outcome, arb(1 / rational(alpha)))
    return Trace(weights, (decision,))
