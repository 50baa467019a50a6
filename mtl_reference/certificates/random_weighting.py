"""Why random weights are right for their draws: their sum, and the ratios of any two."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import added
from mtl_reference.rational import numbers, root_above
from mtl_reference.transcendental import exponential
from mtl_reference.weighting import Values


def certificate(
    losses: Sequence[fmpq], outputs: Outputs, *, normals: Values | None = None
) -> Iterator[Residual]:
    """Conditions on "weights" (T,): w_i >= 0 and sum w = 1; w_i = w_k e^(z_i - z_k) for draws z.

    k is the task with the largest draw, so that no power exceeds 1. Draws may be unknown.
    """
    weights = cast("Vector | None", outputs.get("weights"))
    if weights is None:
        return
    for task, weight in enumerate(weights):
        yield Residual(f"weight {task}", Relation.NONNEGATIVE, weight, {"weights": fmpq(1)})
    slope = {"weights": root_above(fmpq(len(losses)))}
    yield Residual("sum of weights", Relation.ZERO, added(weights) - 1, slope)
    if normals is None:
        return
    draws = numbers("normals", normals)
    top = max(range(len(draws)), key=lambda task: draws[task])
    for task, draw in enumerate(draws):
        value = weights[task] - weights[top] * exponential(draw - draws[top])
        if task != top:
            yield Residual(f"ratio {task}-{top}", Relation.ZERO, value, {"weights": fmpq(2)})
