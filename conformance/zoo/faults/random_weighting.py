"""Ways in which random weighting goes wrong."""

from typing import Any

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import random_weighting as sound
from conformance.zoo.transcription.shapes import Outputs

_DRAWN: list[int] = []  # a backend that draws for itself keeps count, as a generator does


def times_tasks(losses: Array, *, normals: Array) -> Outputs:
    """Let the weights sum to T."""
    return {"weights": len(losses) * sound.answer(losses, normals=normals)["weights"]}


def absolute(losses: Array, *, normals: Array) -> Outputs:
    """Divide the draws' sizes by their sum."""
    sizes = np.abs(normals)
    if not sizes.any():
        return sound.answer(losses, normals=normals)
    return {"weights": sizes / sizes.sum()}


def uniform(losses: Array, **_given: Any) -> Outputs:  # noqa: ANN401
    """Draw from (0, 1) in place of the normal distribution."""
    _DRAWN.append(len(losses))
    draws = np.random.default_rng(len(_DRAWN)).random(len(losses))
    return sound.answer(losses, normals=draws)


def frozen(losses: Array, **_given: Any) -> Outputs:  # noqa: ANN401
    """Draw with the same seed at every step."""
    return sound.answer(losses, normals=np.random.default_rng(0).standard_normal(len(losses)))


FAULTS = (
    Fault(
        "random_weighting_times_tasks",
        "random_weighting",
        "Multiplies the weights by T and does not declare it.",
        ("rlw-replay",),
        times_tasks,
    ),
    Fault(
        "random_weighting_absolute",
        "random_weighting",
        "Divides the draws' sizes by their sum in place of a softmax.",
        ("rlw-replay",),
        absolute,
    ),
    Fault(
        "random_weighting_uniform",
        "random_weighting",
        "Draws from (0, 1), as code that calls rand for randn does.",
        ("rlw-normals",),
        uniform,
        {"randomness": "uncontrolled"},
    ),
    Fault(
        "random_weighting_frozen",
        "random_weighting",
        "Seeds its generator anew at every step, so that the weights never change.",
        ("rlw-normals",),
        frozen,
        {"randomness": "uncontrolled"},
    ),
)
