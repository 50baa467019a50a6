"""A best vertex of EPO's program, where it has several."""

from collections.abc import Sequence

from mtl_reference.linear import vertex
from mtl_reference.method import Outputs
from mtl_reference.methods.epo import at_vertex, stated
from mtl_reference.pairing import combine
from mtl_reference.rational import Jacobian, Scalar, numbers, rational


def member(
    gradients: Jacobian,
    *,
    losses: Sequence[Scalar],
    preference: Sequence[Scalar],
    mode: str = "restricted",
    threshold: Scalar = 2.0**-13,
) -> Outputs:
    """The vertex that the simplex method ends at; ValueError where no weights are allowed."""
    values, wish = numbers("losses", losses), numbers("preference", preference)
    program = stated(gradients.gramian(), values, wish, mode, rational(threshold))
    tight = vertex(program.objective, program.rows, program.bounds)
    if tight is None:
        message = "no weights keep the constraints"
        raise ValueError(message)
    weights = at_vertex(program, *tight)
    return {"direction": combine(gradients, weights), "weights": weights}
