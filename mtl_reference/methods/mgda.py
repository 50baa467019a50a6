"""MGDA: the shortest vector in the convex hull of the gradients, or the weights of another hull.

[SK18] O. Sener, V. Koltun, Multi-Task Learning as Multi-Objective Optimization, 2018; after
[D12] J.-A. Desideri, Multiple-gradient descent algorithm (MGDA) for multiobjective
optimization, 2012.

With normalization "none" the answer lies in Q: the shortest vector of a face solves a linear system
in the Gramian, and which face it is, is decided by exact signs. The direction is unique. The
weights need not be: where rows depend on each other those returned are some of the right ones, so
compare directions.

Other normalizations divide the rows g_i by s_i before the hull is formed: "l2" by n_i = |g_i|,
"loss" by the loss L_i, "loss+" by L_i n_i. On a support the weights are s_i (K^-1 s)_i over their
sum: rationals for "loss", else quotients of sums of square roots, whose signs are exact too.

*Departures*
1. The exact minimum, for any number of tasks; [SK18] stop a Frank-Wolfe iteration early.
2. The weights of the normalised rows combine the *raw* rows, as the released code weighs the raw
   losses with them. So d is not the shortest vector of any hull, and may raise a loss.
3. Losses must be positive where they are divided by; the released code divides by any.

*Degenerate cases.* "none": at a Pareto-stationary point, where the hull holds 0 (a zero row among
them), the direction is 0. A single task gives its own gradient. Nothing is undefined.
Others: a zero row with "l2" or "loss+", or a loss that is not positive: *undefined*. Where the
weights are not unique and the raw rows tell them apart (parallel rows of unequal length, a hull
that holds 0 in several ways), the answers are a *set*.
"""

from collections.abc import Sequence

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from mtl_reference import rational
from mtl_reference.enclosure import Number, Vector, decide, enclose
from mtl_reference.faces import free, in_hull, near_rational, same_image
from mtl_reference.method import Answer, Kind, Method, Parameter, chosen
from mtl_reference.pairing import added, combine, inner, products, times
from mtl_reference.rational import Jacobian, RationalVector, Rows, Scalar, numbers
from mtl_reference.simplex import likely_support, minimum_norm, power_of_two_root, principal
from mtl_reference.surd import sqrt

NORMALIZATIONS = ("none", "l2", "loss", "loss+")
_GUESS_BITS = (256, 1024, 4096)

METHOD = Method(
    id="mgda",
    paper="[SK18] Sener, Koltun: Multi-Task Learning as Multi-Objective Optimization (2018)",
    number_field="Q; with l2 and loss+ quotients of sums of square roots of rationals",
    parameters=(
        Parameter(
            "normalization",
            "none",
            "how the rows are scaled before the hull",
            choices=NORMALIZATIONS,
        ),
    ),
    inputs=("jacobian", "losses"),
    outputs=("direction", "weights"),
)


def direction(
    jacobian: Rows, *, losses: Sequence[Scalar] | None = None, normalization: str = "none"
) -> Answer:
    """Combination of the rows (T, d) by weights (T,) on the simplex; losses (T,) where asked for.

    Raises ValueError for a jacobian or losses that are not finite, for losses that are missing or
    not one a task, and for a normalization that there is not.

    >>> print(*direction([(2, 0), (0, 1)]).exact)
    2/5 4/5
    >>> print(*direction([(2, 0), (0, 1)], normalization="l2").exact)
    1 1/2
    """
    chosen("normalization", normalization, NORMALIZATIONS)
    gradients = rational.jacobian(jacobian)
    known = read(losses, gradients.tasks, normalization)
    if normalization == "none":
        weights = minimum_norm(gradients.gramian())
        outputs = {"direction": gradients.combine(weights), "weights": weights}
        return Answer(Kind.EXACT, outputs)
    reason = undivided(gradients.gramian(), known, normalization)
    if reason:
        return Answer(Kind.UNDEFINED, reason=reason)
    return _raw(gradients, divisors(gradients.gramian(), known, normalization))


def read(losses: Sequence[Scalar] | None, tasks: int, normalization: str) -> tuple[fmpq, ...]:
    """The losses, one a task; 1 where there are none and none are asked for."""
    if losses is None:
        if normalization.startswith("loss"):
            message = f"losses must be given for normalization {normalization!r} (got none)"
            raise ValueError(message)
        return (fmpq(1),) * tasks
    known = numbers("losses", losses)
    if len(known) != tasks:
        message = f"losses must have one entry for each task (got {len(known)} for {tasks} tasks)"
        raise ValueError(message)
    return known


def undivided(gramian: fmpq_mat, losses: RationalVector, normalization: str) -> str:
    """Why some row cannot be divided; empty where all can."""
    for task, loss in enumerate(losses):
        if normalization.startswith("loss") and loss <= 0:
            return f"loss {task} is {loss}, and gradients are divided by positive losses alone"
        if normalization != "loss" and gramian[task, task] == 0:
            return f"row {task} is zero and has no direction"
    return ""


def divisors(gramian: fmpq_mat, losses: RationalVector, normalization: str) -> Vector:
    """What each row is divided by (T,): its length, its loss, or both."""
    ones = (fmpq(1),) * len(losses)
    factors = losses if normalization.startswith("loss") else ones
    if normalization in {"none", "loss"}:
        return factors
    return tuple(factor * sqrt(gramian[i, i]) for i, factor in enumerate(factors))


def _raw(gradients: Jacobian, sizes: Vector) -> Answer:
    """The raw rows by the weights of the shortest vector in the hull of g_i / s_i."""
    gramian = gradients.gramian()
    multipliers = nearest(gramian, sizes)
    shares = tuple(s * y for s, y in zip(sizes, multipliers, strict=True))
    whole = added(shares)
    weights = tuple(share / whole for share in shares)
    path = combine(gradients, weights)
    sides = times(gramian, multipliers)
    touching = [
        task
        for task, (side, size) in enumerate(zip(sides, sizes, strict=True))
        if decide(side) == 0 or decide(side - size) == 0
    ]
    positive = [task for task, y in enumerate(multipliers) if decide(y) == 1]
    moves = [
        tuple(s * z for s, z in zip(sizes, move, strict=True))
        for move in free(gramian, positive, touching)
    ]
    if same_image(gramian, shares, moves):
        return Answer(Kind.EXACT, {"direction": path, "weights": weights})

    def members(vector: Vector) -> bool:
        return _is_member(gradients, sizes, weights, vector)

    reason = "the weights are not unique, and the raw rows tell them apart"
    return Answer(Kind.SET, reason=reason, members=members)


def nearest(gramian: fmpq_mat, sizes: Vector) -> Vector:
    """Multipliers y >= 0 (T,) with K y >= s and equality where y_i > 0, or K y = 0; proven.

    The first is the shortest e = G'y with <g_i, e> >= s_i: the hull of g_i / s_i has e / |e|^2 for
    its shortest vector. There is none where 0 lies in that hull, as in that of the g_i.
    """
    tasks = gramian.nrows()
    shortest = minimum_norm(gramian)
    column = fmpq_mat(tasks, 1, shortest)
    if (column.transpose() * gramian * column)[0, 0] == 0:
        return shortest
    for bits in _GUESS_BITS:
        with ctx.workprec(bits):
            heights = [enclose(size, bits) for size in sizes]
            largest = near_rational(sizes[max(range(tasks), key=lambda i: heights[i].mid())])
            unit = arb(power_of_two_root(largest * largest))
            guess = likely_support(arb_mat(gramian), [height / unit for height in heights])
        proven = _on_support(gramian, sizes, guess)
        if proven is not None:
            return proven
    for count in range(1, 2**tasks):  # some support is right: the search ends
        support = [task for task in range(tasks) if count >> task & 1]
        proven = _on_support(gramian, sizes, support)
        if proven is not None:
            return proven
    message = "some support must be right (none was)"
    raise ArithmeticError(message)


def _on_support(gramian: fmpq_mat, sizes: Vector, support: Sequence[int]) -> Vector | None:
    """The multipliers K_SS^-1 s_S if all signs are right; None where they are not."""
    block = principal(gramian, support)
    if not support or block.det() == 0:
        return None
    found = times(block.inv(), [sizes[task] for task in support])
    if any(decide(value) != 1 for value in found):
        return None
    told = dict(zip(support, found, strict=True))
    multipliers: Vector = tuple(told.get(task, fmpq(0)) for task in range(gramian.nrows()))
    sides = times(gramian, multipliers)
    slacks = (side - size for side, size in zip(sides, sizes, strict=True))
    return multipliers if all(decide(slack) != -1 for slack in slacks) else None


def _is_member(gradients: Jacobian, sizes: Vector, weights: Vector, vector: Vector) -> bool:
    """Whether weights v on the simplex give the vector from the g_i and d' from the g_i / s_i.

    That is whether (x, d') lies in the hull of the (g_i, g_i / s_i); irrational numbers are taken
    for rationals near them.
    """
    gramian, tasks = gradients.gramian(), range(gradients.tasks)
    inverse = [near_rational(1 / size) for size in sizes]
    shares = [near_rational(w) * r for w, r in zip(weights, inverse, strict=True)]
    point = [near_rational(number) for number in vector]
    scaled = fmpq_mat([[gramian[i, j] * inverse[i] * inverse[j] for j in tasks] for i in tasks])
    column = gramian * fmpq_mat(len(shares), 1, shares)
    sides = [column[i, 0] * inverse[i] for i in tasks]
    square = sum((share * column[i, 0] for i, share in enumerate(shares)), fmpq(0))
    own: Number = inner(point, point)
    joined = [near_rational(a) + b for a, b in zip(products(gradients, point), sides, strict=True)]
    return in_hull(gramian + scaled, joined, near_rational(own) + square)
