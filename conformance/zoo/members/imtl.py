"""A member of IMTL's set of answers where the rows depend on one another: one of IMTL-G's."""

from conformance.zoo.members import imtl_g
from mtl_reference.method import Outputs
from mtl_reference.rational import Jacobian


def member(gradients: Jacobian, **_: object) -> Outputs:
    """The member with projection 1 on every row, whatever the scales."""
    return imtl_g.member(gradients)
