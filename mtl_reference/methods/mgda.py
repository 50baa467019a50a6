"""MGDA: the shortest vector in the convex hull of the gradients.

[SK18] O. Sener, V. Koltun, Multi-Task Learning as Multi-Objective Optimization, 2018; after
[D12] J.-A. Desideri, Multiple-gradient descent algorithm (MGDA) for multiobjective
optimization, 2012.

The answer lies in Q: the shortest vector of a face solves a linear system in the Gramian, and
which face it is, is decided by exact signs. The direction is unique. The weights need not be:
where rows depend on each other those returned are some of the right ones, so compare directions.

*Departures*
1. The exact minimum, for any number of tasks; [SK18] stop a Frank-Wolfe iteration early.
2. normalization "none" only: rescaling rows before the hull is formed is another method, and on
   dependent rows its direction is not unique. The others are refused.

*Degenerate cases.* At a Pareto-stationary point, where the hull holds 0 (a zero row among them),
the direction is 0. A single task gives its own gradient. Nothing is undefined.
"""

from mtl_reference import rational
from mtl_reference.method import Answer, Kind, Method, Parameter, chosen
from mtl_reference.rational import Rows
from mtl_reference.simplex import minimum_norm

NORMALIZATIONS = ("none",)

METHOD = Method(
    id="mgda",
    paper="[SK18] Sener, Koltun: Multi-Task Learning as Multi-Objective Optimization (2018)",
    number_field="Q",
    parameters=(
        Parameter(
            "normalization",
            "none",
            "how the rows are scaled before the hull",
            choices=NORMALIZATIONS,
        ),
    ),
    outputs=("direction", "weights"),
)


def direction(jacobian: Rows, *, normalization: str = "none") -> Answer:
    """Shortest vector in the hull of the rows (T, d), with weights (T,) on the simplex.

    Raises ValueError for a jacobian that is not finite and for a normalization not offered.

    >>> print(*direction([(2, 0), (0, 1)]).exact)
    2/5 4/5
    """
    chosen("normalization", normalization, NORMALIZATIONS)
    gradients = rational.jacobian(jacobian)
    weights = minimum_norm(gradients.gramian())
    outputs = {"direction": gradients.combine(weights), "weights": weights}
    return Answer(Kind.EXACT, outputs)
