"""Eigenvalues and eigenvectors of Gramians whose rows may be of very unequal length.

The backward stable solvers of LAPACK lose what is small beside the longest row. Jacobi's rotations
keep it: for K = N C N they find every eigenvalue to the precision that the cosines C leave,
whatever the lengths N (Demmel and Veselic, Jacobi's method is more accurate than QR, 1992).
"""

import numpy as np

from conformance.torch_runner.shapes import Exponents, Matrix

EVEN = 1
"""Exponents of the rows' lengths that differ by no more are left to LAPACK."""

SWEEPS = 40
"""Sweeps over all pairs of rows; six to ten are enough."""


def eigen(gramian: Matrix, exponents: Exponents) -> tuple[Matrix, Matrix]:
    """Eigenvalues (T,) and eigenvectors (columns) of 2**(e_i + e_j) C_ij, relative to the longest.

    C is the Gramian of rows with lengths in [1/2, 1), or zero.
    """
    shift = exponents - exponents.max()
    matrix = np.ldexp(gramian, np.add.outer(shift, shift))
    if np.ptp(exponents) <= EVEN:
        values, vectors = np.linalg.eigh(matrix)
        return values, vectors
    return rotated(matrix)


def rotated(matrix: Matrix) -> tuple[Matrix, Matrix]:
    """The same by Jacobi's rotations, each pair once a sweep, until no cosine is left."""
    tasks = len(matrix)
    vectors = np.eye(tasks)
    edge = np.finfo(np.float64).eps
    for _ in range(SWEEPS):
        turned = False
        for i in range(tasks - 1):
            for j in range(i + 1, tasks):
                if abs(matrix[i, j]) > edge * np.sqrt(abs(matrix[i, i] * matrix[j, j])):
                    rotate(matrix, vectors, i, j)
                    turned = True
        if not turned:
            break
    return matrix.diagonal().copy(), vectors


def rotate(matrix: Matrix, vectors: Matrix, i: int, j: int) -> None:
    """Make the entry (i, j) zero, in place; the diagonal moves by the tangent times it."""
    entry = matrix[i, j]
    ratio = (matrix[j, j] - matrix[i, i]) / (2 * entry)
    tangent = (1.0 if ratio >= 0 else -1.0) / (abs(ratio) + np.hypot(1.0, ratio))
    cosine = 1 / np.hypot(1.0, tangent)
    turn = np.array([[cosine, -tangent * cosine], [tangent * cosine, cosine]])
    low, high = matrix[i, i] - tangent * entry, matrix[j, j] + tangent * entry
    pair = [i, j]
    matrix[pair] = turn @ matrix[pair]
    matrix[:, pair] = matrix[pair].T
    matrix[i, i], matrix[j, j], matrix[i, j], matrix[j, i] = low, high, 0.0, 0.0
    vectors[:, pair] = vectors[:, pair] @ turn.T
