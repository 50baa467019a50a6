"""DualProj: the mean gradient, moved as little as it takes to conflict with no task.

[QR24] P. Quinton, V. Rey, Jacobian Descent for Multi-Objective Optimization, 2024, where it is
named after the dual program of [LR17] D. Lopez-Paz, M. Ranzato, Gradient Episodic Memory for
Continual Learning, 2017: there the cone is that of a memory's gradients, here that of all tasks.

The answer lies in Q: d is the projection of the mean g0 on the cone {x : <g_i, x> >= 0}, which
solves a linear system in the Gramian on the rows that are active; exact signs prove which those
are. The direction is unique. The weights 1/T + u_i need not be where rows depend on each other.

*Departures*
1. The mean of the tasks, weights 1/T; [QR24] let the user give other weights.
2. No regularisation: released code adds a multiple of the identity to the normalised Gramian.

*Degenerate cases.* No pair conflicts: the mean. One task: its gradient. At an interior
Pareto-stationary point, where the cone is the rows' orthogonal complement: 0. A zero row bounds
nothing, and counts in the mean. Nothing is undefined.
"""

from flint import fmpq, fmpq_mat

from mtl_reference import rational
from mtl_reference.cone import nearest
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.rational import Rows

METHOD = Method(
    id="dual_proj",
    paper="[QR24] Quinton, Rey: Jacobian Descent for Multi-Objective Optimization (2024)",
    number_field="Q",
    outputs=("direction", "weights"),
)


def direction(jacobian: Rows) -> Answer:
    """Projection of the mean row on {x : Gx >= 0}, with weights 1/T + u_i (T,), u >= 0.

    Raises ValueError for a jacobian (T, d) that is not finite.

    >>> print(*direction([(2, 0), (-4, 2)]).exact)
    0 1
    """
    gradients = rational.jacobian(jacobian)
    gramian, share = gradients.gramian(), fmpq(1, gradients.tasks)
    mean = fmpq_mat(gradients.tasks, 1, [share] * gradients.tasks)
    multipliers = nearest(gramian, tuple((gramian * mean).entries()))
    weights = tuple(share + multiplier for multiplier in multipliers)
    return Answer(Kind.EXACT, {"direction": gradients.combine(weights), "weights": weights})
