"""The shortest vector in the hull of combinations of the rows: MGDA for other corners."""

from dataclasses import replace

import numpy as np

from conformance.torch_runner.aggregators.mgda import scales, shortest
from conformance.torch_runner.gramian import Rows
from conformance.torch_runner.shapes import Matrix


def shortest_of(rows: Rows, corners: Matrix) -> Matrix:
    """Weights (k,) on the simplex of the shortest vector in the hull of k corners (k, T).

    A corner is told by its weights on the rows g_i. Where corners depend on each other these are
    some of the right weights.
    """
    largest = int(rows.exponents.max())
    points = np.ldexp(corners, rows.exponents - largest)
    gramian = points @ rows.gramian @ points.T
    lengths = np.frexp(np.sqrt(np.maximum(gramian.diagonal(), 0.0)))[1].astype(np.int64)
    scaled = np.ldexp(gramian, -np.add.outer(lengths, lengths))
    hull = replace(rows, gramian=scaled, exponents=lengths)
    weights: Matrix = shortest(hull) * scales(hull)
    weights /= weights.sum()
    return weights
