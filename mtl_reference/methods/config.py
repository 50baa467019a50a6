"""ConFIG: the direction with equal projections on all unit gradients, as long as their sum says.

[L24] Q. Liu, M. Chu, N. Thuerey, ConFIG: Towards Conflict-free Training of Physics Informed Neural
Networks, 2024 (from general knowledge of the paper): with U the unit rows, u is pinv(U) 1 over its
length and d = (sum_i <g_i, u>) u.

In the Gramian: with N = diag(n), n_i = |g_i|, and Z a basis of K's null space,
b = n - N^2 Z (Z'N^2 Z)^-1 Z'n is N times the part of 1 that U's columns reach, K y = b, and
d = (1'b / y'b) G'y. So the answer is a quotient of two sums of square roots. For independent rows
b = n: the direction of IMTL-G, with another length.

*Departures*
1. Exact: what the pseudo-inverse takes for zero is decided by the exact rank.

*Degenerate cases.* A zero row has no unit vector: *undefined*, as for IMTL-G; libraries give it the
unit vector 0. No direction has a projection but 0 in the sense of least squares (antiparallel rows;
three unit rows that sum to 0): pinv(U) 1 = 0 has no direction, *undefined*; libraries return 0.
Dependent rows else are defined by the pseudo-inverse. 1'b < 0 is possible there: d is then opposite
to u.
"""

from flint import fmpq, fmpq_mat

from mtl_reference.enclosure import Vector, decide
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.pairing import added, combine, difference, inner, times
from mtl_reference.rational import Rows, jacobian, nullspace
from mtl_reference.surd import sqrt

METHOD = Method(
    id="config",
    paper="[L24] Liu, Chu, Thuerey: ConFIG: Towards Conflict-free Training of PINNs (2024)",
    number_field="quotients of sums of square roots of rationals",
    outputs=("direction", "weights"),
)


def direction(rows: Rows) -> Answer:
    """Answer for rows of shape (T, d): direction (d,) and weights (T,).

    Raises ValueError for rows that are not finite.

    >>> print(*direction([(2, 0), (0, 1)]).exact)
    3/2 3/2
    """
    gradients = jacobian(rows)
    gramian, tasks = gradients.gramian(), gradients.tasks
    for task in range(tasks):
        if gramian[task, task] == 0:
            return Answer(Kind.UNDEFINED, reason=f"row {task} is zero and has no direction")
    lengths = tuple(sqrt(gramian[task, task]) for task in range(tasks))
    reach = _reach(gramian)
    target = difference(lengths, times(reach, lengths))
    squares = [gramian[i, i] if i == j else fmpq(0) for i in range(tasks) for j in range(tasks)]
    filled = gramian + reach * fmpq_mat(tasks, tasks, squares)
    shape: Vector = times(filled.inv(), target)
    whole = inner(shape, target)
    if decide(whole) == 0:
        reason = "the unit rows have no common projection but 0"
        return Answer(Kind.UNDEFINED, reason=reason)
    factor = added(target) / whole
    weights = tuple(factor * entry for entry in shape)
    return Answer(Kind.EXACT, {"direction": combine(gradients, weights), "weights": weights})


def _reach(gramian: fmpq_mat) -> fmpq_mat:
    """N^2 Z (Z'N^2 Z)^-1 Z' (T, T): takes n to what U's columns do not reach of it, times N.

    Its product with N^2 vanishes on what they reach, and makes K invertible.
    """
    tasks, basis = gramian.nrows(), nullspace(gramian)
    if not basis:
        return fmpq_mat(tasks, tasks)
    null = fmpq_mat([list(vector) for vector in basis]).transpose()
    weighed = fmpq_mat(
        [[gramian[i, i] * null[i, k] for k in range(null.ncols())] for i in range(tasks)]
    )
    return weighed * (null.transpose() * weighed).inv() * null.transpose()
