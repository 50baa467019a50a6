"""Why an MGDA answer is right: the variational inequality of the shortest vector.

d is the shortest vector of the hull of the rows if and only if d lies in the hull and
<g_i, d> >= |d|^2 for every row. Weights on the simplex that give d show the first. Where there
are none and the rows are independent, the only candidates come from one linear solve; where the
rows depend on each other and there are no weights, membership in the hull is left open.
"""

from collections.abc import Iterator
from typing import cast

from flint import fmpq, fmpq_mat

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Orders, Outputs, Relation, Residual
from mtl_reference.pairing import inner, length_above, products, size_above, times
from mtl_reference.rational import Jacobian, root_above


def certificate(
    jacobian: Jacobian,
    outputs: Outputs,
    *,
    orders: Orders | None = None,
    normalization: str = "none",
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    del orders, normalization
    gramian = jacobian.gramian()
    weights = cast("Vector | None", outputs.get("weights"))
    direction = cast("Vector | None", outputs.get("direction"))
    if weights is not None:
        yield from on_simplex(weights)
    if direction is not None:
        sides = products(jacobian, direction)  # <g_i, d>
        square = inner(direction, direction)
        yield from _rises_along_all(gramian, sides, square)
        if weights is not None:
            yield combined(gramian, sides, square, weights)
            yield from _equal_on_support(gramian, sides, square, weights)
        elif gramian.det() != 0:
            yield from _in_hull(gramian, sides, square)
    elif weights is not None:
        yield from _rises_by_weights(gramian, weights)


def on_simplex(weights: Vector) -> Iterator[Residual]:
    """The weights are not negative and add up to one."""
    for task, weight in enumerate(weights):
        name = f"weight of task {task} is not negative"
        yield Residual(name, Relation.NONNEGATIVE, weight, {"weights": fmpq(1)})
    excess = inner(weights, (fmpq(1),) * len(weights)) - 1
    slope = root_above(fmpq(len(weights)))
    yield Residual("weights add up to one", Relation.ZERO, excess, {"weights": slope})


def combined(gramian: fmpq_mat, sides: Vector, square: Number, weights: Vector) -> Residual:
    """|d - G'w|^2 = 0, in inner products; it moves with the square of either error."""
    products_of_weights = times(gramian, weights)
    value = square - 2 * inner(weights, sides) + inner(weights, products_of_weights)
    bends: dict[str, Number] = {"direction": fmpq(2), "weights": 2 * trace(gramian)}
    return Residual("weights give the direction", Relation.ZERO, value, {}, bends)


def trace(matrix: fmpq_mat) -> fmpq:
    """The sum of the diagonal: the squared Frobenius norm of the rows."""
    return sum((matrix[task, task] for task in range(matrix.nrows())), fmpq(0))


def _rises_along_all(gramian: fmpq_mat, sides: Vector, square: Number) -> Iterator[Residual]:
    """<g_i, d> - |d|^2 >= 0."""
    length = length_above(square)
    for task, side in enumerate(sides):
        slope = root_above(gramian[task, task]) + 2 * length
        name = f"the hull lies beyond the direction at task {task}"
        slopes, bends = {"direction": slope}, {"direction": fmpq(1)}
        yield Residual(name, Relation.NONNEGATIVE, side - square, slopes, bends)


def _equal_on_support(
    gramian: fmpq_mat, sides: Vector, square: Number, weights: Vector
) -> Iterator[Residual]:
    """w_i (<g_i, d> - |d|^2) = 0."""
    length = length_above(square)
    for task, (side, weight) in enumerate(zip(sides, weights, strict=True)):
        steepness = root_above(gramian[task, task]) + 2 * length
        slack, size = side - square, size_above(weight)
        slopes = {"direction": size * steepness, "weights": size_above(slack)}
        bends = {"direction": size + fmpq(1, 2), "weights": steepness * steepness / 2}
        name = f"task {task} is weighed only where the hull touches"
        yield Residual(name, Relation.ZERO, slack * weight, slopes, bends)


def _in_hull(gramian: fmpq_mat, sides: Vector, square: Number) -> Iterator[Residual]:
    """Independent rows have one candidate for the weights, K^-1 G d: it lies on the simplex."""
    inverse = gramian.inv()
    weights = times(inverse, sides)
    for task, weight in enumerate(weights):
        slopes = {"direction": root_above(inverse[task, task])}
        name = f"the direction weighs task {task} without a negative sign"
        yield Residual(name, Relation.NONNEGATIVE, weight, slopes)
    ones = (fmpq(1),) * len(weights)
    slope = length_above(inner(ones, times(inverse, ones)))
    excess = inner(ones, weights) - 1
    name = "the direction's weights add up to one"
    yield Residual(name, Relation.ZERO, excess, {"direction": slope})
    rest = square - inner(weights, sides)
    name = "the direction lies in the span of the rows"
    yield Residual(name, Relation.ZERO, rest, {}, {"direction": fmpq(1)})


def _rises_by_weights(gramian: fmpq_mat, weights: Vector) -> Iterator[Residual]:
    """The same inequality for G'w, where only the weights are known."""
    sides = times(gramian, weights)
    square = inner(weights, sides)
    steepness = length_above(inner(sides, sides))
    for task, side in enumerate(sides):
        row = tuple(gramian[task, other] for other in range(len(sides)))
        slopes = {"weights": length_above(inner(row, row)) + 2 * steepness}
        name = f"the hull lies beyond the weighted rows at task {task}"
        bends = {"weights": trace(gramian)}
        yield Residual(name, Relation.NONNEGATIVE, side - square, slopes, bends)
