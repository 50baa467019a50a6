"""Why a CAGrad-Fast answer is right: CAGrad's conditions on the sampled rows and the others' mean.

The tasks that are left out have one weight. Together they are the weight of their mean r, so that
the weights of the sampled rows and of r are told, and judged as CAGrad's about the mean of all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from flint import fmpq

from mtl_reference.certificates.cagrad import about
from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import added
from mtl_reference.rational import Jacobian, Scalar, rational, root_above
from mtl_reference.rational import jacobian as exact


def certificate(
    jacobian: Jacobian, outputs: Outputs, *, sample: Sequence[int], c: Scalar = 0.5
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    tasks = jacobian.tasks
    chosen = sorted(sample)
    rest = [task for task in range(tasks) if task not in chosen]
    rows = [jacobian.row(task) for task in chosen]
    centre = [fmpq(1, tasks)] * len(chosen)
    if rest:
        columns = zip(*(jacobian.row(task) for task in rest), strict=True)
        rows.append(tuple(sum(column, fmpq(0)) / len(rest) for column in columns))
        centre.append(fmpq(len(rest), tasks))
    told = dict(outputs)
    if "weights" in told:
        weights = cast("Vector", told["weights"])
        yield from _alike(weights, rest)
        own = tuple(weights[task] for task in chosen)
        told["weights"] = (*own, added([weights[task] for task in rest])) if rest else own
    reach = root_above(fmpq(max(1, len(rest))))  # how far the sum moves when the weights move by 1
    for residual in about(exact(rows), told, tuple(centre), rational(c)):
        yield _stretched(residual, reach)


def _alike(weights: Vector, rest: Sequence[int]) -> Iterator[Residual]:
    """The tasks that are left out have the weight of the first of them."""
    for task in rest[1:]:
        name = f"tasks {rest[0]} and {task}, left out, weigh the same"
        value = weights[task] - weights[rest[0]]
        yield Residual(name, Relation.ZERO, value, {"weights": fmpq(2)})


def _stretched(residual: Residual, reach: fmpq) -> Residual:
    """A residual of the condensed weights as one of the weights on all rows."""
    slopes, bends = dict(residual.slopes), dict(residual.curvatures)
    for each, factor in ((slopes, reach), (bends, reach * reach)):
        if "weights" in each:
            each["weights"] = each["weights"] * factor
    return replace(residual, slopes=slopes, curvatures=bends)
