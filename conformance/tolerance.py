"""The only file with tolerances: how far an honest answer may lie from the exact one, and why.

**The model.** A backend of unit roundoff u is granted the errors that no implementation through
the Gramian K avoids. Each entry K_ij, an inner product of length d, may move by (d + 2) u n_i n_j:
d products and d - 1 sums with relative error u each, and one rounding for the norms; n_i is the
length of row i. The final combination sum_i w_i g_i moves by u n_i |w_i| for each row. What falls
below the smallest numbers of the dtype is granted on top.

**Two sizes of one move.** (d + 2) u is what rounding can do at worst; what it does, with
overwhelming probability, grows like sqrt(d) u (Higham and Mary, A new approach to probabilistic
rounding error analysis, 2019). A *branch* is closed only if nothing that rounding can do turns
it: the worst case. A *bound* that is to catch wrong answers says what rounding does: sqrt(d + 2).

**The bound.** B = omega + sqrt(sum_{i<=j} |dx/dK_ij n_i n_j|^2 + sum_i |dx/dC_ii|^2) sqrt(d + 2),
with omega = sum_i |w_i| n_i. The moves are independent, so their effects add by squares. C_ii
moves K_ii by n_i^2 and holds the explicit norms, since a method that divides by norms may have
rounded them apart from the Gramian. The *scaled error* of an answer x is e = |x - x*| / (u B).

**Entry by entry.** A method that does not go through one Gramian (it weighs losses, drops signs,
sorts coordinates) is granted a move of each entry e of its real inputs by its own size times u,
each independent of the others, and the last rounding of each output:
B = |x| + sqrt(sum_e |dx/de e|^2) sqrt(n + 2), n the longest axis of an input. A product or a
quotient of entries with relative error u is that of entries moved by u; a sum of n terms with
their rounding errors is that of terms moved by sqrt(n) u with overwhelming probability, and by
(n + 2) u at worst, which is what closes a branch. A function such as exp or log is granted the
rounding of its argument and of its value. So is what else a method through the Gramian is given:
losses, preferences, uniforms move entry by entry beside the Gramian. An entry that is zero is
known without error.

**Steps.** A method with state is followed through all steps from the first: the quantities of each
step move, so that a bound holds what the errors of earlier steps do to this one.

**Several outputs.** Each has a bound of its own, made the same way; the scaled error of an answer
is the largest of its outputs'. Weights beside a direction may be told by no input, as where rows
depend on one another; they are judged by the direction that they give.

Nothing here is absolute: multiply the jacobian by a power of two, and every figure but the
underflow term follows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import inf, isfinite
from typing import Any, Final

from flint import arb, arb_mat, fmpq

from mtl_reference.enclosure import Number, Real, decide, enclose, real
from mtl_reference.rational import rational

LIMIT: Final = 30  # scaled error of grade A, as LAPACK's own tests allow
OUTCOMES: Final = 16  # combinations of open branches against which one answer is judged
RUNS: Final = 64  # combinations of open branches that are followed in search of the outcomes
DISTINCT: Final = 4  # scaled distance from which two outcomes are two answers and not one
TOO_WEAK: Final = fmpq(1, 5)  # share of undecided examples beyond which a job says nothing
BITS: Final = 400  # working precision of the balls behind a bound
STEP: Final = fmpq(1, 2**150)  # relative step of a derivative: leaves 250 bits, errs by 2^-150
_COMPARING: Final = (128, 512, 2048)  # bits at which a margin is compared with its allowance


@dataclass(frozen=True, slots=True)
class Format:
    """A binary float format: digits of the significand, range of normal exponents."""

    digits: int
    least: int
    largest: int

    @property
    def roundoff(self) -> fmpq:
        """The unit roundoff u: rounding to nearest moves a normal number by at most u of it."""
        return fmpq(1, 2**self.digits)

    @property
    def tiny(self) -> fmpq:
        """The smallest normal number."""
        return fmpq(2) ** self.least

    @property
    def underflow(self) -> fmpq:
        """The spacing of the subnormal numbers: what a product loses when it underflows."""
        return fmpq(2) ** (self.least - self.digits + 1)

    @property
    def huge(self) -> fmpq:
        """A power of two that the largest finite number reaches."""
        return fmpq(2) ** self.largest


FORMATS: Final[Mapping[str, Format]] = {
    "bfloat16": Format(8, -126, 127),
    "float32": Format(24, -126, 127),
    "float64": Format(53, -1022, 1023),
}


def roundoff(dtype: str) -> fmpq:
    """Unit roundoff of a dtype: 2^-53, 2^-24 or 2^-8.

    >>> roundoff("float32")
    1/16777216
    """
    return FORMATS[dtype].roundoff


def worst_case(width: int, dtype: str) -> fmpq:
    """Relative move of a Gramian entry at worst: (d + 2) u."""
    return (width + 2) * roundoff(dtype)


def likely(width: int) -> arb:
    """Relative move of a Gramian entry in units of u, with overwhelming probability."""
    return arb(width + 2).sqrt()


def bound(terms: arb, squares: arb, width: int) -> arb:
    """B: the combination's share (``terms``, omega) and the Gramian's, which adds by squares.

    ``squares`` is the sum of the squared first-order changes. Its ball may touch zero from below
    where the answer does not move at all, so its upper end is taken.
    """
    upper = squares.upper()
    return terms + (upper.sqrt() if upper > 0 else arb(0)) * likely(width)


def underflow(norms: Sequence[arb], width: int, dtype: str) -> arb:
    """What gradual underflow may add to B, in units of u.

    Each of the T d products of the combination loses at most one spacing eta of the subnormal
    numbers, so the vector loses at most T sqrt(d) eta. A weight below the normal range is off by
    at most eta, which moves the answer by n_i eta for each row.
    """
    eta = FORMATS[dtype].underflow
    loss = len(norms) * arb(width).sqrt() + sum(norms, arb(0))
    return loss * arb(eta / roundoff(dtype))


def entry_underflow(entries: int, sizes: Sequence[arb], dtype: str) -> arb:
    """What gradual underflow may add to B where each entry moves, in units of u.

    Each entry, and each product with an entry, loses at most one spacing eta of the subnormal
    numbers; a factor below the normal range is off by at most eta, which moves the answer by the
    size of what it multiplies.
    """
    eta = FORMATS[dtype].underflow
    loss = arb(entries) + sum((abs(size) for size in sizes), arb(0))
    return loss * arb(eta / roundoff(dtype))


def within_range(norms: Sequence[arb], dtype: str) -> bool:
    """Whether the dtype can hold the Gramian of rows of these lengths with its full precision.

    A product that underflows loses eta = 2 u tiny; that is below u n_i n_j if n_i n_j >= 2 tiny.
    A sum of T^2 products stays finite if T^2 n_i n_j stays below the largest number. Outside of
    it a failure of a gating law is undecided: what a paper does not ask can fail no method.
    """
    form, count = FORMATS[dtype], len(norms)
    low, high = arb(2 * form.tiny), arb(form.huge)
    squares = [norm * norm for norm in norms if not norm.is_zero()]
    return all(bool(low <= square) and bool(square * count * count <= high) for square in squares)


# Bounds of convex programs ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Program:
    """A convex program at its optimum: Gramian, lengths and weights of the rows, parameters."""

    gramian: arb_mat
    norms: Sequence[arb]
    weights: Sequence[arb]
    width: int
    dtype: str
    params: Mapping[str, Any]


def ceiling(method: str, program: Program, reach: arb | None = None) -> arb | None:
    """A bound on B that needs no derivative, for methods that minimise; None for the others.

    Near stationarity and at dependent rows the first order says too much, even infinity, and the
    minimum itself stays close: a minimum that moves little in value moves little in place.
    ``reach`` is what the method's trace tells of its weights; without it the method must be one
    of CEILINGS.
    """
    epsilon = arb(worst_case(program.width, program.dtype))
    if reach is not None:
        move = _shortest_move(reach, epsilon)
    elif method in CEILINGS:
        move = CEILINGS[method](program, epsilon)
    else:
        return None
    return omega(program.weights, program.norms) + move / arb(roundoff(program.dtype))


def _shortest_move(reach: arb, epsilon: arb) -> arb:
    """How far the shortest x = G'w may move, w over a convex set that rounding does not move.

    Such x form a convex set, whose nearest point to 0 is x*: |x - x*|^2 <= |x|^2 - |x*|^2 for all
    of them. w'Kw moves by at most epsilon (sum_i |w_i| n_i)^2, at most epsilon reach^2 for the best
    w of the Gramian and of the moved one. The moved one's is no worse for the moved Gramian, so
    |x|^2 - |x*|^2 <= 2 epsilon reach^2. Nothing is said of other w: programs that keep to an
    optimum of a moved Gramian are granted this, no others.
    """
    return reach * (2 * epsilon).sqrt()


def _cagrad_move(program: Program, epsilon: arb) -> arb:
    """How far CAGrad's answer may move.

    It maximises <g_w, .> on the ball of radius k = c |g0| about g0, so |x - x*|^2 <=
    2 k delta / |g_w|, delta the move of the dual's value. With n the largest and m the mean
    length: w'Kb moves by epsilon n m; |g0| = sqrt(b'Kb) by epsilon m^2 / (2 |g0|) and never by
    more than sqrt(epsilon) m; |g_w| likewise with n. The weights of the direction are
    1/T + (k / |g_w|) w, so their sum gives k / |g_w|. To that comes the move of the radius, and
    no two points of the ball are further apart than its diameter. CAGrad-Fast's rows lie in the
    hull of the rows, so that the same holds of its dual.
    """
    gramian, norms, c = program.gramian, program.norms, arb(rational(program.params["c"]))
    tasks = len(norms)
    centre = _length(gramian, [arb(fmpq(1, tasks))] * tasks)
    largest, mean = _largest(norms), sum(norms, arb(0)) / tasks
    grown = c * _root_move(centre, mean, epsilon)
    radius = c * centre
    ratio = sum(program.weights, arb(0)) - 1  # k / |g_w|
    shortest = radius / ratio
    delta = epsilon * largest * mean + grown * shortest
    delta += radius * _root_move(shortest, largest, epsilon)
    inside = (2 * ratio * delta).sqrt()
    diameter = (2 * radius).upper()
    return (min(diameter, inside)) + grown


# How far the answer of each method that minimises may move, in length.
CEILINGS: Final[Mapping[str, Callable[[Program, arb], arb]]] = {
    "cagrad": _cagrad_move,
    "cagrad_fast": _cagrad_move,
}


def _root_move(root: arb, length: arb, epsilon: arb) -> arb:
    """How far the root of a quadratic form moves that moves by epsilon length^2."""
    absolute = epsilon.sqrt() * length
    relative = epsilon * length * length / (2 * root)
    return min(absolute, relative)  # a nan is never the less, so never the minimum


def set_bound(norms: Sequence[arb], width: int, dtype: str, c: fmpq) -> arb:
    """B for CAGrad where g_w = 0: the answers are a set, told by <g_i, x> >= 0 within the ball.

    A solver that sees the moved Gramian keeps them up to the move of the dual's value, at most
    k sqrt(epsilon) n with n the largest length; as a length that is the ratio of the lengths
    times more. The root makes it large in units of u: near such inputs half the digits are lost.
    """
    known = [norm for norm in norms if not norm.is_zero()]
    if not known:
        return arb(0)
    smallest = reduce(arb.min, known)
    mean = sum(norms, arb(0)) / len(norms)
    root = arb(worst_case(width, dtype)).sqrt()
    spread = 1 + root * _largest(norms) / smallest / arb(roundoff(dtype))
    return mean + arb(c) * mean * spread


def omega(weights: Sequence[arb], norms: Sequence[arb]) -> arb:
    """Sum of the lengths of the terms of a combination."""
    return sum((abs(w) * norm for w, norm in zip(weights, norms, strict=True)), arb(0))


def _length(gramian: arb_mat, weights: Sequence[arb]) -> arb:
    """Length of a combination of the rows, sqrt(w'Kw)."""
    row = arb_mat(1, len(weights), list(weights))
    return (row * gramian * row.transpose())[0, 0].nonnegative_part().sqrt()


def _largest(norms: Sequence[arb]) -> arb:
    return reduce(arb.max, norms, arb(0))


# Verdicts on numbers ---------------------------------------------------------------------------


def claimed_limit(dtype: str, claim: float | None) -> fmpq:
    """Largest scaled error that a claim allows.

    A claim of accuracy a says that the backend computes as though u were a; its error is then at
    most a B, a scaled error of a / u. No claim, or one below working precision, allows 30.
    """
    limit = fmpq(LIMIT)
    if claim is None:
        return limit
    return max(limit, fmpq(*claim.as_integer_ratio()) / roundoff(dtype))


def grade(worst: float | None, dtype: str) -> str:
    """A, B, C or F from the worst scaled error; F where the error is not finite.

    A: e <= 30, an answer as good as its arithmetic. B: e <= max(30, u^-1/2), half of its digits.
    C: e <= max(B's limit, 0.01 / u), two digits. F: fewer.

    >>> [grade(error, "float64") for error in (0.4, 31.0, 1e9, 1e15)]
    ['A', 'B', 'C', 'F']
    """
    if worst is None:
        return "F"
    u = float(roundoff(dtype).p) / float(roundoff(dtype).q)
    half = max(float(LIMIT), u**-0.5)
    limits = {"A": float(LIMIT), "B": half, "C": max(half, 1e-2 / u)}
    return next((name for name, limit in limits.items() if worst <= limit), "F")


@dataclass(frozen=True, slots=True)
class Weighing:
    """A value against what is allowed: kept or not, and the share of the allowance left.

    ``margin`` is 1 for a value on the right side, 0 at the limit, negative beyond, and None
    (minus infinity) for a wrong value where nothing is allowed, or for one that is no number.
    """

    kept: bool
    margin: float | None


def satisfied(value: Number, *, zero: bool) -> bool:
    """Whether a residual holds as it stands, exactly, whatever error may be allowed."""
    if isinstance(value, Real):
        return False if zero else bool(value.enclosure(_COMPARING[0]) >= 0)
    sign = decide(value)
    return sign == 0 if zero else sign in {0, 1}


def weigh(value: Number, *, zero: bool, allowed: arb) -> Weighing:
    """Compare |value| (zero) or -value (not negative) with what is allowed, in balls.

    The allowance is a stated quantity, so its upper end is taken and the comparison is exact but
    for a value within 2^-2048 of it, which is not kept. nan is never kept.
    """
    most = allowed.upper()
    if satisfied(value, zero=zero):
        return Weighing(kept=True, margin=1.0)
    excess = abs(real(value)) if zero else -real(value)
    for bits in _COMPARING:
        ball = enclose(excess, bits)
        if ball <= most or ball > most:
            break
    kept = bool(ball <= most)
    left = 1 - ball / most if most > 0 else arb.nan()
    share = float(left.mid()) if left.is_finite() else -inf
    return Weighing(kept, min(1.0, share) if isfinite(share) else None)


def allowance(terms: Sequence[tuple[Number, Number, arb]]) -> arb:
    """What a margin may miss: sum of slope * radius + curvature * radius^2 over the outputs."""
    total = arb(0)
    for slope, curvature, radius in terms:
        total += abs(enclose(slope, _COMPARING[0])) * radius
        total += abs(enclose(curvature, _COMPARING[0])) * radius * radius
    return total
