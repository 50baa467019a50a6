"""Why a step of GradNorm is right: the sum, and proportions to the moved weights.

The direction of each move is found from the condition multiplied out: T G_i (sum_j q_j)^alpha
against sum_j G_j times (T q_i)^alpha, q_i = L_i / L_i(0), which needs no mean and no rate.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.method import Outputs, Relation, Residual, State, finite
from mtl_reference.pairing import added, size_above
from mtl_reference.rational import Jacobian, numbers, root_above
from mtl_reference.surd import sqrt
from mtl_reference.transcendental import power
from mtl_reference.weighting import Values


def certificate(
    jacobian: Jacobian,
    outputs: Outputs,
    *,
    losses: Values,
    initial_losses: Values | None = None,
    weights: Values | None = None,
    alpha: float = 1.5,
    learning_rate: float = 0.025,
    state: State | None = None,
) -> Iterator[Residual]:
    """Conditions on "weights" (T,): their sum is T, and they stand as the moved weights do.

    Nothing is asked where the step has no answer.
    """
    found = cast("Vector | None", outputs.get("weights"))
    tasks = jacobian.tasks
    now = numbers("losses", losses)
    before: Vector = [fmpq(1)] * tasks if weights is None else numbers("weights", weights)
    start = now if initial_losses is None else numbers("initial_losses", initial_losses)
    if state is not None:
        before = cast("Vector", state["weights"])
        start = cast("tuple[fmpq, ...]", state["initial_losses"])
    negative = min(start) <= 0 or min(now) < 0 or max(now) == 0
    exponent, rate = finite("alpha", alpha), finite("learning_rate", learning_rate)
    if found is None or negative or (exponent < 0 and 0 in now):
        return
    slope: dict[str, Number] = {"weights": root_above(fmpq(tasks))}
    yield Residual("mean weight", Relation.ZERO, added(found) - tasks, slope)
    ratios = [loss / first for loss, first in zip(now, start, strict=True)]
    moves = _moves(jacobian, before, ratios, exponent)
    moved = [weight - rate * move for weight, move in zip(before, moves, strict=True)]
    whole = added(moved)
    for task in range(tasks):
        value = found[task] * whole - tasks * moved[task]
        slopes: dict[str, Number] = {"weights": size_above(whole)}
        yield Residual(f"proportion {task}", Relation.ZERO, value, slopes)


def _moves(
    jacobian: Jacobian, weights: Vector, ratios: Sequence[fmpq], alpha: fmpq
) -> Iterator[Number]:
    """The derivative by each weight: plus or minus the length of the row, or 0."""
    gramian, tasks = jacobian.gramian(), jacobian.tasks
    squares = [gramian[task, task] for task in range(tasks)]
    norms = [abs(w) * sqrt(square) for w, square in zip(weights, squares, strict=True)]
    whole = sum(ratios, fmpq(0))
    for task, square in enumerate(squares):
        here = tasks * norms[task] * power(whole, alpha)
        target = added(norms) * power(tasks * ratios[task], alpha)
        side = (decide(here - target) or 0) * (decide(weights[task]) or 0)
        yield side * sqrt(square)
