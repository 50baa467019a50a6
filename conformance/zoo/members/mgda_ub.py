"""A member of MGDA-UB's set of answers where the representation leaves the weights free."""

from mtl_reference.method import Outputs
from mtl_reference.rational import Jacobian, Rows, jacobian
from mtl_reference.simplex import minimum_norm


def member(gradients: Jacobian, *, representation_jacobian: Rows, **_: object) -> Outputs:
    """The rows by one choice of the weights."""
    weights = minimum_norm(jacobian(representation_jacobian).gramian())
    return {"direction": gradients.combine(weights), "weights": weights}
