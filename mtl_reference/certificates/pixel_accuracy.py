"""Why an accuracy is right: right and wrong predictions, counted apart."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual


def certificate(
    predictions: Sequence[fmpq], outputs: Outputs, *, labels: Sequence[int]
) -> Iterator[Residual]:
    """The condition on "figure" (1,): x wrong = (1 - x) right; nothing where no label counts."""
    pairs = [(p, label) for p, label in zip(predictions, labels, strict=True) if label != -1]
    right = sum(found == label for found, label in pairs)
    if "figure" in outputs and pairs:
        share = cast("Vector", outputs["figure"])[0]
        rest = share * (len(pairs) - right) - (1 - share) * right
        yield Residual("share", Relation.ZERO, rest, {"figure": fmpq(len(pairs))})
