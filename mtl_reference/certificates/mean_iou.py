"""Why a mean intersection over union is right: sets of pixels, class by class."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual


def certificate(
    predictions: Sequence[fmpq], outputs: Outputs, *, labels: Sequence[int]
) -> Iterator[Residual]:
    """The condition on "figure" (1,); nothing is asked where no label counts."""
    counted = [place for place, label in enumerate(labels) if label != -1]
    kinds = {labels[place] for place in counted} | {int(predictions[place].p) for place in counted}
    total = fmpq(0)
    for kind in kinds:
        held = {place for place in counted if labels[place] == kind}
        found = {place for place in counted if predictions[place] == kind}
        total += fmpq(len(held & found), len(held | found))
    if "figure" in outputs and counted:
        rest = cast("Vector", outputs["figure"])[0] * len(kinds) - total
        yield Residual("mean", Relation.ZERO, rest, {"figure": fmpq(len(kinds))})
