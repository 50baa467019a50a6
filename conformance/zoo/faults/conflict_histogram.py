"""Ways in which the conflict histogram goes wrong."""

from collections.abc import Sequence

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import conflict_histogram as sound
from conformance.zoo.transcription.shapes import Outputs

EDGES = (0.0, -0.25, -0.5, -0.75)


def upper_ends(cosines: Array, *, edges: Sequence[float] = EDGES) -> Outputs:
    """Give each interval its upper end."""
    places = (cosines[:, None] <= np.array(edges)).sum(axis=1)
    return {"fractions": np.bincount(places, minlength=len(edges) + 1) / len(cosines)}


def counted(cosines: Array, *, edges: Sequence[float] = EDGES) -> Outputs:
    """Answer counts."""
    return {"fractions": sound.answer(cosines, edges=edges)["fractions"] * len(cosines)}


def of_conflicts(cosines: Array, *, edges: Sequence[float] = EDGES) -> Outputs:
    """Divide by the number of conflicts, and leave the first interval at 0."""
    found = sound.answer(cosines, edges=edges)["fractions"].copy()
    found[0] = 0.0
    return {"fractions": found / (found.sum() or 1.0)}


FAULTS = (
    Fault(
        "conflict_histogram_upper_ends",
        "conflict_histogram",
        "Closes the intervals at the other end, as numpy.histogram does.",
        ("accuracy",),
        upper_ends,
    ),
    Fault(
        "conflict_histogram_counted",
        "conflict_histogram",
        "Answers counts where fractions are due.",
        ("conflict-histogram",),
        counted,
    ),
    Fault(
        "conflict_histogram_of_conflicts",
        "conflict_histogram",
        "Counts among the conflicting pairs alone.",
        ("accuracy",),
        of_conflicts,
    ),
)
