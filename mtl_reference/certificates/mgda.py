"""Why an MGDA answer is right: the variational inequality of the shortest vector.

d is the shortest vector of the hull of the rows if and only if d lies in the hull and
<g_i, d> >= |d|^2 for every row. Weights on the simplex that give d show the first. Where there
are none and the rows are independent, the only candidates come from one linear solve; where the
rows depend on each other and there are no weights, membership in the hull is left open.

With a normalization the same is asked of the hull of the rows over their divisors s_i, by the
weights alone: <g_i, G'(w/s)> / s_i is never less than the square, (w/s)'K(w/s). The direction is
that of the raw rows. Where it comes without weights and the rows are independent, they are told by
it.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq, fmpq_mat

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import inner, length_above, products, size_above, times
from mtl_reference.rational import Jacobian, Scalar, numbers, root_above
from mtl_reference.surd import sqrt


def certificate(
    jacobian: Jacobian,
    outputs: Outputs,
    *,
    losses: Sequence[Scalar] | None = None,
    normalization: str = "none",
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    if normalization != "none":
        yield from _normalised(jacobian, outputs, losses or (), normalization)
        return
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


def _normalised(
    jacobian: Jacobian, outputs: Outputs, losses: Sequence[Scalar], normalization: str
) -> Iterator[Residual]:
    """The direction is that of the weights, and these are right for the rows over s_i."""
    gramian = jacobian.gramian()
    weights = cast("Vector | None", outputs.get("weights"))
    direction = cast("Vector | None", outputs.get("direction"))
    sizes = _sizes(gramian, losses, normalization)
    if weights is not None:
        yield from on_simplex(weights)
        if direction is not None:
            sides = products(jacobian, direction)
            yield combined(gramian, sides, inner(direction, direction), weights)
        yield from _shortest(gramian, sizes, weights, "weights", [fmpq(1)] * len(weights))
    elif direction is not None and gramian.det() != 0:
        inverse = gramian.inv()
        sides = products(jacobian, direction)
        told = times(inverse, sides)
        reach = [root_above(inverse[task, task]) for task in range(len(told))]
        yield from _in_hull(gramian, sides, inner(direction, direction))
        yield from _shortest(gramian, sizes, told, "direction", reach)


def _sizes(gramian: fmpq_mat, losses: Sequence[Scalar], normalization: str) -> Vector:
    """The divisor of each row."""
    tasks = range(gramian.nrows())
    lengths: Vector = [fmpq(1) if normalization == "loss" else sqrt(gramian[i, i]) for i in tasks]
    if normalization == "l2":
        return lengths
    return [n * loss for n, loss in zip(lengths, numbers("losses", losses), strict=True)]


def _shortest(
    gramian: fmpq_mat, sizes: Vector, weights: Vector, output: str, reach: Sequence[fmpq]
) -> Iterator[Residual]:
    """<h_i, H'w> - |H'w|^2 >= 0 for h_i = g_i / s_i, and 0 where w_i > 0.

    The weights move by at most ``reach`` when the output moves by one.
    """
    tasks = range(len(weights))
    shares = tuple(weight / size for weight, size in zip(weights, sizes, strict=True))
    sides = [side / size for side, size in zip(times(gramian, shares), sizes, strict=True)]
    square = inner(sides, weights)
    lengths = [size_above(sqrt(gramian[i, i]) / sizes[i]) for i in tasks]  # |h_i|
    spread = sum((n * r for n, r in zip(lengths, reach, strict=True)), fmpq(0))  # moves H'w
    length = length_above(square)
    for task in tasks:
        slack, weight = sides[task] - square, weights[task]
        slope, bend = (lengths[task] + 2 * length) * spread, spread * spread
        name = f"the normalised hull lies beyond its shortest vector at task {task}"
        yield Residual(name, Relation.NONNEGATIVE, slack, {output: slope}, {output: bend})
        size = size_above(weight)
        slopes = {output: size * slope + size_above(slack) * reach[task]}
        bends = {output: size * bend + slope * reach[task]}
        name = f"task {task} is weighed only where the normalised hull touches"
        yield Residual(name, Relation.ZERO, slack * weight, slopes, bends)
