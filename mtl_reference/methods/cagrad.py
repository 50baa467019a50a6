"""CAGrad: the direction near the mean gradient whose worst local improvement is largest.

[L21] B. Liu, X. Liu, X. Jin, P. Stone, Q. Liu, Conflict-Averse Gradient Descent for Multi-task
Learning, 2021: max_d min_i <g_i, d> with |d - g0| <= c |g0|, g0 the mean of the gradients.

The answer lies in Q(sqrt D): on a support all conditions but the radius are linear (ascent.py).

*When the answer is unique.* Let d be feasible with d - g0 = G'v, v >= 0 not 0, |d - g0| = c |g0|
and <g_j, d> >= level, with equality where v_j > 0. For w = v / sum v and any d' in the ball,
min_i <g_i, d'> <= <G'w, d'> <= <G'w, d> = level, and a linear form has its maximum on a ball at
one point: d is the only answer. Such a d exists iff the ball does not reach past the level 0
with 0 in the hull: the point of {Gd >= level} nearest to g0 moves away without bound as the
level rises if 0 is not in the hull; if it is, no level above 0 can be met, so that either the
cone {Gd >= 0} is not nearer to g0 than c |g0|, and d is reached on the way, or the best level is
0 and every d of the cone within the ball is an answer. That happens for c < 1 too: the rows
(1, 0), (-1, 0), (0, 1).

*Departures*
1. Any c >= 0, where [L21] restricts c to [0, 1). The emitted vector is d itself; the released
   code divides it by 1 + c^2 or 1 + c and multiplies by T, which leaves the ball.
2. Where G'w = 0 at the optimum, the closed form of [L21] is 0/0. The definition is followed.

*Weights* are the coefficients of d on the rows. The dual optimum w of [L21], on the simplex, is
v = weights - 1/T divided by its sum, where that is not 0.

*Degenerate cases.* c = 0: g0. g0 = 0: 0. One task: (1 + c) g. Best level 0 within the ball: a
*set*, told by its predicate; the cone may hold 0 alone, and then the answer is 0.
"""

from flint import fmpq, fmpq_mat

from mtl_reference import rational
from mtl_reference.ascent import Ascent, steepest
from mtl_reference.enclosure import Vector, decide
from mtl_reference.method import Answer, Kind, Method, Outputs, Parameter, finite
from mtl_reference.pairing import difference, inner, products
from mtl_reference.rational import Jacobian, Quotients, RationalVector, Rows
from mtl_reference.simplex import least_distance
from mtl_reference.vectors import Combination

METHOD = Method(
    id="cagrad",
    paper="[L21] Liu et al.: Conflict-Averse Gradient Descent for Multi-task Learning (2021)",
    number_field="Q(sqrt D)",
    parameters=(Parameter("c", 0.5, "radius of the ball about g0, in units of |g0|", minimum=0.0),),
    outputs=("direction", "weights"),
)


def direction(jacobian: Rows, *, c: float = 0.5) -> Answer:
    """Answer for rows of shape (T, d): direction d = G'weights (d,), weights 1/T + v_i (T,).

    Raises ValueError for a jacobian that is not finite and for c < 0.

    >>> print(*direction([(2, 0), (0, 2)], c=1).exact)
    2 2
    """
    radius = finite("c", c)
    if radius < 0:
        message = f"c must not be negative (got {c})"
        raise ValueError(message)
    gradients = rational.jacobian(jacobian)
    share = fmpq(1, gradients.tasks)
    return about(gradients, (share,) * gradients.tasks, radius)


def about(gradients: Jacobian, centre: RationalVector, radius: fmpq) -> Answer:
    """The best direction in the ball about g0 = G'centre, of radius c |g0|, for given c."""
    gramian, tasks = gradients.gramian(), gradients.tasks
    offsets = tuple((gramian * fmpq_mat(tasks, 1, centre)).entries())  # <g_i, g0>
    square = radius * radius * rational.inner(centre, offsets)  # c^2 |g0|^2
    if square == 0:
        return Answer(Kind.EXACT, {"direction": gradients.combine(centre), "weights": centre})
    ascent = steepest(gramian, offsets, square)
    if ascent is None:
        return _level_zero(gradients, centre, offsets, square)
    return _on_the_sphere(gradients, centre, ascent)


def _on_the_sphere(gradients: Jacobian, centre: RationalVector, ascent: Ascent) -> Answer:
    """The vector g0 + G'v, linear in the level: two rational vectors, made from the rows."""
    constant = [m + v for m, v in zip(centre, ascent.constant, strict=True)]
    if isinstance(ascent.level, fmpq):
        shares = zip(constant, ascent.slope, strict=True)
        weights = tuple(v + ascent.level * x for v, x in shares)
        return Answer(Kind.EXACT, {"direction": gradients.combine(weights), "weights": weights})
    parts = (Quotients.of(constant), Quotients.of(ascent.slope))
    told = Combination((fmpq(1), ascent.level), parts)
    outputs: Outputs = {"direction": told.mapped(gradients.combine), "weights": told}
    return Answer(Kind.EXACT, outputs)


def _level_zero(
    gradients: Jacobian, centre: RationalVector, offsets: RationalVector, square: fmpq
) -> Answer:
    """All d with Gd >= 0 in the ball; 0 alone where no other d has Gd >= 0."""
    gramian = gradients.gramian()
    if gramian.rank() == gradients.width and _has_no_ascent(gramian):
        multipliers = least_distance(gramian, tuple(-m for m in offsets)) or ()
        weights = tuple(m + v for m, v in zip(centre, multipliers, strict=True))
        return Answer(Kind.EXACT, {"direction": gradients.combine(weights), "weights": weights})
    middle = gradients.combine(centre)

    def members(vector: Vector) -> bool:
        offset = difference(vector, middle)
        inside = decide(square - inner(offset, offset)) != -1
        return inside and all(decide(side) != -1 for side in products(gradients, vector))

    reason = "the best level is 0: every d in the ball with <g_i, d> >= 0 for all i is an answer"
    return Answer(Kind.SET, reason=reason, members=members)


def _has_no_ascent(gramian: fmpq_mat) -> bool:
    """Whether Gd >= 0 holds only where Gd = 0: no d has Gd >= 0 and <g_i, d> >= 1 for some i."""
    tasks = gramian.nrows()
    units = (tuple(fmpq(int(i == j)) for j in range(tasks)) for i in range(tasks))
    return all(least_distance(gramian, unit) is None for unit in units)
