"""Why a selection is right: in rank order, with ties as they stand, and none better left out."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual

ONE = fmpq(1)


def certificate(scores: Sequence[fmpq], outputs: Outputs, *, k: float = 1.0) -> Iterator[Residual]:
    """Conditions on "layers" (k,)."""
    chosen = [int(str(layer)) for layer in cast("Vector", outputs["layers"])]
    slopes = {"layers": ONE}
    count = fmpq(len(chosen)) - fmpq(int(k))
    yield Residual("as many layers as asked", Relation.ZERO, count, slopes)
    for place, layer in enumerate(chosen):
        behind = set(range(len(scores))) - set(chosen[: place + 1])
        name = f"no layer behind {layer} comes before it"
        worst = max((_ahead(scores, other, layer) for other in behind), default=fmpq(-1))
        yield Residual(name, Relation.NONNEGATIVE, -worst, slopes)
    repeated = fmpq(len(set(chosen)) - len(chosen))
    yield Residual("no layer is chosen twice", Relation.ZERO, repeated, slopes)


def _ahead(scores: Sequence[fmpq], other: int, layer: int) -> fmpq:
    """Positive where another layer belongs before this one."""
    if scores[other] != scores[layer]:
        return scores[other] - scores[layer]
    return fmpq(layer - other)
