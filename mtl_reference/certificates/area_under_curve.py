"""Why an area under the curve is right: every pair of a positive and a negative, counted out."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual


def certificate(
    confidences: Sequence[fmpq], outputs: Outputs, *, labels: Sequence[int]
) -> Iterator[Residual]:
    """The condition on "figure" (1,); nothing is asked where a class does not occur."""
    pairs = list(zip(confidences, labels, strict=True))
    high = [score for score, label in pairs if label == 1]
    low = [score for score, label in pairs if label == 0]
    if "figure" not in outputs or not high or not low:
        return
    won = sum((fmpq(int(p > n) + int(p >= n), 2) for p in high for n in low), fmpq(0))
    count = len(high) * len(low)
    rest = cast("Vector", outputs["figure"])[0] * count - won
    yield Residual("pairs", Relation.ZERO, rest, {"figure": fmpq(count)})
