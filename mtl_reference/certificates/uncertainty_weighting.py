"""Why an answer of uncertainty weighting is right: each weight times its variance, and the sum."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import added, inner, size_above
from mtl_reference.rational import numbers, root_above
from mtl_reference.transcendental import exponential
from mtl_reference.weighting import Values


def certificate(
    losses: Sequence[fmpq], outputs: Outputs, *, log_variances: Values, form: str = "regression"
) -> Iterator[Residual]:
    """Conditions on "weights" (T,) and "value" (1,), whichever are there.

    w_i e^s_i is 1/2 (1 for classification), and the value is sum_i w_i L_i + s_i / 2 with the
    answer's own weights; where it gives none, with those that the first condition fixes.
    """
    logs = numbers("log_variances", log_variances)
    share = fmpq(1, 2) if form == "regression" else fmpq(1)
    weights = cast("Vector | None", outputs.get("weights"))
    value = cast("Vector | None", outputs.get("value"))
    if weights is not None:
        for task, (weight, log) in enumerate(zip(weights, logs, strict=True)):
            variance = exponential(log)
            slope: dict[str, Number] = {"weights": size_above(variance)}
            rest = weight * variance - share
            yield Residual(f"variance {task}", Relation.ZERO, rest, slope)
    if value is not None:
        given = weights or tuple(share / exponential(log) for log in logs)
        rest = value[0] - inner(given, losses) - added(logs) / 2
        slopes: dict[str, Number] = {"value": fmpq(1)}
        if weights is not None:
            slopes["weights"] = root_above(inner_square(losses))
        yield Residual("value", Relation.ZERO, rest, slopes)


def inner_square(vector: Sequence[fmpq]) -> fmpq:
    """The squared length of a rational vector."""
    return sum((number * number for number in vector), fmpq(0))
