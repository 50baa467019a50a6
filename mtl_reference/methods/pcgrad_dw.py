"""PCGrad-DW(alpha): PCGrad's gradients, weighed by powers of how far their sum carries each task.

[GradOPS25] Gradient Deconfliction via Orthogonal Projections onto Subspaces For Multi-task
Learning, WSDM 2025, arXiv 2503.03438, section 4.5: equations (3) to (5) on PCGrad's output.

With PCGrad's gradients v_j and G = sum_j v_j, R_i = |<G, g_i>| / n_i on the original gradients,
w_i = R_i^alpha over the mean of these powers, and d = sum_i w_i v_i. The v_i are rational, given
the orders; the field is that of GradOPS for the same alpha.

*Departures*
1. |R_i| stands where the text of the paper is lost, as in DW.
2. The orders are an argument. Without them the answer is what all orders share, or a set: told by
   ``members`` for at most 4 tasks.

*Degenerate cases* are those of DW. R_i = 0 for some tasks, not all, with alpha < 0 is *undefined*.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector, decide
from mtl_reference.method import Answer, Kind, Method, Orders, Parameter, finite
from mtl_reference.methods import pcgrad
from mtl_reference.methods.dw import shared
from mtl_reference.pairing import combine, difference
from mtl_reference.rational import Jacobian, RationalVector, Rows, jacobian

METHOD = Method(
    id="pcgrad_dw",
    paper="[GradOPS25] Gradient Deconfliction via Orthogonal Projections (2025), section 4.5",
    number_field="Q for even integer alpha, sums of square roots for odd, else balls",
    parameters=(Parameter("alpha", 0.0, "favours dominating tasks (> 0) or dominated ones (< 0)"),),
    outputs=("direction", "weights"),
    randomness=("orders",),
)


def direction(rows: Rows, *, orders: Orders | None = None, alpha: float = 0.0) -> Answer:
    """Weighted sum of PCGrad's gradients of the rows (T, d), with the weights (T,).

    Raises ValueError as `pcgrad`, and for an alpha that is not finite.

    >>> print(*direction([(1, 0), ("-1/2", 1)], orders=[[1], [0]], alpha=2).exact)
    32/45 22/15
    """
    power = finite("alpha", alpha)
    gradients = jacobian(rows)
    known = pcgrad.direction(gradients, orders=orders)
    if known.kind is Kind.SET:
        return Answer(
            Kind.SET,
            reason=known.reason,
            members=lambda vector: _reached(gradients, power, vector),
        )
    projected = cast("Sequence[RationalVector]", known.outputs["task_gradients"])
    return _weighed(gradients, projected, power)


def _weighed(gradients: Jacobian, projected: Sequence[RationalVector], alpha: fmpq) -> Answer:
    """Equations (3) to (5) [GradOPS25] on PCGrad's gradients."""
    modified = jacobian(projected)
    sides = gradients.products(modified.combine([fmpq(1)] * gradients.tasks))
    gramian = gradients.gramian()
    squares = [gramian[task, task] for task in range(gradients.tasks)]
    weights = shared(sides, squares, alpha)
    if weights is None:
        task = next(t for t, side in enumerate(sides) if side == 0 and squares[t] != 0)
        reason = f"the projection of task {task} is 0, which has no power alpha = {alpha} < 0"
        return Answer(Kind.UNDEFINED, reason=reason)
    outputs = {"direction": combine(modified, weights), "weights": weights}
    return Answer(Kind.EXACT, outputs)


def _reached(gradients: Jacobian, alpha: fmpq, vector: Vector) -> bool:
    """Whether some orders give the vector; ValueError above 4 tasks."""
    return any(
        all(decide(rest) in {0, None} for rest in difference(answer.exact, vector))
        for answer in _answers(gradients, alpha)
    )


def _answers(gradients: Jacobian, alpha: fmpq) -> Iterator[Answer]:
    """What all orders give, where it is defined."""
    if gradients.tasks > pcgrad.DIRECTION_TASKS:
        message = (
            f"members are decided for at most {pcgrad.DIRECTION_TASKS} tasks "
            f"(got {gradients.tasks})"
        )
        raise ValueError(message)
    found = (pcgrad.outcomes(gradients, task) for task in range(gradients.tasks))
    for choice in product(*found):
        answer = _weighed(gradients, [outcome.gradient for outcome in choice], alpha)
        if answer.kind is Kind.EXACT:
            yield answer
