"""Why an answer of IMTL-L is right: the logarithm of each weight, the sum, and the step by both."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Outputs, Relation, Residual, finite
from mtl_reference.pairing import added, inner, size_above
from mtl_reference.rational import numbers, root_above
from mtl_reference.transcendental import exponential, logarithm
from mtl_reference.weighting import Values


def certificate(
    losses: Sequence[fmpq],
    outputs: Outputs,
    *,
    log_scales: Values,
    scales: str = "given",
    learning_rate: float = 0.125,
) -> Iterator[Residual]:
    """Conditions on "weights" (T,), "value" (1,) and "log_scales" (T,), whichever are there.

    w_i e^-s_i = 1 with the given s, or w_i L_i = 1 at the optimum, where s_i = -log L_i; the value
    is sum_i w_i L_i - s_i and the next s_i is s_i - learning_rate (w_i L_i - 1). Where the answer
    gives no weights the other conditions are asked with those that the first one fixes. Nothing is
    asked at the optimum where a loss is not positive.
    """
    best = scales == "optimum"
    if best and any(loss <= 0 for loss in losses):
        return
    given = numbers("log_scales", log_scales)
    logs: Vector = [-logarithm(loss) for loss in losses] if best else given
    inverses: Vector = losses if best else [exponential(-log) for log in logs]
    weights = cast("Vector | None", outputs.get("weights"))
    if weights is not None:
        for task, (weight, inverse) in enumerate(zip(weights, inverses, strict=True)):
            slope: dict[str, Number] = {"weights": size_above(inverse)}
            yield Residual(f"scale {task}", Relation.ZERO, weight * inverse - 1, slope)
    known = weights is not None
    used = weights if weights is not None else tuple(1 / inverse for inverse in inverses)
    if "value" in outputs:
        yield _value(losses, logs, used, cast("Vector", outputs["value"]), known=known)
    if "log_scales" in outputs:
        rate = finite("learning_rate", learning_rate)
        found = cast("Vector", outputs["log_scales"])
        for task, loss in enumerate(losses):
            rest = found[task] - logs[task] + rate * (used[task] * loss - 1)
            slopes: dict[str, Number] = {"log_scales": fmpq(1)}
            if known:
                slopes["weights"] = abs(rate * loss)
            yield Residual(f"step {task}", Relation.ZERO, rest, slopes)


def _value(
    losses: Sequence[fmpq], logs: Vector, weights: Vector, value: Vector, *, known: bool
) -> Residual:
    """The value is sum_i w_i L_i - s_i."""
    rest = value[0] - inner(weights, losses) + added(logs)
    slopes: dict[str, Number] = {"value": fmpq(1)}
    if known:
        slopes["weights"] = root_above(sum((loss * loss for loss in losses), fmpq(0)))
    return Residual("value", Relation.ZERO, rest, slopes)
