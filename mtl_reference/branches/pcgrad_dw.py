"""PCGrad-DW in balls with its projections and powers frozen: a smooth map of the Gramian."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.branches import pcgrad
from mtl_reference.branches.dw import shares
from mtl_reference.method import Orders, Trace, finite


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    orders: Orders | None = None,
    alpha: float = 0.0,
) -> Trace:
    """Weights (T,) of the direction on the rows, and the method's own (T,) as an output.

    The decisions are those of PCGrad and of DW. ValueError without orders.
    """
    projected = pcgrad.trace(gramian, norms, outcome, orders=orders)
    tasks = len(norms)
    sides = gramian * arb_mat(tasks, 1, list(projected.weights))
    decisions = list(projected.decisions)
    found = shares(sides.entries(), norms, outcome, finite("alpha", alpha), decisions)
    columns = zip(*projected.task_weights, strict=True)
    weights = tuple(
        sum((share * entry for share, entry in zip(found, column, strict=True)), arb(0))
        for column in columns
    )
    return Trace(weights, tuple(decisions), outputs={"weights": tuple(found)})
