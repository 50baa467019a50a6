"""IMTL: losses scaled by IMTL-L, then combined by IMTL-G with equal projections.

[LLKXCYLZ21] L. Liu, Y. Li, Z. Kuang, J.-H. Xue, Y. Chen, W. Yang, Q. Liao, W. Zhang, Towards
Impartial Multi-task Learning, 2021, Algorithm 1.

The rows e^s_i g_i of the scaled losses are given to IMTL-G. Their unit vectors are those of the
g_i, so that with c_i on the raw rows the conditions are K c = t n and sum_i c_i e^-s_i = 1: scaling
changes nothing but the length. The answer is a quotient of sums of square roots at IMTL-L's
optimum, where e^-s_i = L_i, and holds powers of e where other scales are given.

*Departures*
1. ``scales="optimum"`` (default) takes s from the losses; ``"given"`` takes it as it is, for one
   step of the training of s that the paper makes. Either leaves one of the inputs unread.
2. Those of IMTL-G, whose cases of dependent rows are decided here in the same way.

*Undefined* at the optimum where a loss is not positive, and where IMTL-G is: a zero row, or no
combination that meets the conditions. Powers of e with distinct rational exponents are independent
over the algebraic numbers (Lindemann and Weierstrass): a sum of numbers times e^-s_i is 0 only if
the numbers with equal s_i add up to 0. So every case is decided exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flint import fmpq, fmpq_mat

from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.method import Answer, Kind, Method, Parameter, chosen
from mtl_reference.pairing import combine, inner, times
from mtl_reference.rational import Jacobian, Rows, jacobian, nullspace
from mtl_reference.surd import sqrt
from mtl_reference.transcendental import exponential
from mtl_reference.weighting import Values, first, for_each_task

SCALES: Final = ("optimum", "given")

METHOD = Method(
    id="imtl",
    paper="[LLKXCYLZ21] Liu et al.: Towards Impartial Multi-task Learning (2021), Algorithm 1",
    number_field="quotients of sums of square roots; balls where scales are given",
    parameters=(Parameter("scales", "optimum", "the best scales, or those given", None, SCALES),),
    inputs=("jacobian", "losses", "log_scales"),
    outputs=("direction", "weights"),
)


def direction(
    rows: Rows,
    *,
    losses: Values | None = None,
    log_scales: Values | None = None,
    scales: str = "optimum",
) -> Answer:
    """Direction (d,) and weights (T,) on the raw rows (T, d), from losses (T,) or scales s (T,).

    Losses or scales that are left out are 1 and 0. ValueError for numbers that are not finite,
    unequal lengths and an unknown choice.

    >>> print(*direction([(2, 0), (0, 2)], losses=[1, 3]).exact)
    1/2 1/2
    """
    chosen("scales", scales, SCALES)
    gradients = jacobian(rows)
    gramian, tasks = gradients.gramian(), gradients.tasks
    best = scales == "optimum"
    values = (fmpq(1),) * tasks if losses is None else for_each_task("losses", losses, tasks)
    logs = (
        (fmpq(0),) * tasks if log_scales is None else for_each_task("log_scales", log_scales, tasks)
    )
    unscaled = first(values, fmpq(0)) if best else None
    if unscaled is not None:
        return Answer(Kind.UNDEFINED, reason=f"losses[{unscaled}] is not positive")
    zero = next((task for task in range(tasks) if gramian[task, task] == 0), None)
    if zero is not None:
        return Answer(Kind.UNDEFINED, reason=f"row {zero} is zero and has no direction")
    none = [fmpq(0)] * tasks
    return _impartial(gradients, Prices(values, none) if best else Prices([fmpq(1)] * tasks, logs))


@dataclass(frozen=True, slots=True)
class Prices:
    """What a unit of each row's weight costs: shares (T,) times e to minus exponents (T,)."""

    shares: Sequence[fmpq]
    exponents: Sequence[fmpq]

    @property
    def numbers(self) -> Vector:
        """The prices themselves."""
        pairs = zip(self.shares, self.exponents, strict=True)
        return tuple(share * exponential(-exponent) for share, exponent in pairs)

    def none_for(self, weights: Vector) -> bool:
        """Whether algebraic weights cost nothing: those of equal exponents add up to 0."""
        sums: dict[fmpq, Number] = {}
        for weight, share, exponent in zip(weights, self.shares, self.exponents, strict=True):
            sums[exponent] = sums.get(exponent, fmpq(0)) + weight * share
        return all(decide(each) == 0 for each in sums.values())


def _impartial(gradients: Jacobian, prices: Prices) -> Answer:
    """The combination with equal projections on all rows whose weights cost 1."""
    gramian = gradients.gramian()
    null = nullspace(gramian)
    projector = _projector(gramian)
    lengths = tuple(sqrt(gramian[task, task]) for task in range(gradients.tasks))
    free = not all(prices.none_for(vector) for vector in null)
    if any(decide(entry) != 0 for entry in times(projector, lengths)):
        if not free:
            reason = "no combination whose weights cost 1 has equal projections"
            return Answer(Kind.UNDEFINED, reason=reason)
        return _priced(gradients, times(projector, prices.numbers), prices, vanishing=True)
    shape = times((gramian + projector).inv(), lengths)  # K^+ n, as n is in the range of K
    if free:
        return _multiples(combine(gradients, shape))
    if prices.none_for(shape):
        reason = "every combination with equal projections has weights that cost nothing"
        return Answer(Kind.UNDEFINED, reason=reason)
    return _priced(gradients, shape, prices, vanishing=False)


def _priced(gradients: Jacobian, shape: Vector, prices: Prices, *, vanishing: bool) -> Answer:
    """The multiple of a shape that costs 1; null weights give the direction 0."""
    cost = inner(shape, prices.numbers)
    weights = tuple(entry / cost for entry in shape)
    zero: Vector = (fmpq(0),) * gradients.width
    found = zero if vanishing else combine(gradients, weights)
    return Answer(Kind.EXACT, {"direction": found, "weights": weights})


def _projector(gramian: fmpq_mat) -> fmpq_mat:
    """The orthogonal projector (T, T) on the null space Z: Z (Z'Z)^-1 Z'."""
    basis = nullspace(gramian)
    if not basis:
        return fmpq_mat(gramian.nrows(), gramian.ncols())
    columns = fmpq_mat([list(vector) for vector in basis]).transpose()
    return columns * (columns.transpose() * columns).inv() * columns.transpose()


def _multiples(shape: Vector) -> Answer:
    """All multiples of ``shape``, which has projection 1 on every row."""
    place = next(k for k, entry in enumerate(shape) if decide(entry) != 0)

    def member(vector: Vector) -> bool:
        pairs = zip(shape, vector, strict=True)
        crossed = (a * vector[place] - shape[place] * b for a, b in pairs)
        return all(decide(entry) in {0, None} for entry in crossed)

    reason = "the common projection is free: every multiple of one vector is an answer"
    return Answer(Kind.SET, reason=reason, members=member)
