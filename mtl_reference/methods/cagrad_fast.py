"""CAGrad-Fast: CAGrad over a few sampled tasks and the mean of all others.

[L21] B. Liu, X. Liu, X. Jin, P. Stone, Q. Liu, Conflict-Averse Gradient Descent for Multi-task
Learning, 2021, equation (4): max_d min(<r, d>, min over the sampled i of <g_i, d>) with
|d - g0| <= c |g0|, where r = (T g0 - sum of the sampled g_i) / (T - |S|) is the mean of the tasks
that are left out and g0 stays the mean of all.

The answer lies in Q(sqrt D), as CAGrad's does: it is CAGrad's on the rows g_i, i in S, and r, with
the ball about g0 = sum over S of g_i / T + (T - |S|) / T r.

*Departures*
1. With every task sampled r is 0/0. There is no r then, and the method is CAGrad.
2. The released code's loop starts one task too late: it drops a sampled task at every step and
   divides the rest by T - |S| + 1, so that the drop shows in r alone. The definition is followed.
3. Those of CAGrad.

*Weights* are the coefficients of d on the T rows: those left out share that of r evenly.

*Degenerate cases.* No task sampled: r = g0, and d = (1 + c) g0. Else those of CAGrad, with 0 in the
hull of the sampled rows and r.
"""

from collections.abc import Sequence

from flint import fmpq

from mtl_reference import rational
from mtl_reference.enclosure import Vector
from mtl_reference.method import Answer, Method, Parameter, finite
from mtl_reference.methods.cagrad import about
from mtl_reference.rational import Jacobian, Quotients, RationalVector, Rows
from mtl_reference.vectors import Combination

METHOD = Method(
    id="cagrad_fast",
    paper="[L21] Liu et al.: Conflict-Averse Gradient Descent (2021), equation (4)",
    number_field="Q(sqrt D)",
    parameters=(Parameter("c", 0.5, "radius of the ball about g0, in units of |g0|", minimum=0.0),),
    outputs=("direction", "weights"),
    randomness=("sample",),
)


def direction(jacobian: Rows, *, sample: Sequence[int], c: float = 0.5) -> Answer:
    """Answer for rows of shape (T, d) and zero-based sampled tasks, in any order.

    Raises ValueError for a jacobian that is not finite, for c < 0, and for a sample that names a
    task twice or one that there is not.

    >>> print(*direction([(2, 0), (0, 2), (0, 4)], sample=(0,), c=0).exact)
    2/3 2
    """
    radius = finite("c", c)
    if radius < 0:
        message = f"c must not be negative (got {c})"
        raise ValueError(message)
    gradients = rational.jacobian(jacobian)
    chosen = checked(sample, gradients.tasks)
    rest = [task for task in range(gradients.tasks) if task not in chosen]
    answer = about(*condensed(gradients, chosen), radius)
    if "weights" not in answer.outputs:
        return answer
    outputs = dict(answer.outputs)
    weights: Vector = outputs["weights"]  # type: ignore[assignment]  # a vector, not rows
    outputs["weights"] = spread(weights, chosen, rest)
    return Answer(answer.kind, outputs, answer.reason, answer.members)


def checked(sample: Sequence[int], tasks: int) -> tuple[int, ...]:
    """The sampled tasks in rising order; ValueError naming what is wrong with them."""
    chosen = tuple(sorted(int(task) for task in sample))
    if len(set(chosen)) < len(chosen) or not set(chosen) <= set(range(tasks)):
        message = f"sample must name tasks among 0 to {tasks - 1} once each (got {list(sample)})"
        raise ValueError(message)
    return chosen


def condensed(gradients: Jacobian, chosen: Sequence[int]) -> tuple[Jacobian, RationalVector]:
    """The sampled rows and the mean r of the others, and the coefficients of g0 on them."""
    tasks = gradients.tasks
    share, left = fmpq(1, tasks), tasks - len(chosen)
    rows = [gradients.row(task) for task in chosen]
    if left == 0:
        return rational.jacobian(rows), (share,) * tasks
    mean = [fmpq(0) if task in chosen else fmpq(1, left) for task in range(tasks)]
    remainder = gradients.combine(mean).entries
    return rational.jacobian([*rows, remainder]), (*(share for _ in chosen), left * share)


def spread(weights: Vector, chosen: Sequence[int], rest: Sequence[int]) -> Vector:
    """Weights on the sampled rows and r as weights (T,) on all rows."""
    if isinstance(weights, Combination):
        return weights.mapped(lambda part: Quotients.of(_spread(part, chosen, rest)))
    return tuple(_spread(weights, chosen, rest))


def _spread(weights: Sequence, chosen: Sequence[int], rest: Sequence[int]) -> list:  # type: ignore[type-arg]  # numbers of any field
    """The same for numbers that are told one by one."""
    told = dict(zip(chosen, weights, strict=False))
    told |= {task: weights[len(chosen)] * fmpq(1, len(rest)) for task in rest}
    return [told[task] for task in range(len(told))]
