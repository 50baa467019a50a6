"""GradOPS: each conflicting gradient, projected off the span of all others; then reweighted.

[GradOPS25] Gradient Deconfliction via Orthogonal Projections onto Subspaces For Multi-task
Learning, WSDM 2025, arXiv 2503.03438, equations (1) to (5) and Algorithm 1.

The modified gradients are rational: projections solve linear systems in the Gramian. The weights
are powers R_i^alpha of projections R_i = q_i / n_i, so their field depends on alpha: Q for even
integers, sums of square roots for odd ones, refinable balls for the rest (and for integers
beyond 64, whose exact powers are too long to be of use). alpha is the exact rational that its
float stands for. Where all R_i are equal the weights are 1 whatever alpha is.

*Departures*
1. Gram-Schmidt, equations (1) and (2), is replaced by the projection that it computes: the basis
   does not matter, and dependent rows need no special care.
2. R_i is the scalar projection on g_i, and r_i averages to 1; the paper's text fixes both only in
   words.
3. A conflicting gradient in the span of the others projects to 0. With fallback "mgda" it becomes
   the MGDA direction, which the paper suggests; with "none" it stays 0, and the method may stop
   short of Pareto stationarity (three unit vectors at 0, 5 and 100 degrees).
4. 0^0 is 1: alpha = 0 gives weights 1, always.

*Degenerate cases*
a zero row conflicts with nobody: its modified gradient is 0 and its weight 1, and the others'
projections and weights average to 1 among themselves.
all modified gradients 0: the direction is 0 and the weights are 1, for every alpha.
some R_i = 0, not all, and alpha < 0: a power of 0 that does not exist; *undefined*.
For three or more tasks the method jumps where a pair begins to conflict, and for two where a
row vanishes: (1, 0), (-e, 0) gives (0, 0) for e > 0 and (1, 0) for e = 0.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from flint import arb, fmpq, fmpq_mat

from mtl_reference.enclosure import Number, Real, Vector
from mtl_reference.method import Answer, Kind, Method, Outputs, Parameter, chosen, finite
from mtl_reference.methods import mgda
from mtl_reference.pairing import added, combine, inner
from mtl_reference.rational import Jacobian, RationalVector, Rows, jacobian
from mtl_reference.surd import sqrt

FALLBACKS: Final = ("mgda", "none")

METHOD = Method(
    id="gradops",
    paper="[GradOPS25] Gradient Deconfliction via Orthogonal Projections onto Subspaces (2025)",
    number_field="Q for even integer alpha, sums of square roots for odd, else balls",
    parameters=(
        Parameter("alpha", 0.0, "favours dominating tasks (> 0) or dominated ones (< 0)"),
        Parameter(
            "fallback", "mgda", "what a gradient in the others' span becomes", None, FALLBACKS
        ),
    ),
    outputs=("direction", "task_gradients", "weights"),
)

_EXACT_POWERS: Final = 64  # the largest integer alpha whose powers are kept exact


def direction(rows: Rows, *, alpha: float = 0.0, fallback: str = "mgda") -> Answer:
    """Weighted sum of the modified rows (T, d), with the weights (T,) and the modified rows.

    Raises ValueError for a jacobian or an alpha that is not finite, and an unknown fallback.

    >>> print(*direction([(1, 0), ("-1/2", 1)], alpha=2).exact)
    32/45 22/15
    """
    power = finite("alpha", alpha)
    chosen("fallback", fallback, FALLBACKS)
    gradients = jacobian(rows)
    gramian = gradients.gramian()
    coefficients = _modified(gradients, gramian, fallback)
    squares = _projections(gramian, coefficients)
    weights = _weights(gramian, squares, power)
    if weights is None:
        task = next(t for t, q in enumerate(squares) if q == 0 and gramian[t, t] != 0)
        reason = f"the projection of task {task} is 0, which has no power alpha = {power} < 0"
        return Answer(Kind.UNDEFINED, reason=reason)
    columns = zip(*coefficients, strict=True)
    outputs: Outputs = {
        "direction": combine(gradients, [inner(column, weights) for column in columns]),
        "task_gradients": tuple(tuple(gradients.combine(row)) for row in coefficients),
        "weights": weights,
    }
    return Answer(Kind.EXACT, outputs)


def _modified(gradients: Jacobian, gramian: fmpq_mat, fallback: str) -> tuple[RationalVector, ...]:
    """The first half of Algorithm 1 [GradOPS25]: (T, T) coefficients of g'_i on the rows."""
    tasks = range(gradients.tasks)
    conflicting = [t for t in tasks if any(gramian[t, other] < 0 for other in tasks)]
    if gramian.det() != 0:
        inverse = gramian.inv()
        projected = {task: _dual(inverse, task) for task in conflicting}
    else:
        projected = {task: _off_the_span(gramian, task) for task in conflicting}
        stuck = [task for task, row in projected.items() if _square(gramian, row) == 0]
        if stuck:
            projected |= dict.fromkeys(stuck, _fallen_back(gradients, fallback))
    unmodified = {task: tuple(fmpq(int(task == index)) for index in tasks) for task in tasks}
    return tuple((unmodified | projected)[task] for task in tasks)


def _dual(inverse: fmpq_mat, task: int) -> RationalVector:
    """Equation (2) [GradOPS25] for independent rows: a column of K^-1, so that c_i = 1."""
    column = (inverse[index, task] for index in range(inverse.nrows()))
    return tuple(entry / inverse[task, task] for entry in column)


def _off_the_span(gramian: fmpq_mat, task: int) -> RationalVector:
    """Equation (2) [GradOPS25]: g_i less its projection on the span of the others.

    The coefficients y of the projection solve K_SS y = K_Si, which has a solution; those of rows
    that depend on rows before them are taken as 0.
    """
    tasks = gramian.nrows()
    others = [other for other in range(tasks) if other != task]
    system = fmpq_mat([[gramian[i, j] for j in (*others, task)] for i in others])
    reduced, rank = system.rref()
    coefficients = [fmpq(int(task == index)) for index in range(tasks)]
    for row in range(rank):
        pivot = next(column for column in range(tasks) if reduced[row, column] != 0)
        coefficients[others[pivot]] = -reduced[row, tasks - 1]
    return tuple(coefficients)


def _square(gramian: fmpq_mat, coefficients: RationalVector) -> fmpq:
    """The squared length of a combination of the rows."""
    vector = fmpq_mat(len(coefficients), 1, coefficients)
    return (vector.transpose() * gramian * vector)[0, 0]


def _fallen_back(gradients: Jacobian, fallback: str) -> RationalVector:
    """What a conflicting gradient in the span of the others becomes: weights on the rows."""
    if fallback == "none":
        return (fmpq(0),) * gradients.tasks
    weights = mgda.direction(gradients).outputs["weights"]
    return tuple(weight for weight in weights if isinstance(weight, fmpq))


def _projections(gramian: fmpq_mat, coefficients: Sequence[RationalVector]) -> tuple[fmpq, ...]:
    """q_i = <G', g_i> with G' = sum_j g'_j: what equation (3) [GradOPS25] divides by n_i."""
    summed = [sum(column, fmpq(0)) for column in zip(*coefficients, strict=True)]
    return tuple((gramian * fmpq_mat(len(summed), 1, summed)).entries())


def _weights(gramian: fmpq_mat, sides: Sequence[fmpq], alpha: fmpq) -> Vector | None:
    """Equations (4) and (5) [GradOPS25]; the mean of (4) cancels in (5). None: undefined."""
    tasks = len(sides)
    active = [task for task in range(tasks) if gramian[task, task] != 0]
    squares = {task: sides[task] * sides[task] / gramian[task, task] for task in active}
    weights: list[Number] = [fmpq(1)] * tasks
    if alpha == 0 or len(set(squares.values())) <= 1:  # 0^0 = 1; equal projections, 0 among them
        return tuple(weights)
    if alpha < 0 and any(square == 0 for square in squares.values()):
        return None
    exact = alpha.q == 1 and abs(alpha) <= _EXACT_POWERS
    top = (max if alpha > 0 else min)(squares.values())  # its power is the largest
    power = partial(_exact_power, alpha=alpha) if exact else partial(_power, top=top, alpha=alpha)
    powers = {task: power(square) for task, square in squares.items()}
    mean = added(list(powers.values())) / fmpq(len(active))
    for task in active:
        weights[task] = powers[task] / mean
    return tuple(weights)


def _exact_power(square: fmpq, alpha: fmpq) -> Number:
    """R^alpha for R = sqrt(square) >= 0, where it exists, and an integer alpha."""
    if square == 0:
        return fmpq(0)
    half, odd = divmod(int(alpha.p), 2)
    return square**half * sqrt(square) if odd else square**half


def _power(square: fmpq, top: fmpq, alpha: fmpq) -> Number:
    """(R / R_top)^alpha <= 1, so that no alpha leaves the range of balls."""
    if square == 0:
        return fmpq(0)
    return Real(lambda _: (arb(square / top).log() * arb(alpha / 2)).exp())
