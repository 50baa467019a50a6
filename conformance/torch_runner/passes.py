"""The two passes over a jacobian: inner products of its rows, and weighted sums of them.

Neither copies more than a piece of the jacobian. In the first, numbers narrower than float64
are multiplied in float32, summed over blocks of columns, and the sums of the blocks in float64, so
that the error does not grow with the width. With few rows on one thread a block is one dot product
of each pair, by a kernel that keeps many sums side by side; with many rows, on several threads and
on other devices, a batch of small matrix products is faster.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from conformance.torch_runner.shapes import Matrix

Numbers = NDArray[np.floating[Any]]

BLOCK = 2048
"""Columns that one float32 matrix product sums, at most, before float64 takes over."""

SHORT = 256
"""The same where the blocks are so few that their errors do not cancel."""

MANY = 32
"""Blocks whose errors cancel."""

DOT = 1024
"""Columns that one dot product sums."""

FEW = 12
"""Rows up to which dot products of all pairs are faster than matrix products."""

PIECE = 2**16
"""Columns read at a time: what the caches keep while all pairs are formed."""


def products(values: Tensor) -> Matrix:
    """The inner products (T, T) in float64 of the rows of a matrix (T, d) on any device."""
    alone = values.device.type == "cpu" and torch.get_num_threads() == 1
    with np.errstate(over="ignore", invalid="ignore"):  # who asks looks at what comes out
        if alone and len(values) <= FEW and values.shape[1] >= DOT:
            return dots(values)
        if values.dtype != torch.float64:
            return as_matrix(batched(values))
        if not alone:
            return as_matrix(values @ values.T)
        rows: Matrix = values.numpy()
        return rows @ rows.T


def as_matrix(tensor: Tensor) -> Matrix:
    """A small float64 tensor, from any device, as the numpy matrix that the methods work on."""
    matrix: Matrix = tensor.cpu().numpy()
    return matrix


def pieces(values: Tensor) -> Iterator[tuple[slice, Tensor]]:
    """Columns of a matrix and what stands there, as a view, or a copy in float32 if narrower."""
    single = values.dtype in {torch.float32, torch.float64}
    for start in range(0, values.shape[1], PIECE):
        columns = slice(start, start + PIECE)
        yield columns, values[:, columns] if single else values[:, columns].float()


def dots(values: Tensor) -> Matrix:
    """The products by dot products of all pairs, block by block, piece by piece."""
    tasks = len(values)
    total = np.zeros((tasks, tasks))
    for _, tensor in pieces(values if values.stride(1) == 1 else values.contiguous()):
        piece: Numbers = tensor.numpy()
        count = piece.shape[1] // DOT
        blocks = piece[:, : count * DOT].reshape(tasks, count, DOT)
        sums = np.zeros((tasks, tasks, count), dtype=piece.dtype)
        for task, row in enumerate(blocks):
            paired(blocks[: task + 1], row, sums[: task + 1, task])
        total += sums.sum(2, dtype=np.float64)
        rest = piece[:, count * DOT :].astype(np.float64)
        total += np.triu(rest @ rest.T)
    total += total.T
    total.flat[:: tasks + 1] /= 2  # exact, and the diagonal was added to itself
    return total


def paired(rows: Numbers, row: Numbers, sums: Numbers) -> None:
    """Write the sums (k, n) of each block of the rows (k, n, DOT) times that of one (n, DOT).

    As products of one row and one column each, which numpy leaves to the dot product of BLAS.
    """
    np.matmul(rows[:, :, None, :], row[:, :, None], out=sums[:, :, None, None])


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
    wide = torch.promote_types(values.dtype, torch.float32)
    factors = torch.from_numpy(weights).to(values.device, wide)
    shape = (*weights.shape[:-1], values.shape[1])
    if wide == values.dtype:
        result = room(shape, values)
        if weights.ndim == 1:
            torch.mv(values.T, factors, out=result)
        else:
            torch.mm(factors, values, out=result)
        return result if divisor == 1 else result.div_(divisor)
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
