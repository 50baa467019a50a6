"""Krum in numpy, from the differences of the gradients."""

import numpy as np

from conformance.zoo.programs import Array, common
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array, *, n_byzantine: float = 0.0, n_selected: float = 1.0) -> Outputs:
    """The mean of the rows of the least scores."""
    scaled, exponent = common(jacobian)
    others = len(scaled) - 2 - int(n_byzantine)
    if others < 1 or not 1 <= n_selected <= len(scaled):
        message = f"krum needs n_byzantine + 3 tasks and n_selected of them (got {len(scaled)})"
        raise ValueError(message)
    return chosen(scaled, exponent, scores(scaled, others), int(n_selected))


def distances(scaled: Array) -> Array:
    """The squared distances (T, T) of the rows."""
    apart = scaled[:, None] - scaled[None]
    squares: Array = np.einsum("ijk,ijk->ij", apart, apart)
    return squares


def scores(scaled: Array, others: int) -> Array:
    """The sums of the squared distances to the nearest others, not the row itself."""
    sums: Array = np.sort(distances(scaled), axis=1)[:, 1 : others + 1].sum(axis=1)
    return sums


def chosen(scaled: Array, exponent: int, scored: Array, selected: int) -> Outputs:
    """The mean of the rows of the least scores, with its weights."""
    weights = np.zeros(len(scaled))
    weights[np.argsort(scored, kind="stable")[:selected]] = 1 / selected
    return {"direction": np.ldexp(weights @ scaled, exponent), "weights": weights}
