"""UPGrad in balls with its active rows frozen: a smooth map from the Gramian to the weights."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.cone import face, opening
from mtl_reference.method import Trace


def trace(gramian: arb_mat, norms: Sequence[arb], outcome: Mapping[str, bool]) -> Trace:
    """Weights (T,): the mean over the projections of 1 from the row's own and its multipliers.

    The decision "active i for t" belongs to row i in the projection of row t (see cone.py); what
    is said of ``reach`` in dual_proj.py holds of each projection, and so of their mean.
    """
    tasks = len(norms)
    faces = [
        face(gramian, norms, [gramian[i, t] for i in range(tasks)], outcome, f"for {t}, active")
        for t in range(tasks)
        if not norms[t].contains(0)
    ]
    decisions = tuple(decision for one in faces for decision in one.decisions)
    sums = [sum((one.multipliers[i] for one in faces), arb(1)) for i in range(tasks)]
    reach = None
    if any(decision.name not in outcome for decision in decisions):
        reach = sum(norms, arb(0)) / tasks * (1 + 2 / opening(gramian, norms))
    return Trace(tuple(total / tasks for total in sums), decisions, reach=reach)
