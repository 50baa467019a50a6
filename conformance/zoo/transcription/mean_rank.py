"""Mean ranks in numpy."""

import numpy as np
from numpy.typing import NDArray

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(values: Array, *, lower_is_better: NDArray[np.bool_], ties: str = "ordinal") -> Outputs:
    """Every method against every other, criterion by criterion."""
    if values.ndim == 1:
        message = f"values must be a table (got shape {values.shape})"
        raise ValueError(message)
    sided = np.where(lower_is_better, values, -values)
    return {"ranks": np.mean([ranked(column, ties) for column in sided.T], axis=0)}


def ranked(column: Array, ties: str) -> Array:
    """Ranks of one criterion, the smallest figure first."""
    order = np.argsort(column, kind="stable")
    ordinal = np.empty(len(column))
    ordinal[order] = np.arange(1, len(column) + 1)
    kinds, places = np.unique(column, return_inverse=True)
    if ties == "ordinal":
        return ordinal
    if ties == "dense":
        return np.asarray(places + 1, dtype=np.float64)
    groups = [ordinal[places == kind] for kind in range(len(kinds))]
    shared = {
        "min": [group.min() for group in groups],
        "max": [group.max() for group in groups],
        "average": [group.mean() for group in groups],
    }[ties]
    ranks: Array = np.array(shared)[places]
    return ranks
