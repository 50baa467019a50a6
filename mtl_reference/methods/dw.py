"""DW(alpha): the gradients, weighed by powers of how far their sum carries each task.

[GradOPS25] Gradient Deconfliction via Orthogonal Projections onto Subspaces For Multi-task
Learning, WSDM 2025, arXiv 2503.03438, section 4.5: equations (3) to (5) on raw gradients.

With G = sum_j g_j, R_i = |<G, g_i>| / n_i and w_i = R_i^alpha over the mean of these powers, so
that the weights add up to T. The field is that of GradOPS: Q for even integers alpha, sums of
square roots for odd ones, balls for the rest and for large integers.

*Departures*
1. The quantity that the paper puts in the place of R_i, so that powers exist where a projection is
   negative, is read as its absolute value; the text that would say so is lost.
2. 0^0 is 1: alpha = 0 gives the sum.

*Degenerate cases*
a zero row has the weight 1, and the others' weights average to 1 among themselves.
the sum is 0: all R_i are, and the direction is 0 with weights 1, for every alpha.
some R_i = 0, not all, and alpha < 0: a power of 0 that does not exist; *undefined*.
"""

from collections.abc import Sequence

from flint import fmpq

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Answer, Kind, Method, Parameter, finite
from mtl_reference.pairing import added, combine
from mtl_reference.rational import Rows, jacobian
from mtl_reference.transcendental import power

METHOD = Method(
    id="dw",
    paper="[GradOPS25] Gradient Deconfliction via Orthogonal Projections (2025), section 4.5",
    number_field="Q for even integer alpha, sums of square roots for odd, else balls",
    parameters=(Parameter("alpha", 0.0, "favours dominating tasks (> 0) or dominated ones (< 0)"),),
    outputs=("direction", "weights"),
)


def direction(rows: Rows, *, alpha: float = 0.0) -> Answer:
    """Weighted sum of the rows (T, d), with the weights (T,).

    Raises ValueError for a jacobian or an alpha that is not finite.

    >>> print(*direction([(3, 0), (0, 1)], alpha=2).exact)
    27/5 1/5
    """
    exponent = finite("alpha", alpha)
    gradients = jacobian(rows)
    sides = gradients.products(gradients.combine([fmpq(1)] * gradients.tasks))
    gramian = gradients.gramian()
    squares = [gramian[task, task] for task in range(gradients.tasks)]
    weights = shared(sides, squares, exponent)
    if weights is None:
        task = next(t for t, side in enumerate(sides) if side == 0 and squares[t] != 0)
        reason = f"the projection of task {task} is 0, which has no power alpha = {exponent} < 0"
        return Answer(Kind.UNDEFINED, reason=reason)
    outputs = {"direction": combine(gradients, weights), "weights": weights}
    return Answer(Kind.EXACT, outputs)


def shared(sides: Sequence[fmpq], squares: Sequence[fmpq], alpha: fmpq) -> Vector | None:
    """Equations (3) to (5) [GradOPS25] with |R_i|, from <G, g_i> and n_i^2; None: undefined."""
    weights: list[Number] = [fmpq(1)] * len(sides)
    pairs = enumerate(zip(sides, squares, strict=True))
    lengths = {task: side * side / square for task, (side, square) in pairs if square != 0}
    if alpha == 0 or len(set(lengths.values())) <= 1:  # 0^0 = 1; equal projections, 0 among them
        return tuple(weights)
    if alpha < 0 and 0 in lengths.values():
        return None
    top = (max if alpha > 0 else min)(lengths.values())  # its power is the largest
    powers = {task: power(square / top, alpha / 2) for task, square in lengths.items()}
    mean = added(list(powers.values())) / fmpq(len(powers))
    for task, share in powers.items():
        weights[task] = share / mean
    return tuple(weights)
