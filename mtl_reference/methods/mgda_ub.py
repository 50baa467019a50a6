"""MGDA-UB: MGDA's weights for the gradients by a shared representation, on those by the parameters.

[SK18] O. Sener, V. Koltun, Multi-Task Learning as Multi-Objective Optimization, 2018, section 3.3:
w is least for |sum w_i grad_Z L_i| on the simplex, which bounds |sum w_i grad_theta L_i| from above
by the norm of dZ/dtheta; the step is sum w_i grad_theta L_i.

The answer lies in Q, as MGDA's does.

*Departures*
1. The exact minimum, for any number of tasks.
2. Theorem 1(b) of [SK18], that the step raises no loss where dZ/dtheta has full rank, is false:
   w is least in another metric. With dZ/dtheta = (1, 0), (2, 1) the gradients (1, 1), (1, -1) by Z
   are (3, 1), (-1, -1) by theta, and w = (1/2, 1/2) gives d = (1, 0), against the second.

*Degenerate cases.* Where the weights are not unique and the gradients by the parameters tell them
apart, the answers are a *set*. Nothing is undefined.
"""

from flint import fmpq, fmpq_mat

from mtl_reference import rational
from mtl_reference.enclosure import Number, Vector
from mtl_reference.faces import free, in_hull, near_rational, same_image
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.pairing import inner, products
from mtl_reference.rational import Jacobian, RationalVector, Rows
from mtl_reference.simplex import minimum_norm

METHOD = Method(
    id="mgda_ub",
    paper="[SK18] Sener, Koltun: Multi-Task Learning as Multi-Objective Optimization (2018), 3.3",
    number_field="Q",
    inputs=("jacobian", "representation_jacobian"),
    outputs=("direction", "weights"),
    perturbation="entries",
)


def direction(jacobian: Rows, *, representation_jacobian: Rows) -> Answer:
    """Combination of the rows (T, d) by weights (T,) that are MGDA's for other rows (T, m).

    Raises ValueError for what is not finite and for unequal numbers of rows.

    >>> print(*direction([(3, 1), (-1, -1)], representation_jacobian=[(1, 1), (1, -1)]).exact)
    1 0
    """
    gradients = rational.jacobian(jacobian)
    shared = rational.jacobian(representation_jacobian, "representation_jacobian")
    if shared.tasks != gradients.tasks:
        message = (
            "representation_jacobian must have one row for each task "
            f"(got {shared.tasks} for {gradients.tasks} tasks)"
        )
        raise ValueError(message)
    weights = minimum_norm(shared.gramian())
    if _is_unique(gradients.gramian(), shared.gramian(), weights):
        outputs = {"direction": gradients.combine(weights), "weights": weights}
        return Answer(Kind.EXACT, outputs)

    def members(vector: Vector) -> bool:
        return _is_member(gradients, shared, weights, vector)

    reason = "the weights are not unique, and the gradients by the parameters tell them apart"
    return Answer(Kind.SET, reason=reason, members=members)


def _is_unique(gramian: fmpq_mat, shared: fmpq_mat, weights: RationalVector) -> bool:
    """Whether all weights that give the shortest vector of the hull give one direction."""
    tasks = range(gramian.nrows())
    sides = shared * fmpq_mat(len(weights), 1, weights)
    square = sum((weights[i] * sides[i, 0] for i in tasks), fmpq(0))
    touching = [task for task in tasks if sides[task, 0] == square]
    positive = [task for task in tasks if weights[task] > 0]
    return same_image(gramian, weights, free(shared, positive, touching))


def _is_member(
    gradients: Jacobian, shared: Jacobian, weights: RationalVector, vector: Vector
) -> bool:
    """Whether (x, shortest vector) lies in the hull of the pairs of rows."""
    point = [near_rational(number) for number in vector]
    column = shared.gramian() * fmpq_mat(len(weights), 1, weights)
    square = sum((w * column[i, 0] for i, w in enumerate(weights)), fmpq(0))
    own: Number = inner(point, point)
    ours = [near_rational(side) for side in products(gradients, point)]
    sides = [side + column[task, 0] for task, side in enumerate(ours)]
    return in_hull(gradients.gramian() + shared.gramian(), sides, near_rational(own) + square)
