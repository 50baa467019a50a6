"""Ways in which the distance of two rankings goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import ranking_distance as sound
from conformance.zoo.transcription.shapes import Outputs


def summed(first: Array, *, second: Array) -> Outputs:
    """Leave the sum as it is."""
    return {"distance": sound.answer(first, second=second)["distance"] * len(first)}


def by_entries(first: Array, *, second: Array) -> Outputs:
    """Compare the lists entry by entry, as though they told places."""
    return {"distance": np.asarray(np.abs(first - second).mean())}


def one_way(first: Array, *, second: Array) -> Outputs:
    """Look up the places of one ranking alone."""
    return {"distance": np.asarray(np.abs(np.argsort(first) - second).mean())}


FAULTS = (
    Fault(
        "ranking_distance_summed",
        "ranking_distance",
        "Does not divide by the number of layers.",
        ("ranking-distance",),
        summed,
    ),
    Fault(
        "ranking_distance_by_entries",
        "ranking_distance",
        "Subtracts the lists of layers, whose entries are no places.",
        ("accuracy",),
        by_entries,
    ),
    Fault(
        "ranking_distance_one_way",
        "ranking_distance",
        "Turns one list into places and takes the other as it is.",
        ("ranking-distance",),
        one_way,
    ),
)
