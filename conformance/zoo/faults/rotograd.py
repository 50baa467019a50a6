"""Ways in which RotoGrad goes wrong."""

from typing import Any

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import rotograd as sound
from conformance.zoo.transcription.rotograd import State
from conformance.zoo.transcription.shapes import Outputs


def forward(jacobian: Array, *, state: State | None = None, rotations: Array | None = None,
            **given: Any) -> tuple[Outputs, State]:  # noqa: ANN401  # fmt: skip
    """Turn the gradients forward by R, where the chain rule asks for R'."""
    held = dict(sound.started(jacobian, rotations) if state is None else state)
    turns = held["rotations"]
    backward = sound.turned_back(sound.turned_back(jacobian, turns.transpose(0, 2, 1)),
                                 turns.transpose(0, 2, 1))  # fmt: skip
    outputs, after = sound.answer(backward, rotations=rotations, state=state, **given)
    if "rotations" in outputs:
        units = sound.turned_back(jacobian, turns)
        summed = (units / np.linalg.norm(units, axis=1)[:, None]).sum(0)
        following = sound.followed(jacobian, turns, summed)
        outputs = {**outputs, "rotations": following.reshape(len(jacobian), -1)}
        after = {**after, "rotations": following}
    return outputs, after


def reflected(jacobian: Array, **given: Any) -> tuple[Outputs, State]:  # noqa: ANN401
    """Take U V' as it is, though its determinant may be -1."""
    outputs, after = sound.answer(jacobian, **given)
    if "rotations" not in outputs:
        return outputs, after
    held = given.get("state") or sound.started(jacobian, given.get("rotations"))
    turned = sound.turned_back(jacobian, held["rotations"])
    lengths = np.linalg.norm(turned, axis=1)
    summed = (turned / np.where(lengths > 0, lengths, 1)[:, None]).sum(0)
    size = held["rotations"].shape[-1]
    factors = [np.linalg.svd(row.reshape(-1, size).T @ summed.reshape(-1, size))
               for row in jacobian]  # fmt: skip
    turns = np.stack([left @ right for left, _, right in factors])
    flat = turns.reshape(len(jacobian), -1)
    return {**outputs, "rotations": flat}, {**after, "rotations": turns}


def averaged(jacobian: Array, **given: Any) -> tuple[Outputs, State]:  # noqa: ANN401
    """Average the tasks' parts in place of summing them."""
    outputs, after = sound.answer(jacobian, **given)
    return {**outputs, "direction": outputs["direction"] / len(jacobian)}, after


def unweighed(jacobian: Array, **given: Any) -> tuple[Outputs, State]:  # noqa: ANN401
    """Give all parts the plain mean length, forgetting the first lengths."""
    outputs, after = sound.answer(jacobian, **given)
    if given.get("mode", "both") == "rotate":
        return outputs, after
    parts = outputs["task_gradients"]
    held = given.get("state") or sound.started(jacobian, given.get("rotations"))
    turned = sound.turned_back(jacobian, held["rotations"])
    sizes = np.linalg.norm(parts, axis=1, keepdims=True)
    parts = parts / np.where(sizes > 0, sizes, 1) * np.linalg.norm(turned, axis=1).mean()
    return {**outputs, "direction": parts.sum(0), "task_gradients": parts}, after


FAULTS = (
    Fault(
        "rotograd_forward",
        "rotograd",
        "Turns the gradients by R in place of R': a transpose that identities do not show.",
        ("rotograd-rotation",),
        forward,
    ),
    Fault(
        "rotograd_reflected",
        "rotograd",
        "Takes U V' of the decomposition for a rotation, though it may be a reflection.",
        ("rotograd-rotation",),
        reflected,
    ),
    Fault(
        "rotograd_averaged",
        "rotograd",
        "Averages the gradients by the representation in place of summing them.",
        ("rotograd-rotation",),
        averaged,
    ),
    Fault(
        "rotograd_unweighed",
        "rotograd",
        "Scales to the plain mean of the lengths: the ratios to the first ones are forgotten.",
        ("sequence",),
        unweighed,
    ),
)
