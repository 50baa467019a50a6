"""Ways in which ConFIG goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import Outputs
from conformance.zoo.transcription import config as sound

FLOOR = 1e-8


def raw_rows(jacobian: Array) -> Outputs:
    """Ask for equal inner products with the raw rows."""
    sound.answer(jacobian)  # refuses what is undefined
    best = np.linalg.pinv(jacobian) @ np.ones(len(jacobian))
    best = best / (np.linalg.norm(best) or 1.0)
    return {"direction": (jacobian @ best).sum() * best}


def unit_length(jacobian: Array) -> Outputs:
    """Return u itself."""
    path = sound.answer(jacobian)["direction"]
    return {"direction": path / (np.linalg.norm(path) or 1.0)}


def mean_length(jacobian: Array) -> Outputs:
    """Take the mean of the gains for the length."""
    return {"direction": sound.answer(jacobian)["direction"] / len(jacobian)}


def damped(jacobian: Array) -> Outputs:
    """Add 1e-8 to the lengths before dividing by them."""
    sound.answer(jacobian)  # refuses what is undefined
    unit = jacobian / (np.linalg.norm(jacobian, axis=1, keepdims=True) + FLOOR)
    best = np.linalg.pinv(unit) @ np.ones(len(jacobian))
    best = best / (np.linalg.norm(best) + FLOOR)
    return {"direction": (jacobian @ best).sum() * best}


FAULTS = (
    Fault(
        "config_raw_rows",
        "config",
        "Inverts the raw gradients, not the unit ones.",
        ("config-projections",),
        raw_rows,
    ),
    Fault(
        "config_unit_length",
        "config",
        "Leaves the length out, as code that keeps the direction alone does.",
        ("config-projections",),
        unit_length,
    ),
    Fault(
        "config_mean_length",
        "config",
        "Averages the gains for the length, as code that averages losses does.",
        ("config-projections",),
        mean_length,
    ),
    Fault(
        "config_damped",
        "config",
        "Adds an absolute 1e-8 to every length, as careful-looking code does.",
        ("homogeneous",),
        damped,
    ),
)
