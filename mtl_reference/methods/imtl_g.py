"""IMTL-G: the combination with weights that sum to 1 and equal projections on all gradients.

[LLKXCYLZ21] L. Liu, Y. Li, Z. Kuang, J.-H. Xue, Y. Chen, W. Yang, Q. Liao, W. Zhang, Towards
Impartial Multi-task Learning, 2021, section 3.1.

The answer is a quotient of two sums of square roots of rationals: with the Gramian K and the
lengths n_i of the rows, the conditions are K a = s n and sum a = 1, so a = K^-1 n / (1' K^-1 n).

*Departures*
1. The Gramian form instead of the paper's system of differences, which is the same where K is
   invertible, and which singles out the first task.
2. Rows that depend on each other are decided, not regularised (below).
3. The printed definition may point uphill for every task at once (T >= 3, a negative common
   projection). It is kept as printed.

*Degenerate cases*, with Z the null space of K, all decided exactly:
a zero row has no unit vector: *undefined*.
n outside the range of K: only a common projection of 0 is left, so the direction is 0 where Z
holds weights that sum to 1 (T = d + 1 rows in general position), else *undefined*.
n in the range, Z holds weights that do not sum to 0: the common projection is free, and the
answer is the *set* of all multiples of one vector (parallel rows of unequal length).
n in the range, the weights in Z sum to 0 (duplicate rows; Z = 0): one direction, unless
1' K^+ n = 0: no combination sums to 1, *undefined*.
Where the weights are not unique, the shortest are returned.
"""

from flint import fmpq, fmpq_mat

from mtl_reference.enclosure import Vector, decide
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.pairing import added, combine, inner
from mtl_reference.rational import Jacobian, Rows, jacobian, nullspace
from mtl_reference.surd import sqrt

METHOD = Method(
    id="imtl_g",
    paper="[LLKXCYLZ21] Liu et al.: Towards Impartial Multi-task Learning (2021), section 3.1",
    number_field="quotients of sums of square roots of rationals",
    outputs=("direction", "weights"),
)


def direction(rows: Rows) -> Answer:
    """Combination of the rows (T, d) with equal projections; ValueError where rows are not finite.

    >>> print(*direction([(2, 0), (0, 1)]).exact)
    2/3 2/3
    """
    gradients = jacobian(rows)
    gramian = gradients.gramian()
    tasks = gradients.tasks
    zero = next((task for task in range(tasks) if gramian[task, task] == 0), None)
    if zero is not None:
        return Answer(Kind.UNDEFINED, reason=f"row {zero} is zero and has no direction")
    lengths = tuple(sqrt(gramian[task, task]) for task in range(tasks))
    projector = _projector(gramian)
    ones = (fmpq(1),) * tasks
    free = _times(projector, ones)  # the null weights nearest to 1: zero if all sum to 0
    in_range = all(decide(entry) == 0 for entry in _times(projector, lengths))
    if not in_range:
        return _no_projection(gradients, free)
    shape = _times((gramian + projector).inv(), lengths)  # K^+ n, as n is in the range
    if any(entry != 0 for entry in free):
        return _multiples(combine(gradients, shape))
    mass = added(shape)
    if decide(mass) == 0:
        reason = "every combination with equal projections has weights that sum to 0"
        return Answer(Kind.UNDEFINED, reason=reason)
    weights = tuple(entry / mass for entry in shape)
    outputs = {"direction": combine(gradients, weights), "weights": weights}
    return Answer(Kind.EXACT, outputs)


def _projector(gramian: fmpq_mat) -> fmpq_mat:
    """The orthogonal projector (T, T) on the null space Z: Z (Z'Z)^-1 Z'."""
    basis = nullspace(gramian)
    if not basis:
        return fmpq_mat(gramian.nrows(), gramian.ncols())
    columns = fmpq_mat([list(vector) for vector in basis]).transpose()
    return columns * (columns.transpose() * columns).inv() * columns.transpose()


def _times(matrix: fmpq_mat, vector: Vector) -> Vector:
    size = matrix.ncols()
    rows = ([matrix[i, j] for j in range(size)] for i in range(matrix.nrows()))
    return tuple(inner(row, vector) for row in rows)


def _no_projection(gradients: Jacobian, free: Vector) -> Answer:
    """Equal projections can only be 0 here: null weights that sum to 1, or nothing."""
    mass = added(free)
    if mass == 0:
        reason = "no combination whose weights sum to 1 has equal projections"
        return Answer(Kind.UNDEFINED, reason=reason)
    weights = tuple(entry / mass for entry in free)
    return Answer(Kind.EXACT, {"direction": combine(gradients, weights), "weights": weights})


def _multiples(shape: Vector) -> Answer:
    """All multiples of ``shape``, which has projection 1 on every row."""
    place = next(k for k, entry in enumerate(shape) if decide(entry) != 0)

    def member(vector: Vector) -> bool:
        pairs = zip(shape, vector, strict=True)
        crossed = (a * vector[place] - shape[place] * b for a, b in pairs)
        return all(decide(entry) in {0, None} for entry in crossed)

    reason = "the common projection is free: every multiple of one vector is an answer"
    return Answer(Kind.SET, reason=reason, members=member)
