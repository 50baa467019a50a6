"""Why MoDo's weights are right: they are the nearest on the simplex to where the step leads.

w' on the simplex is the projection of p if and only if <p - w', v - w'> <= 0 for every corner v.
"""

from collections.abc import Iterator
from typing import cast

from flint import fmpq

from mtl_reference.certificates.mgda import on_simplex
from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Outputs, Relation, Residual, State, finite
from mtl_reference.pairing import inner, length_above
from mtl_reference.rational import Jacobian, Rows
from mtl_reference.rational import jacobian as exact_rows


def certificate(
    jacobian: Jacobian,
    outputs: Outputs,
    *,
    second_jacobian: Rows,
    learning_rate: float = 0.1,
    rho: float = 0.0,
    state: State | None = None,
) -> Iterator[Residual]:
    """Conditions on "weights" (T,)."""
    tasks = jacobian.tasks
    before = (fmpq(1, tasks),) * tasks if state is None else cast("Vector", state["weights"])
    rate, pull = finite("learning_rate", learning_rate), finite("rho", rho)
    forces = forces_of(jacobian, exact_rows(second_jacobian), before)
    target = tuple(w - rate * (f + pull * w) for w, f in zip(before, forces, strict=True))
    yield from projected(target, cast("Vector", outputs["weights"]))


def forces_of(jacobian: Jacobian, second: Jacobian, weights: Vector) -> Vector:
    """The product J1 J2' w, by the inner products of every row of J1 with every row of J2."""
    rows = [second.row(task) for task in range(second.tasks)]
    return tuple(
        inner([inner(jacobian.row(task), row) for row in rows], weights)
        for task in range(jacobian.tasks)
    )


def projected(target: Vector, weights: Vector) -> Iterator[Residual]:
    """The weights are the nearest to a point on the simplex."""
    yield from on_simplex(weights)
    gap = tuple(p - w for p, w in zip(target, weights, strict=True))
    steep = length_above(inner(gap, gap))
    for task, rest in enumerate(gap):
        corner = [fmpq(int(task == other)) for other in range(len(gap))]
        apart = tuple(w - v for w, v in zip(weights, corner, strict=True))
        slopes: dict[str, Number] = {"weights": steep + length_above(inner(apart, apart))}
        name = f"the corner of task {task} is no nearer"
        value = inner(gap, weights) - rest
        bends: dict[str, Number] = {"weights": fmpq(1)}
        yield Residual(name, Relation.NONNEGATIVE, value, slopes, bends)
