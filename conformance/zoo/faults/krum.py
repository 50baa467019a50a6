"""Ways in which Krum goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import krum as sound
from conformance.zoo.transcription.shapes import Outputs


def unsquared(jacobian: Array, *, n_byzantine: float = 0.0, n_selected: float = 1.0) -> Outputs:
    """Add up distances, not their squares."""
    others = len(jacobian) - 2 - int(n_byzantine)
    sizes = np.sort(np.sqrt(sound.distances(jacobian)), axis=1)
    return sound.chosen(jacobian, 0, sizes[:, 1 : others + 1].sum(axis=1), int(n_selected))


def itself(jacobian: Array, *, n_byzantine: float = 0.0, n_selected: float = 1.0) -> Outputs:
    """Count the row itself, at distance 0, among its nearest."""
    others = len(jacobian) - 2 - int(n_byzantine)
    return sound.chosen(jacobian, 0, sound.scores(jacobian, others - 1), int(n_selected))


def farthest(jacobian: Array, *, n_byzantine: float = 0.0, n_selected: float = 1.0) -> Outputs:
    """Average all rows but those of the largest scores, f of them, where m are to be chosen."""
    others = len(jacobian) - 2 - int(n_byzantine)
    kept = max(len(jacobian) - int(n_byzantine), int(n_selected))
    return sound.chosen(jacobian, 0, sound.scores(jacobian, others), kept)


FAULTS = (
    Fault(
        "krum_unsquared",
        "krum",
        "Adds up distances where squared distances belong, as TorchJD does.",
        ("krum-choice",),
        unsquared,
    ),
    Fault(
        "krum_itself",
        "krum",
        "Counts the row itself among its nearest, so that one neighbour is missing.",
        ("krum-choice",),
        itself,
    ),
    Fault(
        "krum_all_but_byzantine",
        "krum",
        "Averages all rows but f, whatever number is to be selected.",
        ("krum-choice",),
        farthest,
    ),
)
