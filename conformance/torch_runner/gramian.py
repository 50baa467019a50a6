"""A jacobian made ready for a method: its Gramian in float64, and combinations of its rows.

Between the two passes stands the method, which sees T x T numbers only. Rows are told as
g_i = 2**exponents_i u_i with 1/4 <= ||u_i||^2 < 1, and the Gramian is that of the u_i, so that no
method meets a number that is large or small because of a row's length. Powers of two round
nothing. The rows themselves are rescaled only where products of them would leave the range of
their dtype.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor

from conformance.torch_runner.passes import BLOCK, as_matrix, mean, products, weighted
from conformance.torch_runner.shapes import Direction, Exponents, Jacobian, Matrix

OUTRIGHT = 2**14
"""Numbers up to which a narrow jacobian is copied to float64 outright: it costs microseconds."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A jacobian made ready: row i is 2**shift_i values_i = 2**exponents_i u_i.

    ``gramian`` (T, T) is that of the u_i; its entries are off by about ``resolution``, the unit
    in which a method tells zero from rounding.
    """

    dtype: torch.dtype
    values: Tensor
    shift: Exponents
    gramian: Matrix
    exponents: Exponents
    resolution: float


def prepared(jacobian: Jacobian) -> Rows:
    """Rows of a jacobian (T, d); ValueError for NaN, infinities and wrong shapes, naming where."""
    values = working_copy(jacobian)
    shift = np.zeros(len(values), dtype=np.int64)
    matrix = products(values)
    if not in_range(matrix.diagonal(), *squares_kept(values.dtype, jacobian.dtype)):
        refuse_non_finite(jacobian)
        values, shift = rescaled(values)
        matrix = products(values)
    lengths = np.frexp(np.sqrt(matrix.diagonal()))[1]
    scale = np.ldexp(1.0, -lengths)
    gramian = scale[:, None] * matrix * scale
    return Rows(jacobian.dtype, values, shift, gramian, lengths + shift, resolution(values))


def working_copy(jacobian: Jacobian) -> Tensor:
    """The rows in the dtype that the passes use: float64, or float32 where that is large."""
    if not jacobian.is_floating_point():
        message = f"jacobian must hold floating-point numbers (got {jacobian.dtype})"
        raise TypeError(message)
    if jacobian.ndim != 2:  # noqa: PLR2004  (a matrix has two axes)
        message = f"jacobian must have shape (T, d) (got {tuple(jacobian.shape)})"
        raise ValueError(message)
    if len(jacobian) == 0:
        message = f"jacobian must have at least one row (got {tuple(jacobian.shape)})"
        raise ValueError(message)
    values = jacobian.detach()
    return values.double().contiguous() if values.numel() <= OUTRIGHT else values


@cache
def squares_kept(dtype: torch.dtype, source: torch.dtype) -> tuple[float, float]:
    """Bounds on squares of lengths between which no product is lost.

    float64 products of narrower numbers never leave the range. Otherwise the smallest product
    that counts beside a square s is about u**2 s, which must stay above the smallest normal
    number; a square of zero is either a zero row or underflow, and so has to be looked at.
    """
    if dtype == torch.float64 and source != torch.float64:
        return 0.0, torch.finfo(dtype).max
    limits = torch.finfo(torch.promote_types(dtype, torch.float32))
    return limits.tiny / limits.eps**2, limits.max * limits.eps


def in_range(numbers: Matrix, low: float, high: float) -> bool:
    """Whether all numbers lie between the bounds; NaN does not."""
    return all(low <= each <= high for each in numbers.tolist())


def refuse_non_finite(jacobian: Jacobian) -> None:
    """Raise ValueError naming the first entry that is NaN or infinite, if there is one."""
    wrong = torch.nonzero(~torch.isfinite(jacobian))
    if len(wrong):
        row, column = wrong[0].tolist()
        message = f"jacobian[{row}, {column}] is {jacobian[row, column].item()}"
        raise ValueError(message)


def rescaled(values: Tensor) -> tuple[Tensor, Exponents]:
    """The rows divided by powers of two that bring their largest entry into [1/2, 1)."""
    values = values.to(torch.promote_types(values.dtype, torch.float32))
    largest = as_matrix(values.abs().amax(1).double()) if values.shape[1] else np.zeros(len(values))
    shift = np.frexp(largest)[1].astype(np.int64)
    return times_power(values, -shift[:, None]), shift


def times_power(values: Tensor, exponent: Exponents | int) -> Tensor:
    """Values times 2**exponent in two steps, for one factor may itself be out of range."""
    half = np.floor_divide(exponent, 2)
    for part in (half, exponent - half):
        values = values * torch.as_tensor(np.ldexp(1.0, part)).to(values)
    return values


def resolution(values: Tensor) -> float:
    """How far an entry of the Gramian may be off, in products of lengths.

    float64: (d + 2) u, the worst case for an inner product of length d. Blocks of float32:
    sqrt(BLOCK) u, what rounding errors of an inner product of that length amount to with
    overwhelming probability (Higham and Mary, 2019), each block having its own.
    """
    if values.dtype == torch.float64:
        return (values.shape[1] + 2) * torch.finfo(torch.float64).eps / 2
    return float(BLOCK**0.5 * torch.finfo(torch.float32).eps / 2)


def combined(rows: Rows, coefficients: Matrix, exponent: int = 0) -> Direction:
    """2**exponent sum_i c_i u_i for coefficients (T,), or for each row of coefficients (k, T)."""
    weights = np.ldexp(coefficients, exponent - rows.exponents + rows.shift)
    values, rest = rows.values, 0
    if not representable(weights, values.dtype):
        values, shift = rescaled(values)
        weights = np.ldexp(coefficients, rows.shift + shift - rows.exponents)
        rest = int(np.frexp(np.abs(weights).max())[1])
        weights, rest = np.ldexp(weights, -rest), rest + exponent
    if rest:
        return times_power(weighted(values, weights), rest).to(rows.dtype)
    return weighted(values, weights).to(rows.dtype)


def representable(weights: Matrix, dtype: torch.dtype) -> bool:
    """Whether weights that count are so far from the ends of the range that no product is lost."""
    low, high = weights_kept(dtype)
    return all(low <= abs(each) <= high for each in weights.ravel().tolist() if each)


@cache
def weights_kept(dtype: torch.dtype) -> tuple[float, float]:
    """Bounds on the magnitudes of weights that lose no product."""
    limits = torch.finfo(torch.promote_types(dtype, torch.float32))
    return limits.tiny**0.5, limits.max**0.5


def summed(jacobian: Jacobian, divisor: int = 1) -> Direction:
    """The sum of the rows of a jacobian (T, d) over a divisor: one pass, and no Gramian.

    A number that is NaN or infinite shows in the sum; so does a partial sum that overflowed on
    the way to a direction that the dtype can hold, which is then summed at another scale.
    """
    values = working_copy(jacobian)
    found, finite = mean(values, divisor)
    direction = found.to(jacobian.dtype)
    if finite or torch.isfinite(direction.sum()):
        return direction
    refuse_non_finite(jacobian)
    scale = int(np.frexp(float(values.abs().max()))[1])
    smaller, _ = mean(times_power(values, -scale), divisor)
    return times_power(smaller, scale).to(jacobian.dtype)
