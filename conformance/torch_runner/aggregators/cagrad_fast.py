"""CAGrad-Fast: CAGrad on a few sampled tasks and the mean of all others.

[CAGrad] Liu, Liu, Jin, Stone and Liu, Conflict-averse gradient descent for multi-task learning,
2021, equation (4). The mean g0 is that of all tasks, and with all of them sampled it is CAGrad.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.aggregators import cagrad
from conformance.torch_runner.aggregators.cagrad import conflict_averse
from conformance.torch_runner.gramian import (
    combined,
    prepared,
    refuse_non_finite,
    summed,
    working_copy,
)
from conformance.torch_runner.passes import weighted
from conformance.torch_runner.shapes import Jacobian


def aggregate(
    jacobian: Jacobian,
    *,
    sample: Sequence[int] | None = None,
    size: int = 4,
    generator: torch.Generator | None = None,
    c: float = 0.5,
) -> Aggregation:
    """Direction and its weights on the rows of a jacobian (T, d), for c >= 0.

    ``sample`` names the tasks that count one by one; without it ``size`` of them, or all if there
    are no more, are drawn from ``generator``. ValueError for NaN, infinities, wrong shapes, c < 0,
    and a sample that names a task twice or one that there is not.
    """
    values = working_copy(jacobian)
    tasks = len(values)
    chosen = drawn(tasks, size, generator) if sample is None else checked(sample, tasks)
    rest = [task for task in range(tasks) if task not in set(chosen)]
    if not rest:
        return cagrad.aggregate(jacobian, c=c)
    shares = np.full(len(chosen) + 1, 1 / tasks)
    shares[-1] = len(rest) / tasks
    condensed = torch.cat([values[chosen], average(jacobian, values, rest)[None]])
    rows = replace(prepared(condensed), dtype=jacobian.dtype)
    largest = int(rows.exponents.max())
    coefficients = conflict_averse(rows, largest, c, shares)
    direction = combined(rows, coefficients, largest)
    found = np.ldexp(coefficients, largest - rows.exponents)
    weights = np.full(tasks, found[-1] / len(rest))
    weights[chosen] = found[: len(chosen)]
    return Aggregation(direction, weights_of(jacobian, weights))


def average(jacobian: Jacobian, values: Tensor, rest: list[int]) -> Tensor:
    """The mean of some rows, without a copy of them unless a sum on the way overflows."""
    counted = np.zeros(len(values))
    counted[rest] = 1
    mean = weighted(values, counted, len(rest))
    if torch.isfinite(mean.sum()):
        return mean
    refuse_non_finite(jacobian)
    return summed(values[rest], len(rest))


def checked(sample: Sequence[int], tasks: int) -> list[int]:
    """The tasks of a sample in rising order; ValueError where it is none."""
    chosen = sorted(int(task) for task in sample)
    if len(set(chosen)) < len(chosen) or not set(chosen) <= set(range(tasks)):
        message = f"sample must name tasks among 0 to {tasks - 1} once each (got {list(sample)})"
        raise ValueError(message)
    return chosen


def drawn(tasks: int, size: int, generator: torch.Generator | None) -> list[int]:
    """A sample of tasks drawn uniformly, in rising order; all, undrawn, where they are no more."""
    if size >= tasks:
        return list(range(tasks))
    order: list[int] = torch.randperm(tasks, generator=generator)[:size].tolist()
    return sorted(order)
