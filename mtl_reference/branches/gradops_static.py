"""GradOPS-static in balls: GradOPS's modified gradients, with weights that are given."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.branches import gradops
from mtl_reference.method import Trace
from mtl_reference.rational import numbers


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    weights: float | Sequence[float] = 1.0,
) -> Trace:
    """Weights (T,) of the direction, and (T, T) of the modified gradients, on the rows.

    The decisions are GradOPS's for alpha = 0.
    """
    modified = gradops.trace(gramian, norms, outcome)
    listed = weights if isinstance(weights, Sequence) else (weights,) * len(norms)
    shares = numbers("weights", listed)
    columns = zip(*modified.task_weights, strict=True)
    summed = tuple(
        sum((arb(share) * entry for share, entry in zip(shares, column, strict=True)), arb(0))
        for column in columns
    )
    return Trace(summed, modified.decisions, modified.task_weights)
