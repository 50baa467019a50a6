"""Why uniform weights are right: each of them is 1."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual


def certificate(losses: Sequence[fmpq], outputs: Outputs) -> Iterator[Residual]:
    """Conditions on "weights" (T,)."""
    del losses
    for task, weight in enumerate(cast("Vector", outputs.get("weights", ()))):
        yield Residual(f"weight {task}", Relation.ZERO, weight - 1, {"weights": fmpq(1)})
