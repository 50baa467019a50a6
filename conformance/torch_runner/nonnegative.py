"""Convex quadratic programs over z >= 0: the one solver behind MGDA and CAGrad."""

import numpy as np
from numpy.typing import NDArray

from conformance.torch_runner.shapes import Matrix

Support = NDArray[np.bool_]

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
        wrong = np.where(support, solution < 0, wanted(matrix, linear, solution))
        if not wrong.any():
            return solution
        support ^= wrong
    return None


def on_support(matrix: Matrix, right: Matrix, support: Support) -> Matrix | None:
    """Solve M_SS z_S = right_S, zero elsewhere; None where rounding hides M_SS's rank."""
    solution = np.zeros(right.shape)
    part = matrix[np.ix_(support, support)]
    if not independent(part, np.finfo(np.float64).eps):
        return None
    solution[support] = np.linalg.solve(part, right[support])
    return solution


def independent(part: Matrix, unit: float) -> bool:
    """Whether elimination leaves every row more than errors of T ``unit`` of its square make."""
    try:
        factor = np.linalg.cholesky(part)
    except np.linalg.LinAlgError:
        return False
    return bool((factor.diagonal() ** 2 > len(part) * unit * part.diagonal()).all())


def wanted(matrix: Matrix, linear: Matrix, solution: Matrix) -> Support:
    """Indices whose entry would lower the objective by more than the rounding of its slope."""
    slope = linear - matrix @ solution
    unit = len(linear) * np.finfo(np.float64).eps
    raised: Support = slope > unit * (np.abs(matrix) @ np.abs(solution) + np.abs(linear))
    return raised


def walked(matrix: Matrix, linear: Matrix) -> Matrix:
    """The minimiser by Lawson and Hanson's walk: one index enters, as many leave as must."""
    solution = np.zeros(len(linear))
    support: Support = np.zeros(len(linear), dtype=np.bool_)
    barred: Support = support.copy()
    for _ in range(10 * len(linear)):
        candidates = wanted(matrix, linear, solution) & ~support & ~barred
        if not candidates.any():
            break
        entering = int(np.argmax(np.where(candidates, linear - matrix @ solution, -np.inf)))
        moved = stepped(matrix, linear, solution, support, entering)
        barred[:] = False
        if moved is None:
            barred[entering] = True
        else:
            solution = moved
            support = solution > 0
    return solution


def stepped(
    matrix: Matrix, linear: Matrix, start: Matrix, support: Support, entering: int
) -> Matrix | None:
    """The minimiser on the support with ``entering``, shortened at each bound that it meets."""
    support = support.copy()
    support[entering] = True
    goal = solved(matrix, linear, support)
    if goal[entering] <= 0:
        return None
    while (leaving := support & (goal <= 0)).any():
        share = np.full(len(start), np.inf)
        share[leaving] = start[leaving] / (start[leaving] - goal[leaving])
        start = np.where(support, start + share.min() * (goal - start), 0.0)
        support &= (start > 0) & (share > share.min())
        start[~support] = 0.0
        goal = solved(matrix, linear, support)
    return goal


def solved(matrix: Matrix, linear: Matrix, support: Support) -> Matrix:
    """Solve M_SS z_S = linear_S as it stands, by least squares where M_SS is singular."""
    solution = np.zeros(len(linear))
    part = matrix[np.ix_(support, support)]
    try:
        solution[support] = np.linalg.solve(part, linear[support])
    except np.linalg.LinAlgError:
        solution[support] = np.linalg.lstsq(part, linear[support])[0]
    return solution
