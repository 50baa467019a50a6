"""Recon's conflict scores: for each layer, the pairs of tasks whose gradients conflict.

[RECON] G. Shi, Q. Li, W. Zhang, J. Chen, X.-M. Wu, Recon: Reducing Conflicting Gradients from the
Root for Multi-Task Learning, 2023, Definition 3 and Algorithm 1. Whole numbers: a cosine is
compared with the severity by comparing squares, so that a cosine at the severity is not below it.

*Departures*
1. The scores of one iteration. The sum over iterations is the caller's.

*Degenerate cases.* A zero gradient conflicts with none; its cosine is set 0, as the published code
does. Nothing is undefined.
"""

from collections.abc import Sequence

from flint import fmpq

from mtl_reference import recon
from mtl_reference.method import Answer, Kind, Method, Parameter
from mtl_reference.rational import Rows

METHOD = Method(
    id="recon_scores",
    paper="[RECON] Shi et al.: Recon (2023), Definition 3",
    number_field="whole numbers",
    parameters=(Parameter("severity", 0.0, "cosine below which a pair conflicts, in (-1, 0]"),),
    inputs=("layer_gradients",),
    outputs=("scores",),
    degree=0,
    rows=(),
    perturbation="entries",
)


def scores(layer_gradients: Sequence[Rows], *, severity: float = 0.0) -> Answer:
    """Number of conflicting pairs (n,) of the gradients of n layers, a list of (T, d_k).

    ValueError for numbers that are not finite, layers of different numbers of tasks, and a severity
    outside (-1, 0].

    >>> scores([[(1, 0), (-1, 0), (0, 1)], [(1,), (2,), (-1,)]]).outputs["scores"]
    (1, 2)
    """
    counts = recon.scores(layer_gradients, severity)
    return Answer(Kind.EXACT, {"scores": tuple(map(fmpq, counts))})
