"""UPGrad: each gradient projected on the cone where no task loses; the mean of the projections.

[QR24] P. Quinton, V. Rey, Jacobian Descent for Multi-Objective Optimization, 2024:
(1/T) sum_i pi(g_i) with pi the projection on {x : <g_j, x> >= 0 for all j}.

The answer lies in Q: every projection solves a linear system in the Gramian on the rows that are
active for it; exact signs prove which those are. The direction is unique. The weights need not be
where rows depend on each other.

*Departures*
1. The mean of the projections, weights 1/T; [QR24] let the user give other weights.
2. No regularisation: released code adds a multiple of the identity to the normalised Gramian.

*Degenerate cases.* No pair conflicts: the mean. One task: its gradient. At an interior
Pareto-stationary point, where the cone is the rows' orthogonal complement: 0. A zero row bounds
nothing, and counts in T. Nothing is undefined.
"""

from flint import fmpq

from mtl_reference import rational
from mtl_reference.cone import nearest
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.rational import RationalVector, Rows

METHOD = Method(
    id="upgrad",
    paper="[QR24] Quinton, Rey: Jacobian Descent for Multi-Objective Optimization (2024)",
    number_field="Q",
    outputs=("direction", "weights"),
)


def direction(jacobian: Rows) -> Answer:
    """Mean of the rows' projections on {x : Gx >= 0}, with weights (T,), each at least 1/T.

    Raises ValueError for a jacobian (T, d) that is not finite.

    >>> print(*direction([(2, 0), (-1, 1)]).exact)
    1/2 1
    """
    gradients = rational.jacobian(jacobian)
    gramian, tasks = gradients.gramian(), gradients.tasks
    found = [
        nearest(gramian, tuple(gramian[other, task] for other in range(tasks)))
        for task in range(tasks)
    ]
    weights = tuple(_weight(multipliers) for multipliers in zip(*found, strict=True))
    return Answer(Kind.EXACT, {"direction": gradients.combine(weights), "weights": weights})


def _weight(multipliers: RationalVector) -> fmpq:
    """The mean over the projections: 1 from the row's own, and its multiplier in each."""
    return (1 + sum(multipliers, fmpq(0))) / len(multipliers)
