"""Why a Nash-MTL answer is right: every task's weight times its gain is the same known number.

With the weights w of the direction, clip included, w_i <g_i, d> = min(1, max_norm^2 / T), w > 0 and
d = G'w determine d: scaled back they are the one solution of K a = 1/a. Without weights they are
w_i = level / <g_i, d>, and d must be what these give. In a step without an update the weights are
those of the state, scaled so that the direction's length is the lesser of its own and max_norm.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.certificates.mgda import combined
from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.method import Outputs, Relation, Residual, State
from mtl_reference.pairing import (
    combine,
    difference,
    inner,
    length,
    length_above,
    products,
    size_above,
    times,
)
from mtl_reference.rational import Jacobian, Scalar, rational, root_above


def certificate(
    jacobian: Jacobian,
    outputs: Outputs,
    *,
    max_norm: Scalar = 0.0,
    update_every: Scalar = 1,
    state: State | None = None,
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    weights = cast("Vector | None", outputs.get("weights"))
    direction = cast("Vector | None", outputs.get("direction"))
    most, step = rational(max_norm), int(cast("int", state["step"])) if state else 0
    if state and step % int(rational(update_every)) != 0:
        yield from _reused(jacobian, outputs, cast("Vector", state["weights"]), most)
        return
    tasks = fmpq(jacobian.tasks)
    level = most * most / tasks if 0 < most * most < tasks else fmpq(1)
    gramian = jacobian.gramian()
    lengths = [root_above(gramian[task, task]) for task in range(jacobian.tasks)]
    if weights is not None:
        for task, weight in enumerate(weights):
            name = f"weight of task {task} is positive"
            yield Residual(name, Relation.NONNEGATIVE, weight, {"weights": fmpq(1)})
    if direction is None and weights is not None:
        yield from _equal_by_weights(jacobian, weights, level)
    if direction is None:
        return
    sides = products(jacobian, direction)
    if weights is not None:
        yield combined(gramian, sides, inner(direction, direction), weights)
        yield from equal_gains(sides, weights, level, lengths)
    else:
        yield from _by_itself(jacobian, direction, sides, level, lengths)


def equal_gains(
    sides: Vector, weights: Vector, level: fmpq, lengths: Sequence[fmpq]
) -> Iterator[Residual]:
    """w_i <g_i, d> - level = 0."""
    for task, (side, weight) in enumerate(zip(sides, weights, strict=True)):
        size = lengths[task]
        slopes = {"direction": size_above(weight) * size, "weights": size_above(side)}
        bends: dict[str, Number] = {"direction": size / 2, "weights": size / 2}
        name = f"weight times gain of task {task}"
        yield Residual(name, Relation.ZERO, side * weight - level, slopes, bends)


def _equal_by_weights(jacobian: Jacobian, weights: Vector, level: fmpq) -> Iterator[Residual]:
    """The same for G'w."""
    gramian, tasks = jacobian.gramian(), range(jacobian.tasks)
    sides = times(gramian, weights)
    for task in tasks:
        row = length_above(inner(*[[gramian[task, other] for other in tasks]] * 2))
        slope = size_above(sides[task]) + size_above(weights[task]) * row
        value = sides[task] * weights[task] - level
        name = f"weight times gain of task {task}"
        yield Residual(name, Relation.ZERO, value, {"weights": slope}, {"weights": row})


def _by_itself(
    jacobian: Jacobian, direction: Vector, sides: Vector, level: fmpq, lengths: Sequence[fmpq]
) -> Iterator[Residual]:
    """Gains are positive, and d = level sum_i g_i / <g_i, d>.

    1 / (s - x) differs from 1 / s + x / s^2 by at most 2 x^2 / s^3 for x <= s / 2.
    """
    for task, side in enumerate(sides):
        slopes = {"direction": lengths[task]}
        yield Residual(f"gain of task {task} is positive", Relation.NONNEGATIVE, side, slopes)
    if any(decide(side) != 1 for side in sides):
        return
    implied = tuple(level / side for side in sides)
    rest = length(difference(direction, combine(jacobian, implied)))
    slope, bend = fmpq(1), fmpq(0)
    for weight, size in zip(implied, lengths, strict=True):
        share = size_above(weight) * size  # level n_i / <g_i, d>
        slope += share * share / level
        bend += 2 * share * share * share / (level * level)
    name = "the gains give the direction"
    yield Residual(name, Relation.ZERO, rest, {"direction": slope}, {"direction": bend})


def _reused(jacobian: Jacobian, outputs: Outputs, held: Vector, most: fmpq) -> Iterator[Residual]:
    """The weights of the state, and their direction, times min(1, max_norm / length)."""
    path = combine(jacobian, held)
    own = length(path)
    factor = most / own if most > 0 and decide(own - most) == 1 else fmpq(1)
    for output, kept in (("direction", path), ("weights", held)):
        if output in outputs:
            given = cast("Vector", outputs[output])
            rest = length(difference(given, tuple(factor * number for number in kept)))
            name = f"{output} as held"
            yield Residual(name, Relation.ZERO, rest, {output: fmpq(1)})
