"""Why a smooth Tchebycheff answer is right: shares e^((x_i - value) / mu) sum to 1, and weigh."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Outputs, Relation, Residual, finite
from mtl_reference.pairing import added, size_above
from mtl_reference.rational import numbers
from mtl_reference.transcendental import exponential, logarithm
from mtl_reference.weighting import Values


def certificate(
    losses: Sequence[fmpq],
    outputs: Outputs,
    *,
    preference: Values,
    reference_losses: Values,
    mu: float = 1.0,
    form: str = "linear",
) -> Iterator[Residual]:
    """Conditions on "value" (1,) and "weights" (T,), whichever are there.

    sum_i e^((x_i - value) / mu) = 1, and w_i sum_j e^(x_j / mu) = x'_i e^(x_i / mu) with x'_i the
    derivative of x_i, both sides over the largest power. Nothing is asked where
    a logarithm is none.
    """
    shares, smoothness = numbers("preference", preference), finite("mu", mu)
    reference = numbers("reference_losses", reference_losses)
    if form == "log" and min(*losses, *reference) <= 0:
        return
    pairs = list(zip(losses, reference, strict=True))
    steps: list[Number] = [loss - ideal for loss, ideal in pairs]
    slopes = list(shares)
    if form == "log":
        steps = [logarithm(loss) - logarithm(nadir) for loss, nadir in pairs]
        slopes = [share / loss for share, loss in zip(shares, losses, strict=True)]
    heights = [share * step for share, step in zip(shares, steps, strict=True)]
    if "value" in outputs:
        value = cast("Vector", outputs["value"])[0]
        parts = [exponential((height - value) / smoothness) for height in heights]
        moves: dict[str, Number] = {"value": 2 / smoothness}
        yield Residual("shares", Relation.ZERO, added(parts) - 1, moves)
    if "weights" in outputs:
        top = max(heights)
        powers = [exponential((height - top) / smoothness) for height in heights]
        whole = added(powers)
        for task, weight in enumerate(cast("Vector", outputs["weights"])):
            rest = weight * whole - slopes[task] * powers[task]
            bound: dict[str, Number] = {"weights": size_above(whole)}
            yield Residual(f"weight {task}", Relation.ZERO, rest, bound)
