"""Why SDMGrad's weights are right: less the preference, they are the projection of a step.

w' on the simplex is the projection of p if and only if <p - w', v - w'> <= 0 for every corner v.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.certificates.modo import forces_of, projected
from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Residual, State, finite
from mtl_reference.rational import Jacobian, Rows, Scalar, numbers
from mtl_reference.rational import jacobian as exact_rows


def certificate(
    jacobian: Jacobian,
    outputs: Outputs,
    *,
    second_jacobian: Rows,
    preference: Sequence[Scalar] | None = None,
    learning_rate: float = 0.1,
    lambda_: float = 0.3,
    state: State | None = None,
) -> Iterator[Residual]:
    """Conditions on "weights" (T,)."""
    equal = (fmpq(1, jacobian.tasks),) * jacobian.tasks
    before = equal if state is None else cast("Vector", state["weights"])
    aim = equal if preference is None else numbers("preference", preference)
    rate, pull = finite("learning_rate", learning_rate), finite("lambda_", lambda_)
    tilted = tuple(w + pull * w0 for w, w0 in zip(before, aim, strict=True))
    forces = forces_of(jacobian, exact_rows(second_jacobian), tilted)
    target = tuple(w - rate * f for w, f in zip(before, forces, strict=True))
    answered = cast("Vector", outputs["weights"])
    own = tuple(weight - pull * w0 for weight, w0 in zip(answered, aim, strict=True))
    yield from projected(target, own)
