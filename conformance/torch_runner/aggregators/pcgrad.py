"""PCGrad: each gradient loses, in random order, what points against another task's gradient.

[PCGrad] Yu, Kumar, Gupta, Levine, Hausman and Finn, Gradient surgery for multi-task learning,
2020, Algorithm 1. The own task is left out of the order, and the results are summed.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from conformance.torch_runner.aggregation import Aggregation
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.shapes import Jacobian, Matrix

Orders = NDArray[np.int64]


def aggregate(
    jacobian: Jacobian,
    *,
    orders: Sequence[Sequence[int]] | None = None,
    generator: torch.Generator | None = None,
) -> Aggregation:
    """Direction, and each task's gradient, of a jacobian (T, d).

    ``orders`` gives for each task the other tasks in the order met; without it they are drawn
    from ``generator``. ValueError for NaN, infinities, wrong shapes, and orders that do not list
    each other task once.
    """
    rows = prepared(jacobian)
    tasks = len(rows.gramian)
    met = drawn(tasks, generator) if orders is None else checked(orders, tasks)
    projected = replayed(rows.gramian, met)
    largest = int(rows.exponents.max())
    scale = np.ldexp(1.0, rows.exponents - largest)
    direction = combined(rows, scale @ projected, largest)
    return Aggregation(direction, rows=rows, task_coefficients=projected)


def drawn(tasks: int, generator: torch.Generator | None) -> Orders:
    """For each task, the others in an order drawn uniformly: integers (T, T - 1)."""
    if tasks == 2:  # noqa: PLR2004  (each has one other: there is nothing to draw)
        return np.array([[1], [0]])
    noise = torch.rand((tasks, tasks), generator=generator, dtype=torch.float64).numpy()
    noise.flat[:: tasks + 1] = 2.0  # beyond every draw: the own task comes last, and is cut off
    return noise.argsort(1)[:, :-1]


def checked(orders: Sequence[Sequence[int]], tasks: int) -> Orders:
    """Orders as integers (T, T - 1); ValueError unless row i lists each task but i once."""
    if len(orders) != tasks:
        message = f"orders must have one row for each of {tasks} tasks (got {len(orders)})"
        raise ValueError(message)
    for task, order in enumerate(orders):
        if sorted(order) != [other for other in range(tasks) if other != task]:
            message = f"orders[{task}] must list each task but {task} once (got {list(order)})"
            raise ValueError(message)
    return np.array(orders, dtype=np.int64).reshape(tasks, tasks - 1)


def replayed(gramian: Matrix, orders: Orders) -> Matrix:
    """Coefficients (T, T): row i makes v_i of the u_j, in units of its own row's power of two.

    All tasks take their k-th step at once: v_i loses its part along the *original* g_j, if that
    is negative. A zero gradient has no part and is never divided by.
    """
    coefficients, squares = np.eye(len(gramian)), gramian.diagonal()
    tasks, steps = np.arange(len(gramian)), orders.T
    divisors = np.where(squares > 0, squares, 1)[steps]
    for other, divisor in zip(steps, divisors, strict=True):
        inner = np.add.reduce(coefficients * gramian[other], 1)
        coefficients[tasks, other] -= np.minimum(inner, 0) / divisor
    return coefficients
