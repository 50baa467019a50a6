"""A member of MGDA's set of answers where weights of normalised rows are not unique."""

from collections.abc import Sequence

from mtl_reference.method import Outputs
from mtl_reference.methods.mgda import divisors, nearest, read
from mtl_reference.pairing import added, combine
from mtl_reference.rational import Jacobian, Scalar


def member(
    gradients: Jacobian, *, losses: Sequence[Scalar] | None = None, normalization: str = "none"
) -> Outputs:
    """The raw rows by one choice of the weights."""
    known = read(losses, gradients.tasks, normalization)
    sizes = divisors(gradients.gramian(), known, normalization)
    multipliers = nearest(gradients.gramian(), sizes)
    shares = tuple(s * y for s, y in zip(sizes, multipliers, strict=True))
    whole = added(shares)
    weights = tuple(share / whole for share in shares)
    return {"direction": combine(gradients, weights), "weights": weights}
