"""Why an IMTL answer is right: equal projections, weights that cost 1, and what joins them."""

from collections.abc import Iterator
from typing import cast

from flint import fmpq, fmpq_mat

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import combine, difference, inner, length, length_above, products
from mtl_reference.rational import Jacobian, numbers, root_above
from mtl_reference.surd import sqrt
from mtl_reference.transcendental import exponential
from mtl_reference.weighting import Values


def certificate(
    jacobian: Jacobian,
    outputs: Outputs,
    *,
    losses: Values | None = None,
    log_scales: Values | None = None,
    scales: str = "optimum",
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there.

    <d, g_i> / n_i is the same for all i, the weights c on the raw rows give d, and sum_i c_i e^-s_i
    is 1, with e^-s_i = L_i at the optimum. Nothing is asked where a row is zero or, at the optimum,
    a loss is not positive.
    """
    gramian, tasks = jacobian.gramian(), jacobian.tasks
    squares = [gramian[task, task] for task in range(tasks)]
    prices: Vector = [fmpq(1)] * tasks
    if scales == "optimum" and losses is not None:
        prices = numbers("losses", losses)
    elif scales == "given" and log_scales is not None:
        prices = [exponential(-log) for log in numbers("log_scales", log_scales)]
    if 0 in squares or any(price <= 0 for price in prices):
        return
    direction = cast("Vector | None", outputs.get("direction"))
    weights = cast("Vector | None", outputs.get("weights"))
    if direction is not None:
        sides = products(jacobian, direction)
        yield from _equal(sides, squares, {"direction": fmpq(2)})
    if weights is None:
        return
    slope: dict[str, Number] = {"weights": length_above(inner(prices, prices))}
    yield Residual("cost", Relation.ZERO, inner(weights, prices) - 1, slope)
    steepness = root_above(sum(squares, fmpq(0)))
    if direction is None:
        yield from _equal(_sides(gramian, weights), squares, {"weights": 2 * steepness})
    else:
        rest = length(difference(direction, combine(jacobian, weights)))
        slopes: dict[str, Number] = {"direction": fmpq(1), "weights": steepness}
        yield Residual("combination", Relation.ZERO, rest, slopes)


def _sides(gramian: fmpq_mat, weights: Vector) -> Vector:
    """The inner products of the rows with the direction that the weights give."""
    tasks = range(len(weights))
    return tuple(inner([gramian[i, j] for j in tasks], weights) for i in tasks)


def _equal(sides: Vector, squares: list[fmpq], slopes: dict[str, Number]) -> Iterator[Residual]:
    """Every projection <g_i, d> / n_i is the first one."""
    projections = [side / sqrt(square) for side, square in zip(sides, squares, strict=True)]
    for task, projection in enumerate(projections[1:], start=1):
        rest = projection - projections[0]
        yield Residual(f"projection {task}", Relation.ZERO, rest, slopes)
