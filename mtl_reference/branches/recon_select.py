"""Recon's selection in balls: whole numbers, which nothing moves."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Trace
from mtl_reference.recon import selection


def trace(
    inputs: Mapping[str, arb_mat],
    outcome: Mapping[str, bool],
    *,
    scores: Sequence[int],
    k: float = 1.0,
) -> Trace:
    """The layers (k,) that are selected."""
    del inputs, outcome
    return Trace(outputs={"layers": tuple(map(arb, selection(scores, int(k))))})
