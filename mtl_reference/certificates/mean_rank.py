"""Why mean ranks are right: every method against every other, criterion by criterion."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual


def certificate(
    values: Sequence[Sequence[fmpq]],
    outputs: Outputs,
    *,
    lower_is_better: Sequence[bool],
    ties: str = "ordinal",
) -> Iterator[Residual]:
    """Conditions on "ranks" (methods,): k times each is the sum of 1 and what stands before it."""
    found = cast("Vector", outputs.get("ranks", ()))
    for method, rank in enumerate(found):
        total = sum((_rank(values, method, k, lower=bool(lower), ties=ties)
                     for k, lower in enumerate(lower_is_better)), fmpq(0))  # fmt: skip
        value = rank * len(lower_is_better) - total
        slope = {"ranks": fmpq(len(lower_is_better))}
        yield Residual(f"rank {method}", Relation.ZERO, value, slope)


def _rank(
    values: Sequence[Sequence[fmpq]], method: int, column: int, *, lower: bool, ties: str
) -> fmpq:
    """The rank of one method in one criterion."""
    own = values[method][column]
    better = [row[column] for row in values if (row[column] < own) is lower and row[column] != own]
    equal = [place for place, row in enumerate(values) if row[column] == own and place != method]
    if ties == "dense":
        return fmpq(1 + len(set(better)))
    shares = {"min": fmpq(0), "max": fmpq(len(equal)), "average": fmpq(len(equal), 2)}
    before = fmpq(sum(place < method for place in equal))
    return 1 + len(better) + shares.get(ties, before)
