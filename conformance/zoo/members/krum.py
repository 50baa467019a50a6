"""A member of Krum's set of answers where scores are equal at the edge of the choice."""

from flint import fmpq

from mtl_reference.method import Outputs
from mtl_reference.methods.krum import scores
from mtl_reference.rational import Jacobian


def member(
    gradients: Jacobian, *, n_byzantine: float = 0.0, n_selected: float = 1.0, **_: object
) -> Outputs:
    """The mean of the rows of the least scores, those of the smallest numbers among equals."""
    scored = scores(gradients.gramian(), gradients.tasks - 2 - int(n_byzantine))
    ranked = sorted(range(gradients.tasks), key=lambda task: scored[task])
    chosen = set(ranked[: int(n_selected)])
    weights = [fmpq(int(task in chosen), int(n_selected)) for task in range(gradients.tasks)]
    return {"direction": gradients.combine(weights), "weights": tuple(weights)}
