"""A member of IMTL-G's set of answers where the rows depend on one another."""

from flint import fmpq

from mtl_reference.enclosure import Number
from mtl_reference.method import Outputs
from mtl_reference.pairing import added, combine
from mtl_reference.rational import Jacobian
from mtl_reference.simplex import principal
from mtl_reference.surd import sqrt


def member(gradients: Jacobian, **_: object) -> Outputs:
    """The member with projection 1 on every row.

    It combines the rows of a basis, by K a = n on them.
    """
    gramian = gradients.gramian()
    basis: list[int] = []
    for task in range(gradients.tasks):
        if principal(gramian, [*basis, task]).rank() > len(basis):
            basis.append(task)
    inverse = principal(gramian, basis).inv()
    lengths = [sqrt(gramian[task, task]) for task in basis]
    size = len(basis)
    weights: list[Number] = [fmpq(0)] * gradients.tasks
    for i, task in enumerate(basis):
        weights[task] = added([inverse[i, j] * lengths[j] for j in range(size)])
    return {"direction": combine(gradients, tuple(weights))}
