"""Recon's selection: the K layers with the largest scores, which become task-specific.

[RECON] G. Shi, Q. Li, W. Zhang, J. Chen, X.-M. Wu, Recon: Reducing Conflicting Gradients from the
Root for Multi-Task Learning, 2023, Algorithm 1. Whole numbers. Ties stay in the order of the
network.

*Degenerate cases.* K = 0 selects none. Nothing is undefined.
"""

from collections.abc import Sequence

from flint import fmpq

from mtl_reference import recon
from mtl_reference.method import Answer, Kind, Method, Parameter
from mtl_reference.rational import Scalar, numbers, rational

METHOD = Method(
    id="recon_select",
    paper="[RECON] Shi et al.: Recon (2023), Algorithm 1",
    number_field="whole numbers",
    parameters=(Parameter("k", 1.0, "how many layers are selected, 0 to n", 0.0),),
    inputs=("scores",),
    outputs=("layers",),
    degree=0,
    rows=(),
    perturbation="entries",
)


def layers(scores: Sequence[Scalar], *, k: float = 1.0) -> Answer:
    """The K layers (k,) with the largest of n scores (n,), in rank order.

    ValueError for scores that are not whole, and for a K that is not among 0 to n.

    >>> layers([2, 5, 2, 0], k=2).outputs["layers"]
    (1, 0)
    """
    counts = [whole("scores", score) for score in numbers("scores", scores)]
    chosen = recon.selection(counts, whole("k", rational(k)))
    return Answer(Kind.EXACT, {"layers": tuple(map(fmpq, chosen))})


def whole(name: str, value: fmpq) -> int:
    """A whole number; ValueError for a fraction."""
    if value.q != 1:
        message = f"{name} must be whole (got {value})"
        raise ValueError(message)
    return int(value.p)
