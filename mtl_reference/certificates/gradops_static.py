"""Why a GradOPS-static answer is right: GradOPS's conditions, and the weighted sum."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.certificates import gradops
from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import combine, difference, inner, length, length_above, products
from mtl_reference.rational import Jacobian, numbers, root_above
from mtl_reference.rational import jacobian as exact


def certificate(
    gradients: Jacobian, outputs: Outputs, *, weights: float | Sequence[float] = 1.0
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "task_gradients" (T, d; rational)."""
    direction = cast("Vector | None", outputs.get("direction"))
    gramian = gradients.gramian()
    listed = weights if isinstance(weights, Sequence) else (weights,) * gradients.tasks
    shares = numbers("weights", listed)
    if direction is not None:
        for task, value in enumerate(products(gradients, direction)):
            slope = {"direction": root_above(gramian[task, task])}
            yield Residual(f"uphill {task}", Relation.NONNEGATIVE, value, slope)
    if "task_gradients" not in outputs:
        return
    yield from gradops.certificate(gradients, {"task_gradients": outputs["task_gradients"]})
    if direction is not None:
        modified = exact(cast("Sequence[Sequence[fmpq]]", outputs["task_gradients"]))
        slopes = {
            "direction": fmpq(1),
            "task_gradients": length_above(inner(shares, shares)),
        }
        value = length(difference(direction, combine(modified, shares)))
        yield Residual("sum", Relation.ZERO, value, slopes)
