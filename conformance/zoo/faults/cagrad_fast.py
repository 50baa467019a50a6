"""Ways in which CAGrad-Fast goes wrong."""

from collections.abc import Sequence

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array, ascent
from conformance.zoo.transcription import Outputs
from conformance.zoo.transcription import cagrad as full
from conformance.zoo.transcription import cagrad_fast as sound


def about(rows: Array, c: float, centre: Array) -> Outputs:
    """The direction for condensed rows about a centre."""
    radius = c * float(np.linalg.norm(centre))
    return {"direction": centre + ascent(rows, centre, radius) @ rows}


def dropped(jacobian: Array, *, sample: Sequence[int], c: float = 0.5) -> Outputs:
    """Start the loop for the remainder one task too late, and divide as though it were right."""
    chosen = sound.checked(sample, len(jacobian))
    left, kept = len(jacobian) - len(chosen) + 1, list(sample)[:-1]
    centre = jacobian.mean(axis=0)
    rest = [task for task in range(len(jacobian)) if task not in chosen]
    remainder = jacobian[rest].sum(axis=0) / left
    return about(np.vstack([jacobian[kept], remainder]), c, centre)


def alone(jacobian: Array, *, sample: Sequence[int], c: float = 0.5) -> Outputs:
    """Forget the remainder."""
    chosen = sound.checked(sample, len(jacobian)) or list(range(len(jacobian)))
    return about(jacobian[chosen], c, jacobian.mean(axis=0))


def own_mean(jacobian: Array, *, sample: Sequence[int], c: float = 0.5) -> Outputs:
    """Take the mean of the condensed rows for g0."""
    chosen = sound.checked(sample, len(jacobian))
    rest = [task for task in range(len(jacobian)) if task not in chosen]
    rows = jacobian[chosen]
    if rest:
        rows = np.vstack([rows, jacobian[rest].mean(axis=0)])
    return {"direction": full.answer(rows, c=c)["direction"]}


def mean_of_all(jacobian: Array, *, sample: Sequence[int], c: float = 0.5) -> Outputs:
    """Take the mean of all tasks for the remainder."""
    chosen = sound.checked(sample, len(jacobian))
    centre = jacobian.mean(axis=0)
    return about(np.vstack([jacobian[chosen], centre]), c, centre)


FAULTS = (
    Fault(
        "cagrad_fast_dropped",
        "cagrad_fast",
        "Drops the last sampled task and divides the others by one too many, as the released code "
        "does.",
        ("cagrad-fast",),
        dropped,
    ),
    Fault(
        "cagrad_fast_alone",
        "cagrad_fast",
        "Leaves the tasks that are not sampled out of the program, as code that only subsamples "
        "does.",
        ("cagrad-fast",),
        alone,
    ),
    Fault(
        "cagrad_fast_own_mean",
        "cagrad_fast",
        "Centres the ball at the mean of the condensed rows, as code that calls CAGrad on them "
        "does.",
        ("cagrad-fast",),
        own_mean,
    ),
    Fault(
        "cagrad_fast_mean_of_all",
        "cagrad_fast",
        "Takes the mean of all tasks for that of the others, as a reader of the text alone does.",
        ("cagrad-fast",),
        mean_of_all,
    ),
)
