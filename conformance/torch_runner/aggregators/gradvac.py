"""GradVac: each gradient is turned, in random order, until it agrees with the others as usual.

[GradVac] Wang, Tsvetkov, Firat and Cao, Gradient vaccine: investigating and improving multi-task
optimization in massively multilingual models, 2021, equations (4) and (5). What is usual is a
running mean of the cosines met before, for each layer and each ordered pair of tasks. The own task
is left out of the order, and the results are summed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from conformance.torch_runner.aggregation import Aggregation
from conformance.torch_runner.aggregators.pcgrad import Orders, checked, drawn
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.shapes import Jacobian, Matrix


def aggregate(
    jacobian: Jacobian,
    *,
    layers: Tensor | Sequence[Sequence[int]] | None = None,
    orders: Sequence[Sequence[int]] | None = None,
    generator: torch.Generator | None = None,
    beta: float = 0.01,
    state: Mapping[str, Any] | None = None,
) -> Aggregation:
    """Direction, each task's gradient and the next state, of a jacobian (T, d).

    ``layers`` (n, 2) are half-open ranges that part the columns; ``orders`` gives for each task
    the other tasks in the order met, drawn from ``generator`` without it. ``state["targets"]`` is
    a float64 array (n, T, T). ValueError for NaN, infinities, wrong shapes, ranges, orders and
    beta. Where there is no cosine, with a zero gradient, nothing is done.
    """
    if not 0 <= beta <= 1:
        message = f"beta must lie in [0, 1] (got {beta})"
        raise ValueError(message)
    tasks = len(jacobian)
    met = drawn(tasks, generator) if orders is None else checked(orders, tasks)
    blocks = [jacobian] if layers is None else parted(jacobian, layers)
    shape = (len(blocks), tasks, tasks)
    targets = np.zeros(shape) if state is None else np.array(state["targets"])
    if targets.shape != shape:
        message = f"targets must have shape {shape} (got {targets.shape})"
        raise ValueError(message)
    found = [layer(*each, met, beta) for each in zip(blocks, targets, strict=True)]
    after = {"targets": targets}  # each layer has moved its own
    if layers is None:
        only = found[0]
        return Aggregation(only.direction, None, only.rows, only.task_coefficients, state=after)
    direction = torch.cat([part.direction for part in found])
    return Aggregation(direction, parts=tuple(found), state=after)


def parted(jacobian: Jacobian, layers: Tensor | Sequence[Sequence[int]]) -> list[Jacobian]:
    """The columns of each range; ValueError unless each begins where the one before it ends."""
    ranges = layers.tolist() if isinstance(layers, Tensor) else [list(each) for each in layers]
    ends = [0, *(last for _, last in ranges)]
    begins = [*(first for first, _ in ranges), jacobian.shape[1]]
    if ends != begins or any(first >= last for first, last in ranges):
        message = f"layers must part the columns 0 to {jacobian.shape[1]} (got {ranges})"
        raise ValueError(message)
    return [jacobian[:, first:last] for first, last in ranges]


def layer(jacobian: Jacobian, targets: Matrix, orders: Orders, beta: float) -> Aggregation:
    """What becomes of one layer; its targets (T, T) are moved in place."""
    rows = prepared(jacobian)
    made = vaccinated(rows.gramian, targets, orders, beta)
    largest = int(rows.exponents.max())
    scale = np.ldexp(1.0, rows.exponents - largest)
    direction = combined(rows, scale @ made, largest)
    return Aggregation(direction, rows=rows, task_coefficients=made)


def vaccinated(gramian: Matrix, targets: Matrix, orders: Orders, beta: float) -> Matrix:
    """Coefficients (T, T): row i makes v_i of the u_j, in units of its own row's power of two.

    All tasks take their k-th step at once. Where the cosine with the *original* g_j is below the
    target t, v_i loses its part along g_j and gains |rest| t / sqrt(1 - t^2) in its direction: so
    the squares of lengths are known without a product. Targets move by the cosines before.
    """
    tasks = np.arange(len(gramian))
    others = np.ascontiguousarray(orders.T)
    pairs = (tasks, others)
    diagonal = gramian.diagonal()
    inverse = np.divide(1, diagonal, where=diagonal > 0, out=np.zeros_like(diagonal))[others]
    roots, usual = np.sqrt(inverse), targets[pairs]
    limits = np.where((usual < 1) & (inverse > 0), usual, -np.inf)  # below it a pair is turned
    squares, sides = diagonal.copy(), gramian.copy()
    cosines, added = np.empty_like(usual), np.zeros_like(usual)
    with np.errstate(all="ignore"):  # 0/0 where there is no cosine: nan, which is below nothing
        slopes = usual / np.sqrt(1 - usual * usual)
        for step, other in enumerate(others):
            along = sides[tasks, other]
            cosine = np.divide(along * roots[step], np.sqrt(squares), out=cosines[step])
            turned = cosine < limits[step]
            if not turned.any():
                continue
            part = along * inverse[step]
            rest = np.maximum(squares - along * part, 0)
            gained = slopes[step] * np.sqrt(rest * inverse[step]) - part
            multiple = np.multiply(gained, turned, where=turned, out=added[step])
            sides += multiple[:, None] * gramian[other]
            squares = np.where(turned, rest * (1 + slopes[step] ** 2), squares)
    found = np.isfinite(cosines) & (inverse > 0)
    targets[pairs] += beta * np.where(found, np.clip(cosines, -1, 1) - usual, 0)
    coefficients = np.eye(len(gramian))
    coefficients[pairs] = added
    return coefficients
