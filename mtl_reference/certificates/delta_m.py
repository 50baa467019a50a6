"""Why a Delta m is right: the ratios to the baseline, counted out with the weight of each."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.rational import numbers
from mtl_reference.weighting import Values


def certificate(
    values: Sequence[fmpq],
    outputs: Outputs,
    *,
    baseline: Values,
    lower_is_better: Sequence[bool],
    task: Sequence[int],
    convention: str = "flat-drop",
) -> Iterator[Residual]:
    """The condition on "delta" (1,); nothing is asked where a baseline is 0.

    A criterion weighs 1/k, or 1 over the tasks times the criteria of its task.
    """
    base = numbers("baseline", baseline)
    if "delta" not in outputs or 0 in base:
        return
    groups = [int(number) for number in task]
    flat = convention == "flat-drop"
    total = fmpq(0)
    for place, (figure, start) in enumerate(zip(values, base, strict=True)):
        alike = sum(other == groups[place] for other in groups)
        weight = fmpq(1, len(base)) if flat else fmpq(1, len(set(groups)) * alike)
        rises = bool(lower_is_better[place]) is flat
        total += weight * (figure / start - 1 if rises else 1 - figure / start)
    delta = cast("Vector", outputs["delta"])[0]
    yield Residual("delta", Relation.ZERO, delta - total, {"delta": fmpq(1)})
