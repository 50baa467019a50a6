"""Why a GradOPS answer is right: right angles, spans and proportions, asked of the vectors.

A gradient that conflicts becomes the one vector g' with <g', g_j> = 0 for all other rows and
g - g' in their span; where that vector is 0 the fallback's own conditions are asked. The weights
stand in the proportions of powers of the projections of sum_j g'_j, taken from the answer itself.
"""

from collections.abc import Iterator, Sequence
from typing import Final, cast

from flint import arb, fmpq, fmpq_mat

from mtl_reference.enclosure import Number, Real, Vector, decide, real
from mtl_reference.method import Orders, Outputs, Relation, Residual, finite
from mtl_reference.pairing import (
    added,
    combine,
    difference,
    inner,
    length,
    length_above,
    products,
)
from mtl_reference.rational import Jacobian, RationalVector, jacobian, root_above
from mtl_reference.rational import inner as rational_inner
from mtl_reference.simplex import minimum_norm
from mtl_reference.surd import sqrt

_EXACT_POWERS: Final = 64  # exact powers beyond this are too long to be of use


def certificate(
    gradients: Jacobian,
    outputs: Outputs,
    *,
    orders: Orders | None = None,
    alpha: float = 0.0,
    fallback: str = "mgda",
) -> Iterator[Residual]:
    """Conditions on "direction" (d,), "task_gradients" (T, d; rational) and "weights" (T,)."""
    del orders
    power = finite("alpha", alpha)
    gramian = gradients.gramian()
    direction = cast("Vector | None", outputs.get("direction"))
    weights = cast("Vector | None", outputs.get("weights"))
    if direction is not None:
        yield from _never_uphill(gradients, gramian, direction)
    if weights is not None:
        yield from _shared_out(weights)
    if "task_gradients" in outputs:
        modified = jacobian(cast("Sequence[Sequence[fmpq]]", outputs["task_gradients"]))
        yield from _modified(gradients, gramian, modified, fallback)
        if weights is not None:
            yield from _in_proportion(gradients, gramian, modified, weights, power)
            if direction is not None:
                yield _adds_up(direction, modified, weights)


def _never_uphill(gradients: Jacobian, gramian: fmpq_mat, direction: Vector) -> Iterator[Residual]:
    """<g_i, d> >= 0, for every alpha."""
    for task, value in enumerate(products(gradients, direction)):
        slope = {"direction": root_above(gramian[task, task])}
        yield Residual(f"uphill {task}", Relation.NONNEGATIVE, value, slope)


def _modified(
    gradients: Jacobian, gramian: fmpq_mat, modified: Jacobian, fallback: str
) -> Iterator[Residual]:
    """What each g'_i must be: the row itself, at right angles to the others, or the fallback."""
    rank = gramian.rank()
    for task in range(gradients.tasks):
        others = [other for other in range(gradients.tasks) if other != task]
        row, gradient = gradients.row(task), modified.row(task)
        if all(gramian[task, other] >= 0 for other in others):
            yield _zero(f"unmodified {task}", difference(gradient, row))
        elif rank > _among(gramian, others).rank():
            yield from _right_angles(gradients, gramian, task, gradient)
            rest = _off_span(gradients, gramian, others, difference(row, gradient))
            yield _zero(f"span {task}", rest)
        elif fallback == "none":
            yield _zero(f"vanished {task}", gradient)
        else:
            yield from _shortest(gradients, gramian, task, gradient)


def _zero(name: str, vector: Vector) -> Residual:
    """A vector that must vanish, and moves as the modified gradients move."""
    return Residual(name, Relation.ZERO, length(vector), {"task_gradients": fmpq(1)})


def _right_angles(
    gradients: Jacobian, gramian: fmpq_mat, task: int, gradient: RationalVector
) -> Iterator[Residual]:
    """<g'_i, g_j> = 0 for all j but i."""
    for other, value in enumerate(gradients.products(gradient)):
        if other != task:
            slope = {"task_gradients": root_above(gramian[other, other])}
            yield Residual(f"right angle {task}-{other}", Relation.ZERO, value, slope)


def _among(gramian: fmpq_mat, tasks: Sequence[int]) -> fmpq_mat:
    """The Gramian of some of the rows."""
    return fmpq_mat([[gramian[i, j] for j in tasks] for i in tasks])


def _off_span(
    gradients: Jacobian, gramian: fmpq_mat, tasks: Sequence[int], vector: Sequence[Number]
) -> Vector:
    """What is left of a vector without its projection on the span of some of the rows."""
    basis = _basis(gramian, tasks)
    if not basis:
        return tuple(vector)
    inverse = _among(gramian, basis).inv()
    sides = products(gradients, vector)
    near = [sides[task] for task in basis]
    weights: list[Number] = [fmpq(0)] * gradients.tasks
    for place, task in enumerate(basis):
        weights[task] = inner([inverse[place, k] for k in range(len(basis))], near)
    return difference(vector, combine(gradients, weights))


def _basis(gramian: fmpq_mat, tasks: Sequence[int]) -> list[int]:
    """Rows with the span of all of ``tasks``: each extends the span of those before it."""
    if _among(gramian, tasks).det() != 0:
        return list(tasks)
    basis: list[int] = []
    for task in tasks:
        if _among(gramian, [*basis, task]).det() != 0:
            basis.append(task)
    return basis


def _shortest(
    gradients: Jacobian, gramian: fmpq_mat, task: int, gradient: RationalVector
) -> Iterator[Residual]:
    """MGDA's variational inequality, and a point of the hull of the rows that is the vector.

    The point of the hull is found by a search, and proves by itself that it lies there.
    """
    square = rational_inner(gradient, gradient)
    for other, side in enumerate(gradients.products(gradient)):
        slope = root_above(gramian[other, other]) + 2 * root_above(square)
        name = f"fallback {task}-{other}"
        slopes, bends = {"task_gradients": slope}, {"task_gradients": fmpq(1)}
        yield Residual(name, Relation.NONNEGATIVE, side - square, slopes, bends)
    rows = (gradients.row(other) for other in range(gradients.tasks))
    moved = jacobian([[x - y for x, y in zip(row, gradient, strict=True)] for row in rows])
    nearest = gradients.combine(minimum_norm(moved.gramian()))
    yield _zero(f"fallback hull {task}", difference(gradient, nearest))


def _shared_out(weights: Vector) -> Iterator[Residual]:
    """w_i >= 0 and sum w = T."""
    for task, weight in enumerate(weights):
        slope = {"weights": fmpq(1)}
        yield Residual(f"weight {task}", Relation.NONNEGATIVE, weight, slope)
    slope = {"weights": root_above(fmpq(len(weights)))}
    yield Residual("mean weight", Relation.ZERO, added(weights) - len(weights), slope)


def _in_proportion(
    gradients: Jacobian,
    gramian: fmpq_mat,
    modified: Jacobian,
    weights: Vector,
    alpha: fmpq,
) -> Iterator[Residual]:
    """w_i : w_k = R_i^alpha : R_k^alpha with the largest R_k; w_i = 1 for zero rows, or alpha 0.

    Only positive powers of R_i / R_k <= 1 are taken, on the side where they belong.
    """
    tasks = range(gradients.tasks)
    sides = gradients.products(modified.combine([fmpq(1)] * gradients.tasks))
    active = [task for task in tasks if gramian[task, task] != 0]
    scaled = {t: sides[t] / sqrt(gramian[t, t]) for t in active}
    top = max(active, key=lambda t: scaled[t], default=None)
    still = top is None or decide(scaled[top]) != 1
    for task in tasks:
        if task not in active or alpha == 0 or still:
            value = weights[task] - 1
            yield Residual(f"weight one {task}", Relation.ZERO, value, {"weights": fmpq(1)})
        elif top is not None and task != top:
            largest = scaled[top]
            yield _proportion(task, top, scaled[task] / largest, largest, weights, alpha)


def _proportion(
    task: int, top: int, share: Number, largest: Number, weights: Vector, alpha: fmpq
) -> Residual:
    """w_i = w_k share^alpha; for alpha < 0 the same, with the power on the other side.

    The share is R_i / R_k. When the modified gradients move by e, their sum moves by sqrt(T) e at
    most and the share by 2 sqrt(T) e / R_k.
    """
    size = abs(alpha)
    share = share if decide(share) == 1 else fmpq(0)
    power = _power(share, size)
    light, heavy = (weights[task], weights[top]) if alpha > 0 else (weights[top], weights[task])
    value = light - heavy * power
    slopes: dict[str, Number] = {"weights": fmpq(2)}
    if decide(share) == 1:
        steepness = size * heavy * power / share
        slopes["task_gradients"] = steepness * 2 * root_above(fmpq(len(weights))) / largest
    return Residual(f"proportion {task}-{top}", Relation.ZERO, value, slopes)


def _power(base: Number, exponent: fmpq) -> Number:
    """A power of a number >= 0, by repeated squaring for small integers, else in balls."""
    if decide(base) != 1:
        return fmpq(0)
    if exponent.q != 1 or exponent > _EXACT_POWERS:
        known = real(base)
        return Real(lambda bits: (known.enclosure(bits).log() * arb(exponent)).exp())
    result: Number = fmpq(1)
    for digit in f"{int(exponent.p):b}":
        result = result * result * base if digit == "1" else result * result
    return result


def _adds_up(direction: Vector, modified: Jacobian, weights: Vector) -> Residual:
    """The direction is sum_i w_i g'_i."""
    gramian = modified.gramian()
    squares = sum((gramian[task, task] for task in range(modified.tasks)), fmpq(0))
    slopes: dict[str, Number] = {
        "direction": fmpq(1),
        "task_gradients": length_above(inner(weights, weights)),
        "weights": root_above(squares),
    }
    rest = difference(direction, combine(modified, weights))
    return Residual("sum", Relation.ZERO, length(rest), slopes)
