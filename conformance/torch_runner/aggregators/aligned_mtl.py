"""Aligned-MTL: the mean of the gradients after all singular values are made the least positive one.

[Aligned-MTL] Senushkin, Patakin, Kuznetsov and Konushin, Independent component alignment for
multi-task learning, 2023: weights sqrt(least) V L^(-1/2) V' 1/T over the positive eigenvalues.
"""

import numpy as np

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.gramian import Rows, combined, prepared
from conformance.torch_runner.shapes import Jacobian, Matrix
from conformance.torch_runner.spectrum import eigen


def aggregate(jacobian: Jacobian) -> Aggregation:
    """Direction and weights of a jacobian (T, d); ValueError for NaN, infinities, wrong shapes."""
    rows = prepared(jacobian)
    weights = aligned(rows)
    largest = int(rows.exponents.max())
    direction = combined(rows, np.ldexp(weights, rows.exponents - largest), largest)
    return Aggregation(direction, weights_of(jacobian, weights))


def aligned(rows: Rows) -> Matrix:
    """Weights (T,). Eigenvalues count as positive where errors of the Gramian cannot make them.

    Errors of ``resolution`` n_i n_j move the eigenvalue of v by up to resolution (sum |v_i| n_i)^2.
    """
    values, vectors = eigen(rows.gramian, rows.exponents)
    lengths = np.ldexp(np.sqrt(rows.gramian.diagonal()), rows.exponents - rows.exponents.max())
    kept = values > rows.resolution * (lengths @ np.abs(vectors)) ** 2
    if not kept.any():
        return np.zeros(len(values))
    roots = np.sqrt(values[kept].min() / values[kept])
    parts = vectors[:, kept].mean(axis=0)  # V'p
    weights: Matrix = vectors[:, kept] @ (roots * parts)
    return weights
