"""CAGrad-Fast: CAGrad on a few sampled tasks and the mean of all others.

[CAGrad] Liu, Liu, Jin, Stone and Liu, Conflict-averse gradient descent for multi-task learning,
2021, equation (4). The mean g0 is that of all tasks, and with all of them sampled it is CAGrad.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.aggregators.cagrad import conflict_averse
from conformance.torch_runner.gramian import combined, prepared, summed, working_copy
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
    rest = np.setdiff1d(np.arange(tasks), chosen)
    shares = np.full(len(chosen) + bool(len(rest)), 1 / tasks)
    condensed = values[torch.tensor(chosen, dtype=torch.int64, device=values.device)]
    if len(rest):
        left = summed(values[torch.as_tensor(rest, device=values.device)], len(rest))
        condensed, shares[-1] = torch.cat([condensed, left[None]]), len(rest) / tasks
    rows = replace(prepared(condensed), dtype=jacobian.dtype)
    largest = int(rows.exponents.max())
    coefficients = conflict_averse(rows, largest, c, shares)
    direction = combined(rows, coefficients, largest)
    found = np.ldexp(coefficients, largest - rows.exponents)
    weights = np.full(tasks, found[-1] / max(1, len(rest)))
    weights[chosen] = found[: len(chosen)]
    return Aggregation(direction, weights_of(jacobian, weights))


def checked(sample: Sequence[int], tasks: int) -> list[int]:
    """The tasks of a sample in rising order; ValueError where it is none."""
    chosen = sorted(int(task) for task in sample)
    if len(set(chosen)) < len(chosen) or not set(chosen) <= set(range(tasks)):
        message = f"sample must name tasks among 0 to {tasks - 1} once each (got {list(sample)})"
        raise ValueError(message)
    return chosen


def drawn(tasks: int, size: int, generator: torch.Generator | None) -> list[int]:
    """A sample of tasks drawn uniformly, in rising order."""
    order: list[int] = torch.randperm(tasks, generator=generator)[:size].tolist()
    return sorted(order)
