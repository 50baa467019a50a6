"""Convex quadratic programs over z >= 0: the one solver behind MGDA and CAGrad."""

import numpy as np
from numpy.typing import NDArray

from conformance.torch_runner.shapes import Matrix

Support = NDArray[np.bool_]

UNIT = float(np.finfo(np.float64).eps)
"""Twice the roundoff of a float64 operation."""

EXCHANGES = 12
"""Solves that a guess of the support may take before the walk that cannot cycle begins."""


def minimiser(matrix: Matrix, linear: Matrix) -> Matrix:
    """The z >= 0 (T,) with the least z'Mz/2 - linear'z, for M positive semidefinite and bounded.

    The guess is the whole support, mended by exchanging all wrong indices at once (block
    principal pivoting: Judice and Pires, 1994); where that does not settle, the active-set walk
    of Lawson and Hanson (1974, chapter 23) decides.
    """
    guess = exchanged(matrix, linear)
    return walked(matrix, linear) if guess is None else guess


def exchanged(matrix: Matrix, linear: Matrix) -> Matrix | None:
    """The minimiser by block principal pivoting, or None if it meets dependent rows or a cycle."""
    support: Support = np.ones(len(linear), dtype=np.bool_)
    for _ in range(EXCHANGES):
        solution = on_support(matrix, linear, support)
        if solution is None:
            return None
        wrong = misplaced(matrix, linear, solution, support)
        if not wrong.any():
            return solution
        support ^= wrong
    return None


def on_support(matrix: Matrix, right: Matrix, support: Support) -> Matrix | None:
    """Solve M_SS z_S = right_S, zero elsewhere; None where rounding hides M_SS's rank."""
    whole = bool(support.all())
    part: Matrix = matrix if whole else matrix[np.ix_(support, support)]
    if not independent(part, UNIT):
        return None
    try:
        found = np.linalg.solve(part, right if whole else right[support])
    except np.linalg.LinAlgError:  # a last pivot that elimination in another order rounds to zero
        return None
    solution = np.zeros(right.shape)
    solution[support] = found
    return solution


def independent(part: Matrix, unit: float) -> bool:
    """Whether elimination leaves more of every row than errors of ``unit`` n_i n_j could.

    What is left of row k is x'Cx, with x the combination of it with the rows before
    that is orthogonal to them; errors of the entries move that by about T unit sum_i (x_i n_i)^2.
    Where the diagonal outweighs the rest, x'Cx is at least half of sum_i (x_i n_i)^2.
    """
    if 2 * len(part) * unit < 1 and dominated(part):
        return True
    try:
        factor = np.linalg.cholesky(part)
        combinations = np.linalg.inv(factor / factor.diagonal())
    except np.linalg.LinAlgError:
        return False
    errors = len(part) * unit * (combinations**2 @ part.diagonal())
    return bool((factor.diagonal() ** 2 > errors).all())


def dominated(matrix: Matrix) -> bool:
    """Whether no row has more than half of its diagonal beside it, in absolute values."""
    return bool((2 * np.abs(matrix).sum(1) < 3 * matrix.diagonal()).all())


def misplaced(matrix: Matrix, linear: Matrix, solution: Matrix, support: Support) -> Support:
    """Indices of the support whose entry is negative, and others that would lower the objective."""
    negative: Support = solution < 0
    if support.all():
        return negative
    wrong: Support = np.where(support, negative, wanted(matrix, linear, solution))
    return wrong


def wanted(matrix: Matrix, linear: Matrix, solution: Matrix) -> Support:
    """Indices whose entry would lower the objective by more than the rounding of its slope."""
    slope = linear - matrix @ solution
    unit = len(linear) * np.finfo(np.float64).eps
    raised: Support = slope > unit * (np.abs(matrix) @ np.abs(solution) + np.abs(linear))
    return raised


def walked(matrix: Matrix, linear: Matrix) -> Matrix:
    """The minimiser by Lawson and Hanson's walk: one index enters, as many leave as must.

    Every step must lower the objective, so that rounding cannot send the walk round in circles.
    """
    solution, value = np.zeros(len(linear)), 0.0
    barred: Support = np.zeros(len(linear), dtype=np.bool_)
    for _ in range(10 * len(linear)):
        slope = linear - matrix @ solution
        candidates = (slope > noise(matrix, linear, solution)) & (solution == 0) & ~barred
        if not candidates.any():
            break
        entering = int(np.argmax(np.where(candidates, slope, -np.inf)))
        moved = stepped(matrix, linear, solution, entering)
        reached = value if moved is None else float(moved @ (matrix @ moved / 2 - linear))
        barred[entering] = True
        if moved is not None and reached < value:
            solution, value = moved, reached
            barred[:] = False
    return solution


def noise(matrix: Matrix, linear: Matrix, solution: Matrix) -> Matrix:
    """How far each slope may be off: its own rounding, and that of the conditions solved.

    A condition on the support that is off by r moves the slope of another row by r times the
    share that its row has in the projection of the other on the support.
    """
    unit = len(linear) * np.finfo(np.float64).eps
    rounding = unit * (np.abs(matrix) @ np.abs(solution) + np.abs(linear))
    support = solution > 0
    shares = solved(matrix, matrix, support)
    return rounding + np.abs(shares[support]).T @ rounding[support]


def stepped(matrix: Matrix, linear: Matrix, start: Matrix, entering: int) -> Matrix | None:
    """The minimiser on the support with ``entering``, shortened at each bound that it meets.

    Where the entering row depends on the support, the objective falls without curvature until
    some index meets its bound, which leaves first. None where nothing but rounding was to gain.
    """
    support: Support = start > 0
    ray = dependence(matrix, support, entering)
    support[entering] = True
    if ray is not None and (ray < 0).any():
        start, support = bounded(start, ray, ray < 0, support)
    goal = solved(matrix, linear, support)
    if goal[entering] <= 0:
        return None
    while (leaving := support & (goal <= 0)).any():
        start, support = bounded(start, goal - start, leaving, support)
        goal = solved(matrix, linear, support)
    return goal


def dependence(matrix: Matrix, support: Support, entering: int) -> Matrix | None:
    """The combination of no length with weight 1 on ``entering``; None if there is none."""
    ray = np.zeros(len(matrix))
    ray[support] = -solved(matrix, matrix[entering], support)[support]
    ray[entering] = 1.0
    unit = len(matrix) * np.finfo(np.float64).eps
    rounding = unit * (np.abs(ray) @ np.abs(matrix) @ np.abs(ray))
    return ray if ray @ matrix @ ray <= rounding else None


def bounded(
    start: Matrix, way: Matrix, leaving: Support, support: Support
) -> tuple[Matrix, Support]:
    """As far from start along the way as no leaving index turns negative; those met leave."""
    share = np.full(len(start), np.inf)
    share[leaving] = start[leaving] / -way[leaving]
    met = share == share.min()
    stopped = np.maximum(start + share.min() * way, 0.0)
    stopped[met] = 0.0
    return stopped, support & ~met & (stopped > 0)


def solved(matrix: Matrix, linear: Matrix, support: Support) -> Matrix:
    """Solve M_SS z_S = linear_S as it stands, by least squares where M_SS is singular."""
    solution = np.zeros(linear.shape)
    part = matrix[np.ix_(support, support)]
    try:
        solution[support] = np.linalg.solve(part, linear[support])
    except np.linalg.LinAlgError:
        solution[support] = np.linalg.lstsq(part, linear[support])[0]
    return solution
