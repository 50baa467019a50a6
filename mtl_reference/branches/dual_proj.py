"""DualProj in balls with its active rows frozen: a smooth map from the Gramian to the weights."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat, fmpq

from mtl_reference.cone import face, opening
from mtl_reference.method import Trace


def trace(gramian: arb_mat, norms: Sequence[arb], outcome: Mapping[str, bool]) -> Trace:
    """Weights 1/T + u (T,) for the multipliers u of the active rows; decisions as in cone.py.

    ``reach``: with P the mean length and r the opening of the cone, x = v + s y for a y of the
    hull of the unit rows and s = |x - v|/|y| at most |v|/r, so sum |w_i| n_i <= P (1 + 1/r). A
    moved Gramian has another r; as long as that is more than half of this one, 2/r covers it.
    """
    tasks = len(norms)
    share = arb(fmpq(1, tasks))
    offsets = (gramian * arb_mat(tasks, 1, [share] * tasks)).entries()  # <g_i, g0>
    found = face(gramian, norms, offsets, outcome)
    weights = tuple(share + multiplier for multiplier in found.multipliers)
    reach = None
    if any(decision.name not in outcome for decision in found.decisions):
        reach = sum(norms, arb(0)) / tasks * (1 + 2 / opening(gramian, norms))
    return Trace(weights, found.decisions, reach=reach)
