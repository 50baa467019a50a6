"""IMTL-G: weights that sum to one and give every task the same projection.

[IMTL] Liu, Li, Kuang, Xue, Chen, Yang, Liao and Zhang, Towards impartial multi-task learning,
2021. In Gram form: K a = s n with 1'a = 1, n the lengths of the rows.
"""

import numpy as np

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.duals import duals, told
from conformance.torch_runner.gramian import Rows, combined, prepared
from conformance.torch_runner.nonnegative import dominated
from conformance.torch_runner.shapes import Jacobian, Matrix


def aggregate(jacobian: Jacobian) -> Aggregation:
    """Direction and weights of a jacobian (T, d).

    ValueError for NaN, infinities and wrong shapes, and for a row of zeros, where the definition
    has no answer.
    """
    rows = prepared(jacobian)
    if not rows.gramian.diagonal().all():
        row = int(np.argmin(rows.gramian.diagonal()))
        message = f"imtl_g is undefined where a gradient is zero (jacobian row {row})"
        raise ValueError(message)
    smallest = int(rows.exponents.min())
    scale = np.ldexp(1.0, smallest - rows.exponents)
    coefficients = impartial(rows, scale)
    direction = combined(rows, coefficients, smallest)
    return Aggregation(direction, weights_of(jacobian, coefficients * scale))


def impartial(rows: Rows, scale: Matrix) -> Matrix:
    """Coefficients (T,) on the u_i with scale'c = 1: C y = 1 on cosines, then the sum made one."""
    lengths = np.sqrt(rows.gramian.diagonal())
    cosines = rows.gramian / (lengths[:, None] * lengths)
    if not dominated(cosines):  # whose rows are independent by far
        beside = duals(cosines)
        if beside is None or not told(*beside, cosines, rows.resolution).all():
            return dependent(cosines, lengths, scale, rows.resolution)
    ray = 1 / lengths  # two unit rows are met alike by their sum
    if len(lengths) > 2:  # noqa: PLR2004  (two)
        ray *= np.linalg.solve(cosines, np.ones(len(lengths)))
    return ray / (scale @ ray)


def dependent(cosines: Matrix, lengths: Matrix, scale: Matrix, resolution: float) -> Matrix:
    """The coefficients where rows are dependent, by the null space of the cosine matrix.

    If some combination of length zero has weights of non-zero sum, it makes all projections
    equal: they are zero. Otherwise the pseudo-inverse has the answer, in the sense of least
    squares where the projections cannot be equal and the definition has none; the mean, if its
    weights sum to zero. Vectors of the null space are known to the Gramian's error over the gap
    to the other eigenvalues.
    """
    values, vectors = np.linalg.eigh(cosines)
    null = values <= max(resolution * len(values), float(values[0]))
    noise = resolution * len(values) / values[~null].min()
    space, kept = vectors[:, null], vectors[:, ~null]
    totals = (scale / lengths) @ space
    if (np.abs(totals) > noise * (scale / lengths).sum()).any():
        vanishing: Matrix = space @ totals / (totals @ totals) / lengths
        return vanishing
    ray = kept @ (kept.sum(0) / values[~null]) / lengths
    total = scale @ ray
    if abs(total) <= noise * (scale @ np.abs(ray)):
        mean: Matrix = 1 / (len(ray) * scale)
        return mean
    answer: Matrix = ray / total
    return answer
