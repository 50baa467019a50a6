"""RotoGrad: gradients by a shared representation, rotated towards each other and made equal.

[JV22] Javaloy and Valera, RotoGrad: gradient homogenization in multitask learning, 2022; the
rotations are the Procrustes optimum, found by a singular value decomposition.
"""

from collections.abc import Mapping
from math import isqrt
from typing import Any

import torch
from torch import Tensor

from conformance.torch_runner.aggregation import Aggregation
from conformance.torch_runner.gramian import refuse_non_finite
from conformance.torch_runner.shapes import Jacobian

MODES = ("both", "rotate", "scale")


def aggregate(
    jacobian: Jacobian,
    *,
    rotations: Tensor | None = None,
    mode: str = "both",
    burn_in: float = 20,
    state: Mapping[str, Any] | None = None,
) -> Aggregation:
    """Gradient of the representation (d,), each task's part (T, d), and the next rotations.

    ``jacobian`` (T, b m) has the gradients by the rotated representations, sample after sample;
    ``rotations`` (T, m m) the rotations before the first step, the identity without it. ValueError
    for what is not finite, another mode or shape, and where there is no common length.
    """
    if mode not in MODES or not 0 <= burn_in < float("inf"):
        message = f"mode must be one of {MODES}, burn_in not negative (got {mode!r}, {burn_in})"
        raise ValueError(message)
    refuse_non_finite(jacobian)
    rows = jacobian.double()
    turns, step = first(rows, rotations), 0
    if state is not None:
        turns, step = state["rotations"], state["step"]
    tasks, size = len(turns), turns.shape[-1]
    turned = (rows.reshape(tasks, -1, size) @ turns).reshape(tasks, -1)
    lengths = lengths_of(turned)
    anew = state is None or step == burn_in > 0
    kept = lengths if anew or state is None else state["lengths"]
    units = turned / torch.where(lengths > 0, lengths, 1)[:, None]
    parts = turned if mode == "rotate" else units * common(lengths, kept)
    outputs = {"task_gradients": parts.to(jacobian.dtype)}
    if mode != "scale":
        turns = followed(rows, turns, units.sum(0))
        outputs["rotations"] = turns.reshape(tasks, -1).to(jacobian.dtype)
    after = {"step": step + 1, "lengths": kept, "rotations": turns}
    return Aggregation(parts.sum(0).to(jacobian.dtype), outputs=outputs, state=after)


def first(rows: Tensor, rotations: Tensor | None) -> Tensor:
    """The rotations (T, m, m) of a fresh state."""
    tasks, width = rows.shape
    if rotations is None:
        return torch.eye(width).to(rows).expand(tasks, width, width)
    if not torch.isfinite(rotations).all():
        message = "rotations must be finite"
        raise ValueError(message)
    size = isqrt(rotations.shape[-1])
    if rotations.shape != (tasks, size * size) or width % size:
        wanted = f"({tasks}, m m), m a divisor of {width}"
        message = f"rotations must have shape {wanted} (got {tuple(rotations.shape)})"
        raise ValueError(message)
    return rotations.double().reshape(tasks, size, size)


def lengths_of(rows: Tensor) -> Tensor:
    """The lengths (T,) of rows, safe from overflow and underflow."""
    largest = rows.abs().amax(1)
    scale = torch.where(largest > 0, largest, 1)
    found: Tensor = scale * torch.linalg.vector_norm(rows / scale[:, None], dim=1)
    return found


def common(lengths: Tensor, kept: Tensor) -> Tensor:
    """The common length: the mean of the lengths, weighed by their ratios to those kept."""
    if (kept == 0).any() or not (lengths > 0).any():
        message = "rotograd is undefined where a length that is kept, or every length, is 0"
        raise ValueError(message)
    shares = lengths / kept
    found: Tensor = (shares / shares.sum()) @ lengths
    return found


def followed(rows: Tensor, turns: Tensor, reference: Tensor) -> Tensor:
    """The rotations (T, m, m) that bring the reference's samples nearest to the rows'.

    U V' of the decomposition, its last direction turned round where the determinant is -1; a row
    of zeros keeps its own.
    """
    tasks, size = len(turns), turns.shape[-1]
    lengths = lengths_of(rows)
    samples = (rows / torch.where(lengths > 0, lengths, 1)[:, None]).reshape(tasks, -1, size)
    left, _, right = torch.linalg.svd(samples.transpose(1, 2) @ reference.reshape(-1, size))
    left[..., -1] *= torch.linalg.det(left @ right).sign()[:, None]
    best: Tensor = left @ right
    return torch.where((lengths > 0)[:, None, None], best, turns)
