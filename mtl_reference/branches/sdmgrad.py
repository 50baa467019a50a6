"""SDMGrad in balls: a step, and its projection on the simplex with the support frozen."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.branches.modo import forces_of, levelled, projected, weights_before
from mtl_reference.method import State, Trace
from mtl_reference.rational import rational


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    preference: Sequence[arb] | None = None,
    learning_rate: float = 0.1,
    lambda_: float = 0.3,
    state: State | None = None,
) -> Trace:
    """Weights (T,) from the Gramian (2T, 2T) of both jacobians, one below the other.

    The decision "support i" tests by how much the moved weight of task i lies above the number that
    the projection takes off.
    """
    tasks = len(norms) // 2
    before = weights_before(state, tasks)
    aim = (arb(1) / tasks,) * tasks if preference is None else preference
    rate, pull = arb(rational(learning_rate)), arb(rational(lambda_))
    tilted = [w + pull * w0 for w, w0 in zip(before, aim, strict=True)]
    forces = forces_of(gramian, tilted)
    target = [w - rate * f for w, f in zip(before, forces, strict=True)]
    after, decisions = projected(target, outcome)
    weights = tuple(w + pull * w0 for w, w0 in zip(after, aim, strict=True))
    terms = {"weights": levelled(target, after)}
    return Trace(weights, decisions, state={"weights": after}, terms=terms)
