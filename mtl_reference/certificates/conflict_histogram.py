"""Why a histogram is right: each interval's own cosines are counted by its two ends."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.methods.conflict_histogram import EDGES
from mtl_reference.rational import Scalar, numbers


def certificate(
    cosines: Sequence[fmpq], outputs: Outputs, *, edges: Sequence[Scalar] = EDGES
) -> Iterator[Residual]:
    """Conditions on "fractions", one for each interval."""
    found = cast("Vector", outputs["fractions"])
    ends = [fmpq(2), *numbers("edges", edges), fmpq(-1)]
    for place, ((above, lowest), share) in enumerate(zip(pairwise(ends), found, strict=True)):
        inside = [cosine for cosine in cosines if lowest <= cosine < above]
        value = share - fmpq(len(inside), len(cosines))
        name = f"the share of interval {place}"
        yield Residual(name, Relation.ZERO, value, {"fractions": fmpq(1)})
