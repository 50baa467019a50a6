"""Why scores are right: each pair is counted again, by its cosine as a sum of square roots."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, cast

from flint import fmpq

from mtl_reference.enclosure import Vector, decide
from mtl_reference.method import Outputs, Relation, Residual, finite
from mtl_reference.rational import inner
from mtl_reference.surd import sqrt

Layer = Sequence[Sequence[fmpq]]


def certificate(
    layer_gradients: Sequence[Layer], outputs: Outputs, *, severity: float = 0.0
) -> Iterator[Residual]:
    """Conditions on "scores" (n,)."""
    bound = finite("severity", severity)
    found = cast("Vector", outputs["scores"])
    for place, (layer, score) in enumerate(zip(layer_gradients, found, strict=True)):
        pairs = combinations(layer, 2)
        count = sum(_conflicts(*pair, bound) for pair in pairs)
        name = f"layer {place} has as many conflicts as pairs below the severity"
        yield Residual(name, Relation.ZERO, score - count, {"scores": fmpq(1)})


def _conflicts(first: Sequence[fmpq], second: Sequence[fmpq], bound: fmpq) -> bool:
    """Whether <g_i, g_j> < S n_i n_j, for rows that are not zero."""
    squares = inner(first, first) * inner(second, second)
    if squares == 0:
        return False
    gap: Any = bound * sqrt(squares) - inner(first, second)
    return decide(gap) == 1
