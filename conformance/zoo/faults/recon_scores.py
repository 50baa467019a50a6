"""Ways in which conflict scores go wrong."""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import recon_scores as sound
from conformance.zoo.transcription.recon_scores import cosine
from conformance.zoo.transcription.shapes import Outputs

Count = Callable[[Array, float], int]


def with_count(count: Count) -> Callable[..., Outputs]:
    """Scores by another count of a layer's conflicts."""

    def answer(layer_gradients: Sequence[Array], *, severity: float = 0.0) -> Outputs:
        counts = [count(layer, severity) for layer in layer_gradients]
        return {"scores": np.array(counts, dtype=np.int64)}

    return answer


def inclusive(layer: Array, severity: float) -> int:
    """Count a cosine at the severity, too."""
    return sum(cosine(*pair) <= severity for pair in combinations(layer, 2))


def ordered(layer: Array, severity: float) -> int:
    """Count the pair (i, j) and the pair (j, i)."""
    return 2 * sum(cosine(*pair) < severity for pair in combinations(layer, 2))


def against_average(layer: Array, severity: float) -> int:
    """Count the tasks that conflict with the averaged gradient."""
    return sum(cosine(row, layer.mean(axis=0)) < severity for row in layer)


def merged(layer_gradients: Sequence[Array], *, severity: float = 0.0) -> Outputs:
    """Score a layer together with the one after it, as though they were one."""
    pairs = zip(layer_gradients, [*layer_gradients[1:], layer_gradients[-1][:, :0]], strict=True)
    joined = [np.hstack(pair) for pair in pairs]
    return sound.answer(joined, severity=severity)


FAULTS = (
    Fault(
        "recon_scores_inclusive",
        "recon_scores",
        "Compares with <= where the definition has <.",
        ("accuracy",),
        with_count(inclusive),
    ),
    Fault(
        "recon_scores_ordered",
        "recon_scores",
        "Loops over all ordered pairs and counts each conflict twice.",
        ("recon-score",),
        with_count(ordered),
    ),
    Fault(
        "recon_scores_against_average",
        "recon_scores",
        "Compares each task with the averaged gradient, which is at hand in training.",
        ("accuracy",),
        with_count(against_average),
    ),
    Fault(
        "recon_scores_merged",
        "recon_scores",
        "Folds the normalisation that follows into its convolution, and scores both as one layer.",
        ("accuracy",),
        merged,
    ),
)
