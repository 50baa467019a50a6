"""The distance of two rankings of layers: how far a layer moves between them, on average.

[RECON] G. Shi, Q. Li, W. Zhang, J. Chen, X.-M. Wu, Recon: Reducing Conflicting Gradients from the
Root for Multi-Task Learning, 2023, equation (22): Spearman's footrule over the number of layers.
The answer lies in Q.

*Degenerate cases.* A ranking of one layer has the distance 0. Nothing is undefined.
"""

from collections.abc import Sequence

from mtl_reference import recon
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.methods.recon_select import whole
from mtl_reference.rational import Scalar, numbers

METHOD = Method(
    id="ranking_distance",
    paper="[RECON] Shi et al.: Recon (2023), equation (22)",
    number_field="Q",
    inputs=("first", "second"),
    outputs=("distance",),
    degree=0,
    rows=(),
    perturbation="entries",
)


def distance(first: Sequence[Scalar], *, second: Sequence[Scalar]) -> Answer:
    """Mean of |p(l) - q(l)| over the layers l; a ranking (n,) lists the layers, best first.

    ValueError where one does not list each of the layers 0 to n - 1 once.

    >>> distance([0, 1, 2], second=[2, 0, 1]).outputs["distance"]
    (4/3,)
    """
    rankings = [
        [whole(name, layer) for layer in numbers(name, order)]
        for name, order in (("first", first), ("second", second))
    ]
    return Answer(Kind.EXACT, {"distance": (recon.distance(*rankings),)})
