"""Why a success rate is right: no evaluation is better, and one is as good."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual


def certificate(successes: Sequence[Sequence[fmpq]], outputs: Outputs) -> Iterator[Residual]:
    """Conditions on "figure" (1,)."""
    if "figure" not in outputs:
        return
    best = cast("Vector", outputs["figure"])[0]
    counts = [sum(row, fmpq(0)) for row in successes]
    width = len(successes[0])
    slope = {"figure": fmpq(width)}
    for place, count in enumerate(counts):
        room = best * width - count
        yield Residual(f"evaluation {place}", Relation.NONNEGATIVE, room, slope)
    top = max(counts)
    yield Residual("reached", Relation.ZERO, best * width - top, slope)
