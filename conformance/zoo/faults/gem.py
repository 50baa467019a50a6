"""Ways in which GEM goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import gem as sound
from conformance.zoo.transcription.shapes import Outputs


def margin(gradient: Array, *, memory: Array) -> Outputs:
    """Ask for multipliers of at least one half."""
    least = np.full(len(memory), 0.5)
    pushed = sound.answer(gradient + least @ memory, memory=memory)
    return told(gradient, memory, least + pushed["multipliers"])


def ridge(gradient: Array, *, memory: Array) -> Outputs:
    """Add 1e-3 to the diagonal of MM'."""
    padded = np.hstack([memory, np.sqrt(1e-3) * np.eye(len(memory))])
    wide = np.concatenate([gradient, np.zeros(len(memory))])
    return told(gradient, memory, sound.answer(wide, memory=padded)["multipliers"])


def average(gradient: Array, *, memory: Array) -> Outputs:
    """Keep clear of the memories' mean alone."""
    mean = memory.mean(axis=0)
    along = gradient @ mean
    share = max(0.0, -along / (mean @ mean)) if mean.any() else 0.0
    return told(gradient, memory, np.full(len(memory), share / len(memory)))


def told(gradient: Array, memory: Array, multipliers: Array) -> Outputs:
    """A direction by its multipliers."""
    return {"direction": gradient + multipliers @ memory, "multipliers": multipliers}


FAULTS = (
    Fault(
        "gem_margin",
        "gem",
        "Asks for multipliers of at least .5, the margin of the released code.",
        ("gem-kkt",),
        margin,
    ),
    Fault(
        "gem_ridge",
        "gem",
        "Adds 1e-3 to the diagonal of MM', as the released code does.",
        ("gem-kkt",),
        ridge,
    ),
    Fault(
        "gem_average",
        "gem",
        "Projects off the mean of the memories, which is A-GEM.",
        ("gem-kkt",),
        average,
    ),
)
