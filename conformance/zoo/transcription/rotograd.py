"""RotoGrad in numpy."""

from collections.abc import Mapping
from math import isqrt
from typing import Any

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs

State = Mapping[str, Any]


def answer(
    jacobian: Array,
    *,
    rotations: Array | None = None,
    mode: str = "both",
    burn_in: float = 20,
    state: State | None = None,
) -> tuple[Outputs, State]:
    """Gradient of the representation, the tasks' parts and the next rotations; the next state."""
    held = started(jacobian, rotations) if state is None else state
    turned = turned_back(jacobian, held["rotations"])
    lengths = np.linalg.norm(turned, axis=1)
    anew = state is None or held["step"] == burn_in > 0
    kept = lengths if anew else held["lengths"]
    units = turned / np.where(lengths > 0, lengths, 1)[:, None]
    parts = turned if mode == "rotate" else units * common(lengths, kept)
    after = {"step": held["step"] + 1, "lengths": kept, "rotations": held["rotations"]}
    outputs = {"direction": parts.sum(0), "task_gradients": parts}
    if mode != "scale":
        after["rotations"] = followed(jacobian, held["rotations"], units.sum(0))
        outputs["rotations"] = after["rotations"].reshape(len(jacobian), -1)
    return outputs, after


def started(jacobian: Array, rotations: Array | None) -> State:
    """A fresh state with the rotations that are given, or the identity."""
    tasks, width = jacobian.shape
    if rotations is None:
        return {"step": 0, "rotations": np.broadcast_to(np.eye(width), (tasks, width, width))}
    size = isqrt(rotations.shape[1])
    if rotations.shape != (tasks, size * size) or width % size:
        message = f"rotations must be ({tasks}, m m), m a divisor of {width}"
        raise ValueError(message)
    return {"step": 0, "rotations": rotations.reshape(tasks, size, size)}


def turned_back(jacobian: Array, turns: Array) -> Array:
    """R' x for every sample x of every task."""
    tasks, size = len(turns), turns.shape[-1]
    found: Array = (jacobian.reshape(tasks, -1, size) @ turns).reshape(tasks, -1)
    return found


def common(lengths: Array, kept: Array) -> float:
    """The lengths' mean, weighed by their ratios to those kept."""
    if not kept.all() or not lengths.any():
        message = "rotograd is undefined: there is no common length"
        raise ValueError(message)
    shares = lengths / kept
    return float(shares @ lengths / shares.sum())


def followed(jacobian: Array, turns: Array, reference: Array) -> Array:
    """The best rotations."""
    found: Array = np.stack([best(*each, reference) for each in zip(jacobian, turns, strict=True)])
    return found


def best(row: Array, turn: Array, reference: Array) -> Array:
    """The rotation nearest to sum_n row_n v_n'; a row of zeros keeps its own."""
    if not row.any():
        return turn
    size = len(turn)
    left, _, right = np.linalg.svd(row.reshape(-1, size).T @ reference.reshape(-1, size))
    left[:, -1] *= np.sign(np.linalg.det(left @ right))
    found: Array = left @ right
    return found
