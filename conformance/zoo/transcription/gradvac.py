"""GradVac in numpy, step by step on the gradients of each layer."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from conformance.zoo.programs import Array, balanced
from conformance.zoo.transcription import sum as total
from conformance.zoo.transcription.shapes import Orders, Outputs

Layers = Sequence[Sequence[int]]


def answer(
    jacobian: Array,
    *,
    orders: Orders,
    layers: Layers | None = None,
    beta: float = 0.01,
    state: Mapping[str, Any] | None = None,
) -> tuple[Outputs, dict[str, Any]]:
    """Each row turned towards those that it meets below the target cosine, in the given orders."""
    tasks, width = jacobian.shape
    ranges = [(0, width)] if layers is None else layers
    shape = (len(ranges), tasks, tasks)
    targets = np.zeros(shape) if state is None else state["targets"].copy()
    parts = [
        layer(jacobian[:, first:last], table, orders, beta)
        for (first, last), table in zip(ranges, targets, strict=True)
    ]
    gradients = np.concatenate(parts, axis=1)
    outputs = {
        "direction": total.answer(gradients)["direction"],
        "task_gradients": gradients,
    }
    return outputs, {"targets": targets}


def layer(jacobian: Array, targets: Array, orders: Orders, beta: float) -> Array:
    """The turned rows of one layer; its targets move in place."""
    rows, exponents = balanced(jacobian)
    turned = rows.copy()
    for task, order in enumerate(orders):
        for other in order:
            lengths = np.linalg.norm(turned[task]) * np.linalg.norm(rows[other])
            if lengths == 0:
                continue  # there is no cosine
            cosine = float(np.clip(turned[task] @ rows[other] / lengths, -1, 1))
            target = float(targets[task, other])
            if cosine < target < 1:
                turned[task] = update(turned[task], rows[other], target)
            targets[task, other] += beta * (cosine - target)
    return np.ldexp(turned, exponents[:, None])


def update(gradient: Array, row: Array, target: float) -> Array:
    """The gradient with its part along the row replaced by what the target asks for."""
    length = np.linalg.norm(row)
    rest = gradient - gradient @ row / length / length * row
    share = target / np.sqrt((1 - target) * (1 + target)) * np.linalg.norm(rest) / length
    turned: Array = rest + share * row
    return turned
