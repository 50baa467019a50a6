"""Why weights of dynamic weight averaging are right: their sum, and the ratios of any two."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual, finite
from mtl_reference.pairing import added
from mtl_reference.rational import numbers, root_above
from mtl_reference.transcendental import exponential
from mtl_reference.weighting import Values


def certificate(
    losses: Sequence[fmpq],
    outputs: Outputs,
    *,
    previous_losses: Values | None = None,
    temperature: float = 2.0,
) -> Iterator[Residual]:
    """Conditions on "weights" (T,): sum w = T and w_i = w_k e^((rho_i - rho_k) / temperature).

    k is the task with the largest rho, so that no power exceeds 1. Nothing is asked where a
    previous loss is 0.
    """
    weights = cast("Vector | None", outputs.get("weights"))
    before = losses if previous_losses is None else numbers("previous_losses", previous_losses)
    if weights is None or (previous_losses is not None and 0 in before):
        return
    tasks = range(len(losses))
    slope = {"weights": root_above(fmpq(len(losses)))}
    yield Residual("mean weight", Relation.ZERO, added(weights) - len(losses), slope)
    heat = finite("temperature", temperature)
    still = previous_losses is None  # the first two epochs
    ratios = [fmpq(1) if still else losses[task] / before[task] for task in tasks]
    top = max(tasks, key=lambda task: ratios[task])
    for task in tasks:
        share = exponential((ratios[task] - ratios[top]) / heat)
        value = weights[task] - weights[top] * share
        if task != top:
            yield Residual(f"ratio {task}-{top}", Relation.ZERO, value, {"weights": fmpq(2)})
