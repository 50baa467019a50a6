"""Ways in which the trimmed mean goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def one_side(jacobian: Array, *, trim_number: float = 0.0) -> Outputs:
    """Leave out the largest entries only."""
    kept = np.sort(jacobian, axis=0)[: len(jacobian) - int(trim_number)]
    return {"direction": kept.mean(axis=0)}


def by_size(jacobian: Array, *, trim_number: float = 0.0) -> Outputs:
    """Sort by magnitude."""
    places = np.argsort(np.abs(jacobian), axis=0)
    trimmed = int(trim_number)
    kept = np.take_along_axis(jacobian, places, axis=0)[trimmed : len(jacobian) - trimmed]
    return {"direction": kept.mean(axis=0)}


def all_counted(jacobian: Array, *, trim_number: float = 0.0) -> Outputs:
    """Divide by T, not by the number of entries that are left."""
    trimmed = int(trim_number)
    kept = np.sort(jacobian, axis=0)[trimmed : len(jacobian) - trimmed]
    return {"direction": kept.sum(axis=0) / len(jacobian)}


FAULTS = (
    Fault(
        "trimmed_mean_one_side",
        "trimmed_mean",
        "Leaves out the largest entries only.",
        ("trimmed-middle",),
        one_side,
    ),
    Fault(
        "trimmed_mean_by_size",
        "trimmed_mean",
        "Sorts entries by magnitude, as code that trims outliers by size does.",
        ("trimmed-middle",),
        by_size,
    ),
    Fault(
        "trimmed_mean_all_counted",
        "trimmed_mean",
        "Divides by T where the number of entries left belongs.",
        ("trimmed-middle",),
        all_counted,
    ),
)
