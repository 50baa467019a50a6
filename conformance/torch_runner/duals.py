"""The part of each row that is orthogonal to all others, and whether rounding leaves any."""

import numpy as np
from numpy.typing import NDArray

from conformance.torch_runner.nonnegative import UNIT
from conformance.torch_runner.shapes import Matrix


def duals(gramian: Matrix) -> tuple[Matrix, Matrix] | None:
    """Rows x_i (T, T) with x_ii = 1 and (C x_i)_j = 0 for j != i, and the squares x_i'C x_i.

    They are the rows of the inverse over its diagonal; None if C is singular as it stands. Where
    the inverse is too ill-conditioned for a row to keep its conditions to rounding, the row is
    solved for by itself, which keeps them.
    """
    try:
        inverse = np.linalg.inv(gramian)
        with np.errstate(all="ignore"):
            combinations, squares = inverse / inverse.diagonal()[:, None], 1 / inverse.diagonal()
        residual = np.abs(combinations @ gramian)
        residual.flat[:: len(gramian) + 1] = 0.0
        unit = len(gramian) * UNIT
        kept = residual <= unit * (np.abs(combinations) @ np.abs(gramian))
        for task in () if kept.all() else np.flatnonzero(~kept.all(axis=1)):
            others = np.arange(len(gramian)) != task
            part = gramian[np.ix_(others, others)]
            combinations[task, task] = 1.0
            combinations[task, others] = -np.linalg.solve(part, gramian[others, task])
            squares[task] = combinations[task] @ gramian[task]
    except np.linalg.LinAlgError:
        return None
    return combinations, squares


def told(
    combinations: Matrix, squares: Matrix, gramian: Matrix, resolution: float
) -> NDArray[np.bool_]:
    """For each combination x of the rows, whether its square x'Cx is told from zero.

    The Gramian's entries are off by up to ``resolution`` n_i n_j, independently, which moves x'Cx
    by about resolution sum_i (x_i n_i)^2. What is not more than that may be zero.
    """
    clear: NDArray[np.bool_] = squares > resolution * (combinations**2 @ gramian.diagonal())
    return clear


def part_beside(gramian: Matrix, task: int, resolution: float) -> tuple[Matrix, float]:
    """The combination x with x_task = 1 orthogonal to the others, which may be dependent.

    The others' span is taken from the eigenvectors of their Gramian that rounding cannot have
    made: eigenvalues above ``resolution`` T. Returns x (T,) and its square x'Cx.
    """
    others = np.arange(len(gramian)) != task
    values, vectors = np.linalg.eigh(gramian[np.ix_(others, others)])
    kept = values > resolution * len(gramian)
    basis = vectors[:, kept]
    combination = np.ones(len(gramian))
    combination[others] = -basis @ ((basis.T @ gramian[others, task]) / values[kept])
    return combination, float(combination @ gramian @ combination)
