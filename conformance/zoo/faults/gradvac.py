"""Ways in which GradVac goes wrong."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import gradvac as sound
from conformance.zoo.transcription.shapes import Orders, Outputs

# Takes a layer, its targets, the orders and beta; returns the turned rows.
Layer = Callable[[Array, Array, Orders, float], Array]
Stepped = tuple[Outputs, dict[str, Any]]


def cosine(left: Array, right: Array, eps: float = 0.0) -> float:
    """The cosine of two rows; 0 with a zero row."""
    lengths = np.linalg.norm(left) * np.linalg.norm(right) + eps
    return float(left @ right / lengths) if lengths else 0.0


def with_layer(layer: Layer) -> Callable[..., Stepped]:
    """GradVac with another inner loop."""

    def answer(
        jacobian: Array,
        *,
        orders: Orders,
        layers: Any = None,  # noqa: ANN401  (nested ranges)
        beta: float = 0.01,
        state: Mapping[str, Any] | None = None,
    ) -> Stepped:
        tasks, width = jacobian.shape
        ranges = [(0, width)] if layers is None else layers
        shape = (len(ranges), tasks, tasks)
        targets = np.zeros(shape) if state is None else state["targets"].copy()
        gradients = np.array(jacobian)
        for (first, last), table in zip(ranges, targets, strict=True):
            gradients[:, first:last] = layer(jacobian[:, first:last], table, orders, beta)
        outputs = {"direction": gradients.sum(axis=0), "task_gradients": gradients}
        return outputs, {"targets": targets}

    return answer


def only_on_updates(jacobian: Array, targets: Array, orders: Orders, beta: float) -> Array:
    """Move a target only where its pair is updated."""
    rows = jacobian.copy()
    for task, order in enumerate(orders):
        for other in order:
            met, target = cosine(rows[task], jacobian[other]), targets[task, other]
            if met < target < 1:
                rows[task] = sound.update(rows[task], jacobian[other], target)
                targets[task, other] += beta * (met - target)
    return rows


def after_the_update(jacobian: Array, targets: Array, orders: Orders, beta: float) -> Array:
    """Move the targets by the cosines after the updates."""
    rows = jacobian.copy()
    for task, order in enumerate(orders):
        for other in order:
            target = targets[task, other]
            if cosine(rows[task], jacobian[other]) < target < 1:
                rows[task] = sound.update(rows[task], jacobian[other], target)
            targets[task, other] += beta * (cosine(rows[task], jacobian[other]) - target)
    return rows


def one_target(jacobian: Array, targets: Array, orders: Orders, beta: float) -> Array:
    """Keep one target for all pairs."""
    rows = jacobian.copy()
    for task, order in enumerate(orders):
        for other in order:
            met, target = cosine(rows[task], jacobian[other]), float(targets[0, 0])
            if met < target < 1:
                rows[task] = sound.update(rows[task], jacobian[other], target)
            targets[:] = target + beta * (met - target)
    return rows


def itself_too(jacobian: Array, targets: Array, orders: Orders, beta: float) -> Array:
    """Let each task meet itself too, after the others."""
    extended = [[*order, task] for task, order in enumerate(orders)]
    return sound.layer(jacobian, targets, extended, beta)


def damped(jacobian: Array, targets: Array, orders: Orders, beta: float) -> Array:
    """Add 1e-8 to the product of the lengths."""
    rows = jacobian.copy()
    for task, order in enumerate(orders):
        for other in order:
            row, target = jacobian[other], targets[task, other]
            met = cosine(rows[task], row, 1e-8)
            if met < target < 1:
                slope = target * np.sqrt(1 - met * met) - met * np.sqrt(1 - target * target)
                below = np.linalg.norm(row) * np.sqrt(1 - target * target) + 1e-8
                rows[task] = rows[task] + np.linalg.norm(rows[task]) * slope / below * row
            targets[task, other] += beta * (met - target)
    return rows


FAULTS = (
    Fault(
        "gradvac_target_on_updates_only",
        "gradvac",
        "Moves a target only where its pair is updated, as code with the line indented too far "
        "does.",
        ("sequence",),
        with_layer(only_on_updates),
    ),
    Fault(
        "gradvac_target_after_update",
        "gradvac",
        "Moves the targets by the cosines after the updates, as code that takes them anew does.",
        ("sequence",),
        with_layer(after_the_update),
    ),
    Fault(
        "gradvac_one_target",
        "gradvac",
        "Keeps one running mean for all pairs of tasks.",
        ("sequence",),
        with_layer(one_target),
    ),
    Fault(
        "gradvac_self_projection",
        "gradvac",
        "Lets the loop over the others run over the task itself, as LibMTL does.",
        ("accuracy",),
        with_layer(itself_too),
    ),
    Fault(
        "gradvac_damped",
        "gradvac",
        "Adds an absolute 1e-8 to products of lengths, as TorchJD and LibMTL do.",
        ("homogeneous",),
        with_layer(damped),
    ),
)
