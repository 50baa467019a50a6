"""MGDA: the shortest vector in the convex hull of the task gradients.

[MGDA] Desideri, Multiple-gradient descent algorithm for multiobjective optimization, 2012; Sener
and Koltun, Multi-task learning as multi-objective optimization, 2018.
"""

import numpy as np

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.gramian import Rows, combined, prepared
from conformance.torch_runner.nonnegative import minimiser
from conformance.torch_runner.shapes import Jacobian, Matrix


def aggregate(jacobian: Jacobian, *, normalization: str = "none") -> Aggregation:
    """Direction and weights on the simplex; a zero row takes all the weight.

    ValueError for NaN, infinities and wrong shapes of the jacobian (T, d), NotImplementedError
    for another normalization than "none".
    """
    if normalization != "none":
        message = f"normalization {normalization!r} of mgda is not offered ('none' is)"
        raise NotImplementedError(message)
    rows = prepared(jacobian)
    coefficients = shortest(rows)
    direction = combined(rows, coefficients, unit(rows))
    return Aggregation(direction, weights_of(jacobian, coefficients * scales(rows)))


def shortest(rows: Rows) -> Matrix:
    """Coefficients c (T,), the shortest vector being 2**unit sum_i c_i u_i.

    With t_i = 2**(unit - exponent_i) the weights are w_i = t_i c_i. Least ||U'c||^2 over c >= 0,
    t'c = 1 has the same ray of solutions as least ||U'c||^2 + (t'c - 1)^2 over c >= 0 (Lawson and
    Hanson, 1974, section 23.4), which has a solution at Pareto-stationary points too.
    """
    zero = rows.gramian.diagonal() == 0
    if zero.any():
        share: Matrix = zero / np.count_nonzero(zero)
        return share
    scale = scales(rows)
    ray = minimiser(rows.gramian + np.outer(scale, scale), scale)
    return ray / (scale @ ray)


def unit(rows: Rows) -> int:
    """The exponent of the shortest row, in whose unit MGDA works."""
    zero = rows.gramian.diagonal() == 0
    return int(rows.exponents[zero].min() if zero.any() else rows.exponents.min())


def scales(rows: Rows) -> Matrix:
    """t_i = 2**(unit - exponent_i): one for the shortest row, less for the others."""
    zero = rows.gramian.diagonal() == 0
    if zero.any():
        share: Matrix = zero.astype(np.float64)
        return share
    scale: Matrix = np.ldexp(1.0, unit(rows) - rows.exponents)
    return scale
