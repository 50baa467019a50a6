"""GradOPS-static: the gradients that GradOPS modifies, with weights that are given.

[GradOPS25] Gradient Deconfliction via Orthogonal Projections onto Subspaces For Multi-task
Learning, WSDM 2025, arXiv 2503.03438, section 4.4.

The modified gradients g'_i are GradOPS's, rational, and d = sum_i w_i g'_i with constant weights
w_i >= 0 that add up to T. The paper tries 100 of them; which ones is lost.

*Departures*
1. A conflicting gradient in the span of the others becomes the MGDA direction, GradOPS's fallback.
2. A number may stand for all weights: it must be 1, which gives GradOPS with alpha = 0. The
   weights' sum, rounded to binary64, must be T, so that decimal weights may be given.

*Degenerate cases* are those of GradOPS. Nothing is undefined.
"""

from collections.abc import Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector, round_float64
from mtl_reference.method import Answer, Kind, Method, Parameter, finite
from mtl_reference.methods import gradops
from mtl_reference.rational import RationalVector, Rows, jacobian, numbers

METHOD = Method(
    id="gradops_static",
    paper="[GradOPS25] Gradient Deconfliction via Orthogonal Projections (2025), section 4.4",
    number_field="Q",
    parameters=(
        Parameter("weights", 1.0, "weights >= 0 that add up to T, one a task", 0.0, shape=("T",)),
    ),
    outputs=("direction", "task_gradients"),
)


def direction(rows: Rows, *, weights: float | Sequence[float] = 1.0) -> Answer:
    """Weighted sum of the modified rows (T, d), and these (T, d).

    Raises ValueError for a jacobian or weights that are not finite, and for weights that are
    negative, that are not T, or do not add up to T.

    >>> print(*direction([(1, 0), ("-1/2", 1)], weights=(0.5, 1.5)).exact)
    2/5 17/10
    """
    gradients = jacobian(rows)
    shares = given(weights, gradients.tasks)
    modified = gradops.direction(gradients).outputs["task_gradients"]
    table = jacobian(cast("Sequence[Vector]", modified))  # type: ignore[arg-type]  # rationals
    outputs = {"direction": table.combine(shares), "task_gradients": modified}
    return Answer(Kind.EXACT, outputs)


def given(weights: float | Sequence[float], tasks: int) -> RationalVector:
    """The weights (T,), exact; ValueError as `direction`."""
    if isinstance(weights, Sequence):
        shares = numbers("weights", weights)
    else:
        shares = (finite("weights", weights),) * tasks
    if len(shares) != tasks:
        message = f"weights must be one for each of {tasks} tasks (got {len(shares)})"
        raise ValueError(message)
    if any(share < 0 for share in shares):
        message = f"weights must not be negative (got {weights})"
        raise ValueError(message)
    total = round_float64(sum(shares, fmpq(0)))
    if total != tasks:
        message = f"weights must add up to {tasks} (got {total})"
        raise ValueError(message)
    return shares
