"""A member of CAGrad's set of answers where a combination of the rows is zero."""

from collections.abc import Sequence
from typing import cast

from flint import fmpq, fmpq_mat

from mtl_reference.method import Outputs
from mtl_reference.rational import Jacobian
from mtl_reference.simplex import least_distance


def member(gradients: Jacobian, **_: object) -> Outputs:
    """The member that is nearest to the mean: its projection on {Gd >= 0}."""
    share = fmpq(1, gradients.tasks)
    gramian = gradients.gramian()
    offsets = (gramian * fmpq_mat(gradients.tasks, 1, [share] * gradients.tasks)).entries()
    multipliers = least_distance(gramian, tuple(-offset for offset in offsets))
    weights = [share + v for v in cast("Sequence[fmpq]", multipliers)]
    return {"direction": gradients.combine(weights)}
