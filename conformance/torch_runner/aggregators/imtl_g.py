"""IMTL-G: weights that sum to one and give every task the same projection.

[IMTL] Liu, Li, Kuang, Xue, Chen, Yang, Liao and Zhang, Towards impartial multi-task learning,
2021. In Gram form: K a = s n with 1'a = 1, n the lengths of the rows.
"""

import numpy as np
import torch

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.duals import duals, told
from conformance.torch_runner.gramian import Rows, combined, prepared
from conformance.torch_runner.shapes import Jacobian, Matrix


def aggregate(jacobian: Jacobian) -> Aggregation:
    """Direction and weights of a jacobian (T, d).

    ValueError for NaN, infinities and wrong shapes, and where the definition has no answer: a
    row of zeros, or dependent rows whose conditions contradict each other.
    """
    rows = prepared(jacobian)
    if not rows.gramian.diagonal().all():
        row = int(np.argmin(rows.gramian.diagonal()))
        message = f"imtl_g is undefined where a gradient is zero (jacobian row {row})"
        raise ValueError(message)
    smallest = int(rows.exponents.min())
    scale = np.ldexp(1.0, smallest - rows.exponents)
    coefficients, vanishes = impartial(rows, scale)
    weights = weights_of(jacobian, coefficients * scale)
    if vanishes:
        return Aggregation(torch.zeros_like(jacobian[0]), weights)
    return Aggregation(combined(rows, coefficients, smallest), weights)


def impartial(rows: Rows, scale: Matrix) -> tuple[Matrix, bool]:
    """Coefficients (T,) on the u_i with scale'c = 1, and whether they make zero exactly.

    The system is solved on cosines, C y = 1, then its sum is made one.
    """
    lengths = np.sqrt(rows.gramian.diagonal())
    cosines = rows.gramian / np.outer(lengths, lengths)
    beside = duals(cosines)
    if beside is None or not told(*beside, cosines, rows.resolution).all():
        return dependent(cosines, lengths, scale, rows.resolution)
    ray = np.linalg.solve(cosines, np.ones(len(lengths))) / lengths
    return ray / (scale @ ray), False


def dependent(
    cosines: Matrix, lengths: Matrix, scale: Matrix, resolution: float
) -> tuple[Matrix, bool]:
    """The answer where rows are dependent, by the null space of the cosine matrix.

    If some combination of length zero has weights of non-zero sum, it makes all projections
    equal: they are zero. Otherwise the pseudo-inverse has the answer, if the lengths lie in the
    range and its weights have a non-zero sum. Vectors of the null space are known to the
    Gramian's error over the gap to the other eigenvalues.
    """
    values, vectors = np.linalg.eigh(cosines)
    null = values <= max(resolution * len(values), float(values[0]))
    noise = resolution * len(values) / values[~null].min()
    space, kept = vectors[:, null], vectors[:, ~null]
    totals = (scale / lengths) @ space
    if (np.abs(totals) > noise * (scale / lengths).sum()).any():
        return space @ totals / (totals @ totals) / lengths, True
    if (np.abs(space.sum(0)) > noise * len(values)).any():
        message = "imtl_g is undefined: projections on these dependent rows cannot be equal"
        raise ValueError(message)
    ray = kept @ (kept.sum(0) / values[~null]) / lengths
    if abs(scale @ ray) <= noise * (scale @ np.abs(ray)):
        message = "imtl_g is undefined: the weights that make projections equal sum to zero"
        raise ValueError(message)
    return ray / (scale @ ray), False
