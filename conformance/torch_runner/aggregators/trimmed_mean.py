"""Trimmed mean: in every coordinate the mean of what is left without the largest and smallest.

[TrimmedMean] Yin, Chen, Ramchandran and Bartlett, Byzantine-robust distributed learning: towards
optimal statistical rates, 2018. Columns are sorted piece by piece.
"""

import torch
from torch import Tensor

from conformance.torch_runner.aggregation import Aggregation
from conformance.torch_runner.aggregators.krum import whole
from conformance.torch_runner.gramian import refuse_non_finite, times_power, working_copy
from conformance.torch_runner.shapes import Direction, Jacobian

CACHED = 2**17
"""Numbers of the jacobian that are sorted at a time: they stay in the cache."""

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
    step = max(1, CACHED // tasks)
    wide = torch.promote_types(values.dtype, torch.float32)
    direction = torch.empty(width, dtype=wide, device=values.device)
    total = torch.zeros((), dtype=wide, device=values.device)
    for start in range(0, width, step):
        piece = values[:, start : start + step].to(wide)
        total += piece.sum()
        kept = piece.sort(dim=0).values[trimmed : tasks - trimmed]
        direction[start : start + step] = kept.mean(0)
    return direction, bool(torch.isfinite(total + direction.sum()))
