"""Why a FairGrad answer is right: each gain is its task's weight to the power -1/alpha.

With d = G'a and a > 0 that is the equation itself. Without weights they are <g_i, d>^-alpha, and d
must be what these give.
"""

from collections.abc import Iterator
from typing import cast

from flint import fmpq

from mtl_reference.certificates.mgda import combined
from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.method import Outputs, Relation, Residual
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
from mtl_reference.transcendental import power


def certificate(jacobian: Jacobian, outputs: Outputs, *, alpha: Scalar = 1.0) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there.

    Curvatures hold for moves of up to half of a weight or gain.
    """
    fairness = rational(alpha)
    weights = cast("Vector | None", outputs.get("weights"))
    direction = cast("Vector | None", outputs.get("direction"))
    gramian = jacobian.gramian()
    if weights is not None:
        for task, weight in enumerate(weights):
            name = f"weight of task {task} is positive"
            yield Residual(name, Relation.NONNEGATIVE, weight, {"weights": fmpq(1)})
        if any(decide(weight) != 1 for weight in weights):
            return
    if direction is None and weights is not None:
        yield from _gains(jacobian, times(gramian, weights), weights, fairness, "weights")
    elif direction is not None and weights is not None:
        sides = products(jacobian, direction)
        yield combined(gramian, sides, inner(direction, direction), weights)
        yield from _gains(jacobian, sides, weights, fairness, "direction")
    elif direction is not None:
        yield from _by_itself(jacobian, direction, fairness)


def _gains(
    jacobian: Jacobian, sides: Vector, weights: Vector, fairness: fmpq, moving: str
) -> Iterator[Residual]:
    """<g_i, d> - a_i^-p = 0 with p = 1/alpha; ``moving`` is the output that moves the gains."""
    gramian, exponent = jacobian.gramian(), 1 / fairness
    for task, (side, weight) in enumerate(zip(sides, weights, strict=True)):
        row = [gramian[task, other] for other in range(jacobian.tasks)]
        reach = root_above(row[task]) if moving == "direction" else length_above(inner(row, row))
        fallen = power(weight, -exponent)
        steep = exponent * size_above(fallen / weight)
        slopes: dict[str, Number] = {moving: reach}
        slopes["weights"] = slopes.get("weights", fmpq(0)) + steep
        bend = (exponent + 1) / 2 * steep * size_above(power(fmpq(2), exponent + 2) / weight)
        name = f"gain of task {task} is its weight's power"
        yield Residual(name, Relation.ZERO, side - fallen, slopes, {"weights": bend})


def _by_itself(jacobian: Jacobian, direction: Vector, fairness: fmpq) -> Iterator[Residual]:
    """Gains are positive, and d = sum_i <g_i, d>^-alpha g_i."""
    gramian, sides = jacobian.gramian(), products(jacobian, direction)
    lengths = [root_above(gramian[task, task]) for task in range(jacobian.tasks)]
    for task, side in enumerate(sides):
        slopes = {"direction": lengths[task]}
        yield Residual(f"gain of task {task} is positive", Relation.NONNEGATIVE, side, slopes)
    if any(decide(side) != 1 for side in sides):
        return
    implied = tuple(power(side, -fairness) for side in sides)
    rest = length(difference(direction, combine(jacobian, implied)))
    slope, bend = fmpq(1), fmpq(0)
    for weight, side, size in zip(implied, sides, lengths, strict=True):
        share = fairness * size_above(weight / side) * size * size
        slope += share
        grown = size_above(power(fmpq(2), fairness + 2) / side)
        bend += (fairness + 1) / 2 * share * size * grown
    name = "the gains give the direction"
    yield Residual(name, Relation.ZERO, rest, {"direction": slope}, {"direction": bend})
