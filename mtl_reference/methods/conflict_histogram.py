"""The conflict histogram: which share of the cosines of gradients lies in which interval.

[RECON] G. Shi, Q. Li, W. Zhang, J. Chen, X.-M. Wu, Recon: Reducing Conflicting Gradients from the
Root for Multi-Task Learning, 2023, tables 8 to 10. The answer lies in Q.

*Departures*
1. The first interval is [1, 0], printed as [1, 0): a cosine of exactly 0, as that with a zero
   gradient, lies in no interval as printed.

*Degenerate cases.* No cosines are refused. Nothing is undefined.
"""

from collections.abc import Sequence

from mtl_reference import recon
from mtl_reference.method import Answer, Kind, Method, Parameter
from mtl_reference.rational import Scalar, numbers

EDGES = (0.0, -0.25, -0.5, -0.75)

METHOD = Method(
    id="conflict_histogram",
    paper="[RECON] Shi et al.: Recon (2023), tables 8 to 10",
    number_field="Q",
    parameters=(
        Parameter("edges", EDGES, "ends between the intervals, falling", None, (), ("e",)),
    ),
    inputs=("cosines",),
    outputs=("fractions",),
    degree=0,
    rows=(),
    perturbation="entries",
)


def fractions(cosines: Sequence[Scalar], *, edges: Sequence[Scalar] = EDGES) -> Answer:
    """Share of the cosines (m,) in [1, e0], (e0, e1], ..., (e_last, -1], one more than the edges.

    Each interval holds its lower, more severe end. ValueError for no cosines, cosines outside
    [-1, 1], and edges that do not fall from below 1 to above -1.

    >>> fractions([1, 0, "-1/4", -1], edges=[0, -0.5]).outputs["fractions"]
    (1/2, 1/4, 1/4)
    """
    found = recon.histogram(numbers("cosines", cosines), numbers("edges", edges))
    return Answer(Kind.EXACT, {"fractions": found})
