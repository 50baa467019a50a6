"""Why a geometric mean is right: its T-th power is the product, and the losses share it evenly."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import inner, size_above
from mtl_reference.rational import root_above


def certificate(losses: Sequence[fmpq], outputs: Outputs) -> Iterator[Residual]:
    """Conditions on "value" (1,) and "weights" (T,), whichever are there.

    value^T = L_1 ... L_T and T w_i L_i = value; without a value, the sum of w_i L_i stands for it.
    Nothing is asked where a loss is not positive.
    """
    if any(loss <= 0 for loss in losses):
        return
    tasks = len(losses)
    weights = cast("Vector | None", outputs.get("weights"))
    value = cast("Vector | None", outputs.get("value"))
    if value is not None:
        yield _product(losses, value[0], {"value": fmpq(1)})
    if weights is not None:
        length = root_above(sum((loss * loss for loss in losses), fmpq(0)))
        mean = value[0] if value is not None else inner(weights, losses)
        if value is None:
            yield _product(losses, mean, {"weights": length})
        for task, (weight, loss) in enumerate(zip(weights, losses, strict=True)):
            slopes: dict[str, Number] = {"weights": tasks * loss}
            slopes |= (
                {"value": fmpq(1)} if value is not None else {"weights": tasks * loss + length}
            )
            rest = tasks * weight * loss - mean
            yield Residual(f"share {task}", Relation.ZERO, rest, slopes)


def _product(losses: Sequence[fmpq], mean: Number, moves: dict[str, fmpq]) -> Residual:
    """The mean to the power T is the product; it moves by T mean^(T-1) times the mean's move."""
    raised: Number = fmpq(1)
    product = fmpq(1)
    for place, loss in enumerate(losses):
        before = raised
        raised = raised * mean if place else mean
        product *= loss
    steepness = len(losses) * size_above(before)
    slopes: dict[str, Number] = {name: move * steepness for name, move in moves.items()}
    return Residual("product", Relation.ZERO, raised - product, slopes)
