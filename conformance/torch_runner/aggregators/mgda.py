"""MGDA: the shortest vector in the convex hull of the task gradients.

[MGDA] Desideri, Multiple-gradient descent algorithm for multiobjective optimization, 2012; Sener
and Koltun, Multi-task learning as multi-objective optimization, 2018.
"""

import numpy as np
import torch

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.gramian import Rows, combined, prepared
from conformance.torch_runner.nonnegative import dominated, minimiser
from conformance.torch_runner.passes import as_matrix
from conformance.torch_runner.shapes import Exponents, Jacobian, Matrix

NORMALIZATIONS = ("none", "l2", "loss", "loss+")


def aggregate(
    jacobian: Jacobian, *, losses: torch.Tensor | None = None, normalization: str = "none"
) -> Aggregation:
    """Direction and weights on the simplex; a zero row takes all the weight.

    With a normalization the weights are those of the rows over their lengths ("l2"), losses (T,)
    ("loss") or both ("loss+"), and the raw rows are combined. ValueError for NaN, infinities and
    wrong shapes, for an unknown normalization, for losses that are missing or not positive and for
    a row of zeros where they are divided by.
    """
    if normalization not in NORMALIZATIONS:
        message = f"normalization must be one of {NORMALIZATIONS} (got {normalization!r})"
        raise ValueError(message)
    rows = prepared(jacobian)
    known = checked(losses, len(rows.gramian), normalization)
    if normalization != "none":
        return raw(jacobian, rows, *divisors(rows, known, normalization))
    exponent, scale = units(rows)
    coefficients = of_hull(rows, scale)
    direction = combined(rows, coefficients, exponent)
    return Aggregation(direction, weights_of(jacobian, coefficients * scale))


def checked(losses: torch.Tensor | None, tasks: int, normalization: str) -> Matrix:
    """The losses (T,) in float64, 1 where they are not asked for; ValueError for wrong ones."""
    if losses is None:
        if normalization.startswith("loss"):
            message = f"losses must be given for normalization {normalization!r} (got none)"
            raise ValueError(message)
        return np.ones(tasks)
    known = as_matrix(losses.detach().double())
    if known.shape != (tasks,):
        message = f"losses must have shape ({tasks},) (got {known.shape})"
        raise ValueError(message)
    for task in np.flatnonzero(~np.isfinite(known)):
        message = f"losses[{task}] is {known[task]}"
        raise ValueError(message)
    return known


def divisors(rows: Rows, losses: Matrix, normalization: str) -> tuple[Matrix, Exponents]:
    """What each u_i is divided by, as numbers in [1/4, 1) times powers of two."""
    by_loss, by_length = normalization.startswith("loss"), normalization != "loss"
    lengths = np.sqrt(rows.gramian.diagonal())
    for bad, noun in ((losses <= 0, "loss"), (lengths == 0, "length")):
        if bad.any() and (by_loss if noun == "loss" else by_length):
            message = f"mgda divides by {noun} {int(np.argmax(bad))}, which is not positive"
            raise ValueError(message)
    sizes, exponents = np.frexp(losses if by_loss else np.ones(len(losses)))
    shift = exponents.astype(np.int64)
    return (sizes * lengths, shift) if by_length else (sizes, shift - rows.exponents)


def raw(jacobian: Jacobian, rows: Rows, sizes: Matrix, shift: Exponents) -> Aggregation:
    """The raw rows by the weights of the hull of the u_i / (sizes_i 2**shift_i).

    Its shortest vector is sum_i c_i u_i with t'c = 1, where t_i is the divisor over the largest.
    """
    scale = np.ldexp(sizes, shift - shift.max())
    zero = rows.gramian.diagonal() == 0
    ray = zero.astype(np.float64)
    if not zero.any():
        ray = minimiser(rows.gramian + np.outer(scale, scale), scale)
    weights = scale * ray / (scale @ ray)
    largest = int(rows.exponents.max())
    direction = combined(rows, np.ldexp(weights, rows.exponents - largest), largest)
    return Aggregation(direction, weights_of(jacobian, weights))


def shortest(rows: Rows) -> Matrix:
    """Coefficients c (T,), the shortest vector being 2**unit sum_i c_i u_i.

    With t_i = 2**(unit - exponent_i) the weights are w_i = t_i c_i. Least ||U'c||^2 over c >= 0,
    t'c = 1 has the same ray of solutions as least ||U'c||^2 + (t'c - 1)^2 over c >= 0 (Lawson and
    Hanson, 1974, section 23.4), which has a solution at Pareto-stationary points too.
    """
    return of_hull(rows, scales(rows))


def of_hull(rows: Rows, scale: Matrix) -> Matrix:
    """The same, the t_i being at hand; rows of zeros share all the weight."""
    if not rows.gramian.diagonal().all():
        share: Matrix = scale / scale.sum()
        return share
    if dominated(rows.gramian):  # well-conditioned: all rows, if all count
        free = np.linalg.solve(rows.gramian, scale)
        if (free >= 0).all():
            weights: Matrix = free / (scale @ free)
            return weights
    ray = minimiser(rows.gramian + scale[:, None] * scale, scale)
    return ray / (scale @ ray)


def unit(rows: Rows) -> int:
    """The exponent of the shortest row, in whose unit MGDA works."""
    return units(rows)[0]


def scales(rows: Rows) -> Matrix:
    """t_i = 2**(unit - exponent_i): one for the shortest row, less for the others."""
    return units(rows)[1]


def units(rows: Rows) -> tuple[int, Matrix]:
    """The exponent of the shortest row, and the t_i; rows of zeros are shorter than any other."""
    zero = rows.gramian.diagonal() == 0
    if zero.any():
        return int(rows.exponents[zero].min()), zero.astype(np.float64)
    shortest = int(rows.exponents.min())
    return shortest, np.ldexp(1.0, shortest - rows.exponents)
