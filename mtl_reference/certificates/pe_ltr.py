"""Why a PE-LTR answer is right: the variational inequalities of the two programs.

"exact": the direction is the shortest vector of the hull of the rows G'c + s g_i, so MGDA's
conditions hold for them, with the weights (w - c) / s. "two-stage": let q be the weights of the
linear system, less c, found here from its null space: of all solutions the one at right angles to
it. v = w - c is the point of {v >= 0, sum v = s} nearest to q exactly if <q - v, s e_i - v> <= 0
for every corner s e_i.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq, fmpq_mat

from mtl_reference.certificates import mgda
from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import combine, difference, inner, length_above, products
from mtl_reference.rational import (
    Jacobian,
    RationalVector,
    Scalar,
    jacobian,
    nullspace,
    numbers,
    root_above,
    solve,
)


def certificate(
    gradients: Jacobian, outputs: Outputs, *, floors: Sequence[Scalar], solver: str = "exact"
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    least = numbers("floors", floors)
    weights = cast("Vector | None", outputs.get("weights"))
    direction = cast("Vector | None", outputs.get("direction"))
    if weights is not None:
        yield from _bounds(weights, least)
        if direction is not None:
            sides, square = products(gradients, direction), inner(direction, direction)
            yield mgda.combined(gradients.gramian(), sides, square, weights)
    free = 1 - sum(least, fmpq(0))
    if free == 0 or solver == "two-stage":
        yield from _determined(gradients, outputs, least, free)
    else:
        yield from _shrunken(gradients, outputs, least, free)


def _bounds(weights: Vector, floors: RationalVector) -> Iterator[Residual]:
    """The weights keep their floors and sum to one."""
    for task, (weight, floor) in enumerate(zip(weights, floors, strict=True)):
        name = f"the weight of task {task} is at least its floor"
        yield Residual(name, Relation.NONNEGATIVE, weight - floor, {"weights": fmpq(1)})
    excess = inner(weights, (fmpq(1),) * len(weights)) - 1
    slopes = {"weights": root_above(fmpq(len(weights)))}
    yield Residual("weights add up to one", Relation.ZERO, excess, slopes)


def _shrunken(
    gradients: Jacobian, outputs: Outputs, floors: RationalVector, free: fmpq
) -> Iterator[Residual]:
    """MGDA's conditions for the rows G'c + s g_i; an error of w is 1/s as large one of v."""
    tasks = gradients.tasks
    rows = jacobian(
        [
            gradients.combine([c + free * (i == k) for k, c in enumerate(floors)])
            for i in range(tasks)
        ]
    )
    told: dict[str, Vector] = {}
    if "direction" in outputs:
        told["direction"] = cast("Vector", outputs["direction"])
    if "weights" in outputs:
        beyond = difference(cast("Vector", outputs["weights"]), floors)
        told["weights"] = tuple(number * (1 / free) for number in beyond)
    for residual in mgda.certificate(rows, told):
        yield Residual(
            residual.name,
            residual.relation,
            residual.value,
            _stretched(residual.slopes, 1 / free),
            _stretched(residual.curvatures, 1 / (free * free)),
        )


def _stretched(slopes: object, factor: fmpq) -> dict[str, Number]:
    known = cast("dict[str, Number]", slopes)
    return {name: s * factor if name == "weights" else s for name, s in known.items()}


def _determined(
    gradients: Jacobian, outputs: Outputs, floors: RationalVector, free: fmpq
) -> Iterator[Residual]:
    """Where the weights are unique: the inequality, or without weights the direction's own."""
    sought = equalised(gradients.gramian(), floors, free)
    if "weights" in outputs:
        beyond = difference(cast("Vector", outputs["weights"]), floors)
        gap = difference(sought, beyond)
        slope = length_above(inner(gap, gap)) + length_above(inner(beyond, beyond)) + free
        for task, entry in enumerate(gap):
            value = inner(gap, beyond) - free * entry
            slopes: dict[str, Number] = {"weights": slope}
            name = f"no corner is nearer to the solution than the weights, task {task}"
            yield Residual(name, Relation.NONNEGATIVE, value, slopes, {"weights": fmpq(1)})
    elif "direction" in outputs:
        weights = [c + v for c, v in zip(floors, clipped(sought, free), strict=True)]
        apart = difference(cast("Vector", outputs["direction"]), combine(gradients, weights))
        name = "the direction has the weights of the two stages"
        bends: dict[str, Number] = {"direction": fmpq(1)}
        yield Residual(name, Relation.ZERO, inner(apart, apart), {}, bends)


def equalised(gramian: fmpq_mat, floors: RationalVector, free: fmpq) -> tuple[fmpq, ...]:
    """The shortest q with sum q = s for which K(q + c) has equal entries."""
    tasks = len(floors)
    lines = [[*(gramian[i, j] for j in range(tasks))] for i in range(tasks)]
    matrix = fmpq_mat([*lines, [fmpq(1)] * tasks])
    flat = nullspace(matrix)
    bordered = fmpq_mat(tasks + 1, tasks + 1)
    for i in range(tasks):
        bordered[i, tasks] = bordered[tasks, i] = fmpq(1)
        for j in range(tasks):
            bordered[i, j] = gramian[i, j] + sum((v[i] * v[j] for v in flat), fmpq(0))
    pull = gramian * fmpq_mat(tasks, 1, [*floors])
    return solve(bordered, [*(-entry for entry in pull.entries()), free])[:tasks]


def clipped(point: RationalVector, mass: fmpq) -> RationalVector:
    """The nearest vector of numbers >= 0 that sum to ``mass``, by the sorted entries."""
    ordered = sorted(point, reverse=True)
    level = ordered[0] - mass
    for count in range(1, len(ordered) + 1):
        trial = (sum(ordered[:count], fmpq(0)) - mass) / count
        if trial < ordered[count - 1]:
            level = trial
    return tuple(max(entry - level, fmpq(0)) for entry in point)
