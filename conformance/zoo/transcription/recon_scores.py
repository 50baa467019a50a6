"""Recon's conflict scores in numpy, pair by pair."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from conformance.zoo.programs import Array, balanced
from conformance.zoo.transcription.shapes import Outputs


def answer(layer_gradients: Sequence[Array], *, severity: float = 0.0) -> Outputs:
    """The number of conflicting pairs in each layer."""
    counts = [conflicts(layer, severity) for layer in layer_gradients]
    return {"scores": np.array(counts, dtype=np.int64)}


def conflicts(layer: Array, severity: float) -> int:
    """The pairs of rows whose cosine is below the severity."""
    rows = balanced(layer)[0]
    return sum(cosine(*pair) < severity for pair in combinations(rows, 2))


def cosine(first: Array, second: Array) -> float:
    """The cosine of two rows, 0 with a zero row."""
    size = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / size if size > 0 else 0.0
