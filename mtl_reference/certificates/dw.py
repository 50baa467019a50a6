"""Why a DW answer is right: its weights stand in the printed proportions, and make the direction.

w_i : w_k = |R_i|^alpha : |R_k|^alpha with the largest R_k, the R_i taken from the gradients
themselves; the weights are not negative and add up to T.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual, finite
from mtl_reference.pairing import added, combine, difference, length, length_above
from mtl_reference.rational import Jacobian, inner, root_above
from mtl_reference.transcendental import power


def certificate(jacobian: Jacobian, outputs: Outputs, *, alpha: float = 0.0) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    direction = cast("Vector | None", outputs.get("direction"))
    weights = cast("Vector | None", outputs.get("weights"))
    if weights is None:
        return
    rows = [jacobian.row(task) for task in range(jacobian.tasks)]
    summed = tuple(sum(column, fmpq(0)) for column in zip(*rows, strict=True))
    squares = [inner(row, row) for row in rows]
    sides = [inner(summed, row) for row in rows]
    yield from in_proportion(weights, sides, squares, finite("alpha", alpha))
    if direction is not None:
        value = length(difference(direction, combine(jacobian, weights)))
        slopes = {"direction": fmpq(1), "weights": root_above(sum(squares, fmpq(0)))}
        yield Residual("sum", Relation.ZERO, value, slopes)


def in_proportion(
    weights: Vector, sides: Sequence[fmpq], squares: Sequence[fmpq], alpha: fmpq
) -> Iterator[Residual]:
    """What must hold of weights (T,) for the products <G, g_i> and the squared lengths n_i^2.

    Only positive powers of R_i / R_k <= 1 are taken, on the side where they belong.
    """
    for task, weight in enumerate(weights):
        yield Residual(f"weight {task}", Relation.NONNEGATIVE, weight, {"weights": fmpq(1)})
    slope = {"weights": root_above(fmpq(len(weights)))}
    yield Residual("mean weight", Relation.ZERO, added(weights) - len(weights), slope)
    reached = {t: side * side / squares[t] for t, side in enumerate(sides) if squares[t] != 0}
    top = max(reached, key=lambda task: reached[task], default=None)
    for task, weight in enumerate(weights):
        if task not in reached or alpha == 0 or top is None or reached[top] == 0:
            slope = {"weights": fmpq(1)}
            yield Residual(f"weight one {task}", Relation.ZERO, weight - 1, slope)
        elif task != top:
            share = power(reached[task] / reached[top], abs(alpha) / 2)
            light, heavy = (weight, weights[top]) if alpha > 0 else (weights[top], weight)
            slope = {"weights": 1 + length_above(share * share)}
            value = light - heavy * share
            yield Residual(f"proportion {task}-{top}", Relation.ZERO, value, slope)
