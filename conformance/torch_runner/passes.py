"""The two passes over a jacobian: inner products of its rows, and weighted sums of them.

Neither copies more than a piece of the jacobian. In the first, numbers narrower than float64
are multiplied in float32, summed over blocks of columns, and the sums of the blocks in float64, so
that the error does not grow with the width. With few rows on one thread a block is one dot product
of each pair, by a kernel that keeps many sums side by side; with many rows, on several threads and
on other devices, a batch of small matrix products is faster.
"""

from collections.abc import Iterator
from math import isfinite
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from conformance.torch_runner.shapes import Matrix

Numbers = NDArray[np.floating[Any]]

WIDE = frozenset({torch.float32, torch.float64})
"""Dtypes in which products are formed; numbers of others are copied to float32 for it."""

BLOCK = 2048
"""Columns that one float32 matrix product sums, at most, before float64 takes over."""

SHORT = 256
"""The same where the blocks are so few that their errors do not cancel."""

MANY = 32
"""Blocks whose errors cancel."""

DOT = 1024
"""Columns that one dot product sums, at most."""

LEAST = 4
"""Blocks at the least, so that their errors cancel a little."""

FEW = 12
"""Rows up to which dot products of all pairs are faster than matrix products."""

PIECE = 2**16
"""Columns read at a time: what the caches keep while all pairs are formed."""


def products(values: Tensor) -> Matrix:
    """The inner products (T, T) in float64 of the rows of a matrix (T, d) on any device."""
    one = alone(values)
    with np.errstate(over="ignore", invalid="ignore"):  # who asks looks at what comes out
        if one and len(values) <= FEW and values.shape[1] >= DOT:
            return dots(values)
        if values.dtype != torch.float64:
            return as_matrix(batched(values))
        if not one:
            return as_matrix(values @ values.T)
        rows: Matrix = values.numpy()
        return rows @ rows.T


def alone(values: Tensor) -> bool:
    """Whether one thread of the processor does the work: numpy's calls then cost the least."""
    return values.is_cpu and torch.get_num_threads() == 1


def as_matrix(tensor: Tensor) -> Matrix:
    """A small float64 tensor, from any device, as the numpy matrix that the methods work on."""
    matrix: Matrix = tensor.cpu().numpy()
    return matrix


def pieces(values: Tensor) -> Iterator[tuple[slice, Tensor]]:
    """Columns of a matrix and what stands there, as a view, or a copy in float32 if narrower."""
    single = values.dtype in WIDE
    for start in range(0, values.shape[1], PIECE):
        columns = slice(start, start + PIECE)
        yield columns, values[:, columns] if single else values[:, columns].float()


def arrays(values: Tensor) -> Iterator[Numbers]:
    """The pieces as arrays."""
    if values.dtype in WIDE:
        rows: Numbers = values.numpy()
        for start in range(0, values.shape[1], PIECE):
            yield rows[:, start : start + PIECE]
    else:
        for _, piece in pieces(values):
            yield piece.numpy()


def dots(values: Tensor) -> Matrix:
    """The products by dot products of all pairs, block by block, piece by piece."""
    tasks = len(values)
    above, rests = np.zeros((tasks, tasks)), None
    for piece in arrays(values if values.stride(1) == 1 else values.contiguous()):
        width = piece.shape[1]
        count = 1 if piece.dtype == np.float64 else max(min(LEAST, width), -(-width // DOT))
        size = width // count  # as even as can be, so that few columns are left
        above += np.add.reduce(paired(piece[:, : count * size], size), 2, np.float64)
        if count * size < width:
            rest = piece[:, count * size :].astype(np.float64)
            found = rest @ rest.T
            rests = found if rests is None else rests + found
    total = above + above.T
    total.flat[:: tasks + 1] /= 2  # exact, and the diagonal was added to itself
    return total if rests is None else total + rests


def paired(rows: Numbers, size: int) -> Numbers:
    """The dot product (T, T, n) of row j with row i >= j in each of n blocks; zero elsewhere.

    As products of one row and one column each, which numpy leaves to the dot product of BLAS.
    """
    tasks, count = len(rows), rows.shape[1] // size
    blocks = rows.reshape(tasks, count, 1, size)
    columns = blocks.transpose(0, 1, 3, 2)
    sums = np.zeros((tasks, tasks, count, 1, 1), dtype=rows.dtype)
    for task in range(tasks):
        np.matmul(blocks[: task + 1], columns[task], out=sums[: task + 1, task])
    return sums.reshape(tasks, tasks, count)


def batched(values: Tensor) -> Tensor:
    """The products by a batch of matrix products, one for each block of columns."""
    size = BLOCK if values.shape[1] >= MANY * BLOCK else SHORT
    total = torch.zeros((len(values), len(values)), dtype=torch.float64, device=values.device)
    whole = [(..., values)] if values.dtype == torch.float32 else pieces(values)
    for _, piece in whole:
        count = piece.shape[1] // size
        head = piece[:, : count * size].reshape(len(values), count, size).transpose(0, 1)
        rest = piece[:, count * size :].double()
        total += torch.bmm(head, head.transpose(1, 2)).sum(0, dtype=torch.float64)
        total += rest @ rest.T
    return total


def weighted(values: Tensor, weights: Matrix, divisor: int = 1) -> Tensor:
    """sum_i w_i values_i / divisor (d,) for weights (T,), (k, d) for (k, T), in their dtype."""
    if values.dtype not in WIDE:
        return narrow(values, weights, divisor)
    if alone(values):
        kind = np.float64 if values.dtype == torch.float64 else np.float32
        with np.errstate(over="ignore", invalid="ignore"):
            result = torch.from_numpy(np.dot(weights.astype(kind, copy=False), values.numpy()))
    else:
        factors = torch.from_numpy(weights).to(values)
        result = room((*weights.shape[:-1], values.shape[1]), values)
        if weights.ndim == 1:
            torch.mv(values.T, factors, out=result)
        else:
            torch.mm(factors, values, out=result)
    return result if divisor == 1 else result.div_(divisor)


def mean(values: Tensor, divisor: int) -> tuple[Tensor, bool]:
    """The sum (d,) of the rows over a divisor, in their dtype, and whether it is finite for sure.

    The sum of its squares tells that, taken piece by piece while the pieces are in the cache.
    """
    if not alone(values) or values.dtype not in WIDE:
        result = weighted(values, np.ones(len(values)), divisor)
        return result, bool(torch.isfinite(result.sum()))
    rows = values.numpy()
    ones, found = np.ones(len(rows), rows.dtype), np.empty(rows.shape[1], rows.dtype)
    square = 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, len(found), PIECE):
            piece = found[start : start + PIECE]
            np.dot(ones, rows[:, start : start + PIECE], out=piece)
            if divisor > 1:
                piece /= divisor
            square += float(piece @ piece)
    return torch.from_numpy(found), isfinite(square)


def narrow(values: Tensor, weights: Matrix, divisor: int) -> Tensor:
    """The same of rows narrower than float32, each sum rounded once, piece by piece."""
    factors = torch.from_numpy(weights).to(values.device, torch.float32)
    shape = (*weights.shape[:-1], values.shape[1])
    result = torch.empty(shape, dtype=values.dtype, device=values.device)
    for columns, piece in pieces(values):
        result[..., columns] = factors @ piece / divisor
    return result


def room(shape: tuple[int, ...], like: Tensor) -> Tensor:
    """An empty tensor; on the CPU of numpy's memory, whose large pages are quicker to come by."""
    if like.device.type != "cpu":
        return torch.empty(shape, dtype=like.dtype, device=like.device)
    kind = np.float64 if like.dtype == torch.float64 else np.float32
    return torch.from_numpy(np.empty(shape, dtype=kind))
