"""MoDo in balls: a step, and its projection on the simplex with the support frozen."""

from collections.abc import Mapping, Sequence
from typing import cast

from flint import arb, arb_mat

from mtl_reference.method import Decision, State, Trace
from mtl_reference.rational import rational


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    learning_rate: float = 0.1,
    rho: float = 0.0,
    state: State | None = None,
) -> Trace:
    """Weights (T,) from the Gramian (2T, 2T) of both jacobians, one below the other.

    The decision "support i" tests by how much the moved weight of task i lies above the number that
    the projection takes off.
    """
    before = weights_before(state, len(norms) // 2)
    rate, pull = arb(rational(learning_rate)), arb(rational(rho))
    forces = forces_of(gramian, before)
    target = [w - rate * (f + pull * w) for w, f in zip(before, forces, strict=True)]
    weights, decisions = projected(target, outcome)
    terms = {"weights": levelled(target, weights)}
    return Trace(weights, decisions, state={"weights": weights}, terms=terms)


def weights_before(state: State | None, tasks: int) -> Sequence[arb]:
    """The weights that a state holds; 1 / T in a fresh one."""
    return (arb(1) / tasks,) * tasks if state is None else cast("Sequence[arb]", state["weights"])


def forces_of(gramian: arb_mat, weights: Sequence[arb]) -> list[arb]:
    """The product J1 J2' w: the block of the Gramian that is beside the diagonal."""
    tasks = len(weights)
    return [
        sum((gramian[task, tasks + other] * weights[other] for other in range(tasks)), arb(0))
        for task in range(tasks)
    ]


def projected(
    target: Sequence[arb], outcome: Mapping[str, bool]
) -> tuple[tuple[arb, ...], tuple[Decision, ...]]:
    """The projection on the simplex, and what decides its support."""
    guess = _support(target)
    kept = [outcome.get(f"support {task}", task in guess) for task in range(len(target))]
    own = [value for value, inside in zip(target, kept, strict=True) if inside]
    level = (sum(own, arb(0)) - 1) / len(own)
    decisions = tuple(
        Decision(f"support {task}", value - level, inside)
        for task, (value, inside) in enumerate(zip(target, kept, strict=True))
    )
    weights = tuple(each.value if each.outcome else arb(0) for each in decisions)
    return weights, decisions


def levelled(target: Sequence[arb], weights: Sequence[arb]) -> arb:
    """Length of the terms p_i and p_i - w_i, whose difference the weights on the support are."""
    pairs = zip(target, weights, strict=True)
    terms = [abs(p) + abs(p - w) for p, w in pairs if not w.is_zero()]
    return sum((term * term for term in terms), arb(0)).sqrt()


def _support(target: Sequence[arb]) -> set[int]:
    """The support at the midpoints: the largest first, while each lies above the level."""
    order = sorted(range(len(target)), key=lambda task: target[task].mid(), reverse=True)
    total = arb(0)
    for count, task in enumerate(order):
        total = (total + target[task]).mid()
        if count and not target[task].mid() > (total - 1) / (count + 1):
            return set(order[:count])
    return set(order)
