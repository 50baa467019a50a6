"""PE-LTR: the shortest combination of the gradients whose weights keep their floors.

[LCHJ19] X. Lin, H. Chen, C. Pei, F. Sun, X. Xiao, H. Sun, Y. Zhang, W. Ou, P. Jiang, A
Pareto-Efficient Algorithm for Multiple Objective Optimization in E-Commerce Recommendation, 2019:
min |sum_i w_i g_i|^2 with sum w = 1 and w_i >= c_i, for floors c_i >= 0 with sum c <= 1.

The answer lies in Q. With s = 1 - sum c the weights are c + s v, v on the simplex, so that the
answer is MGDA's for the rows G'c + s g_i. "two-stage" is what [LCHJ19] compute: the weights without
w >= c, a linear system; less c, projected on {v >= 0, sum v = s}; plus c. For two tasks that is the
minimum, for more it need not be.

*Departures*
1. The exact minimum is the default.
2. "two-stage" where the rows depend affinely on each other: [LCHJ19] multiply by (M'M)^-1, which
   then does not exist. The pseudo-inverse is taken in its place: of all weights of the shortest
   combination those nearest to c.

*Degenerate cases.* sum c = 1: the weights are the floors. One task: its gradient. Under "exact"
the direction is unique, and the weights need not be; under "two-stage" the weights are unique.
Nothing is undefined.
"""

from collections.abc import Sequence

from flint import fmpq, fmpq_mat

from mtl_reference import rational
from mtl_reference.method import Answer, Kind, Method, Parameter, chosen, sized
from mtl_reference.rational import RationalVector, Rows, Scalar, numbers
from mtl_reference.simplex import minimum_norm, onto_simplex, total

SOLVERS = ("exact", "two-stage")

METHOD = Method(
    id="pe_ltr",
    paper="[LCHJ19] Lin et al.: A Pareto-Efficient Algorithm for Multiple Objective Optimization "
    "in E-Commerce Recommendation (2019)",
    number_field="Q",
    parameters=(Parameter("solver", "exact", "the minimum, or the paper's", choices=SOLVERS),),
    inputs=("jacobian", "floors"),
    outputs=("direction", "weights"),
)


def direction(jacobian: Rows, *, floors: Sequence[Scalar], solver: str = "exact") -> Answer:
    """Direction for rows (T, d) and floors (T,), with weights (T,) that sum to 1.

    Raises ValueError for what is not finite, for negative floors and floors that sum to more than
    1, and for a solver not offered.

    >>> print(*direction([(2, 0), (0, 1)], floors=(0.5, 0)).exact)
    1 1/2
    """
    chosen("solver", solver, SOLVERS)
    gradients = rational.jacobian(jacobian)
    least = checked_floors(floors, gradients.tasks)
    free = 1 - total(least)
    if free == 0:
        weights = least
    elif solver == "exact":
        weights = _smallest(gradients.gramian(), least, free)
    else:
        weights = _two_stage(gradients.gramian(), least, free)
    return Answer(Kind.EXACT, {"direction": gradients.combine(weights), "weights": weights})


def checked_floors(floors: Sequence[Scalar], tasks: int) -> tuple[fmpq, ...]:
    """T floors; ValueError where one is negative, and where they sum to more than one."""
    least = sized("floors", numbers("floors", floors), tasks)
    for task, floor in enumerate(least):
        if floor < 0:
            message = f"floors[{task}] must not be negative (got {floors[task]})"
            raise ValueError(message)
    if total(least) > 1:
        message = f"floors must sum to at most 1 (got {total(least)})"
        raise ValueError(message)
    return least


def _smallest(gramian: fmpq_mat, floors: RationalVector, free: fmpq) -> tuple[fmpq, ...]:
    """The minimum: MGDA's for the rows G'c + s g_i."""
    tasks = len(floors)
    shift = fmpq_mat(tasks, tasks, [*floors] * tasks)
    for task in range(tasks):
        shift[task, task] += free
    shares = minimum_norm(shift * gramian * shift.transpose())
    return tuple(c + free * v for c, v in zip(floors, shares, strict=True))


def _two_stage(gramian: fmpq_mat, floors: RationalVector, free: fmpq) -> tuple[fmpq, ...]:
    """The paper's: equations first, then the nearest point with v >= 0."""
    tasks = len(floors)
    bordered = fmpq_mat(tasks + 1, tasks + 1)
    for i in range(tasks):
        bordered[i, tasks] = bordered[tasks, i] = fmpq(1)
        for j in range(tasks):
            bordered[i, j] = gramian[i, j]
    pull = gramian * fmpq_mat(tasks, 1, [*floors])
    right = fmpq_mat(tasks + 1, 1, [*(-entry for entry in pull.entries()), free])
    solution = _pseudo_inverse_times(bordered, right)
    found = onto_simplex([solution[task, 0] for task in range(tasks)], free)
    return tuple(c + v for c, v in zip(floors, found, strict=True))


def _pseudo_inverse_times(matrix: fmpq_mat, right: fmpq_mat) -> fmpq_mat:
    """The shortest solution of a symmetric system that has one: it lies in the matrix's range.

    M y with M M y = right, for y any solution: its shares of the null space do not count.
    """
    size = matrix.nrows()
    square = matrix * matrix
    wide = fmpq_mat(size, size + 1)
    for i in range(size):
        wide[i, size] = right[i, 0]
        for j in range(size):
            wide[i, j] = square[i, j]
    reduced, rank = wide.rref()
    solution = fmpq_mat(size, 1)
    for row in range(rank):
        pivot = next(column for column in range(size) if reduced[row, column] != 0)
        solution[pivot, 0] = reduced[row, size]
    return matrix * solution
