"""Trimmed mean: in every coordinate the mean of what is left without the largest and smallest.

[TrimmedMean] Yin, Chen, Ramchandran and Bartlett, Byzantine-robust distributed learning: towards
optimal statistical rates, 2018. On the CPU the largest and the smallest entries are moved to the
ends row by row, piece by piece of the columns: a few comparisons where sorting takes many.
"""

import numpy as np
import torch
from torch import Tensor

from conformance.torch_runner.aggregation import Aggregation
from conformance.torch_runner.aggregators.krum import whole
from conformance.torch_runner.gramian import refuse_non_finite, times_power, working_copy
from conformance.torch_runner.passes import Numbers, room
from conformance.torch_runner.shapes import Direction, Jacobian

CACHED = 2**17
"""Numbers of the jacobian that are handled at a time: they stay in the cache."""

SMALLER = -16
"""The power of two at which rows near the largest number are added up."""


def aggregate(jacobian: Jacobian, *, trim_number: float = 0) -> Aggregation:
    """Direction of a jacobian (T, d); trim_number entries are left out at either end.

    ValueError for NaN, infinities and wrong shapes, and a trim_number that leaves nothing.
    """
    values = working_copy(jacobian)
    trimmed = whole("trim_number", trim_number, 0, (len(values) - 1) // 2)
    direction, finite = middle(values, trimmed)
    if not finite:
        refuse_non_finite(jacobian)
        smaller, _ = middle(times_power(values, SMALLER), trimmed)
        direction = times_power(smaller, -SMALLER)
    return Aggregation(direction.to(jacobian.dtype))


def middle(values: Tensor, trimmed: int) -> tuple[Direction, bool]:
    """The trimmed means, and whether the sums of all columns were finite."""
    tasks, width = values.shape
    wide = torch.promote_types(values.dtype, torch.float32)
    if values.device.type != "cpu":
        kept = values.to(wide).sort(dim=0).values[trimmed : tasks - trimmed].mean(0)
        return kept, bool(torch.isfinite(values.sum() + kept.sum()))
    direction = room((width,), torch.empty(0, dtype=wide))
    found, finite = direction.numpy(), True
    step = max(1, CACHED // tasks)
    with np.errstate(all="ignore"):  # who asks looks at what is finite
        for start in range(0, width, step):
            piece: Numbers = values[:, start : start + step].to(wide, copy=True).numpy()
            seen = piece.sum()
            kept_rows = between(piece, trimmed)
            mean = sum(kept_rows[1:], kept_rows[0].copy()) / len(kept_rows)
            finite = finite and bool(np.isfinite(seen + mean.sum()))
            found[start : start + step] = mean
    return direction, finite


def between(piece: Numbers, trimmed: int) -> list[Numbers]:
    """The rows of a piece (T, n) that are left, once their entries are moved along the columns.

    Each round carries the largest entry of every column to the last row that counts, then the
    smallest to the first: both rows count no more.
    """
    rows, spare = list(piece), np.empty_like(piece[0])
    for _ in range(trimmed):
        for place in range(len(rows) - 1):
            np.minimum(rows[place], rows[place + 1], out=spare)
            np.maximum(rows[place], rows[place + 1], out=rows[place + 1])
            rows[place], spare = spare, rows[place]
        rows.pop()
        for place in range(len(rows) - 1, 0, -1):
            np.maximum(rows[place - 1], rows[place], out=spare)
            np.minimum(rows[place - 1], rows[place], out=rows[place - 1])
            rows[place], spare = spare, rows[place]
        rows.pop(0)
    return rows
