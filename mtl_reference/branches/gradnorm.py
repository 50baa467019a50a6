"""GradNorm in balls, its signs frozen.

Decisions, two for each task with T > 1: "above i", whether its norm is above its target, and
"below i", whether it is below; the values are the difference and its negative over the target's
and the norm's sum. Both taken as no is the norm at its target, where the weight does not move.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from flint import arb, arb_mat

from mtl_reference.method import Decision, State, Trace


def trace(
    inputs: Mapping[str, arb_mat],
    outcome: Mapping[str, bool],
    *,
    alpha: float = 1.5,
    learning_rate: float = 0.025,
    state: State | None = None,
) -> Trace:
    """Weights (T,) after one step; ZeroDivisionError where it has no answer."""
    rows, losses = inputs["jacobian"], inputs["losses"].entries()
    tasks = len(losses)
    if state is None:
        start = inputs["initial_losses"].entries() if "initial_losses" in inputs else losses
        given = inputs["weights"].entries() if "weights" in inputs else [arb(1)] * tasks
    else:
        start = list(cast("Sequence[arb]", state["initial_losses"]))
        given = list(cast("Sequence[arb]", state["weights"]))
    ratios = [loss / first for loss, first in zip(losses, start, strict=True)]
    whole = sum(ratios, arb(0))
    if not all(first > 0 for first in start) or not whole > 0:
        message = "there are no training rates"
        raise ZeroDivisionError(message)
    lengths = [_length(rows, task) for task in range(tasks)]
    norms = [abs(weight) * length for weight, length in zip(given, lengths, strict=True)]
    mean = sum(norms, arb(0)) / tasks
    targets = [mean * _power(tasks * ratio / whole, alpha) for ratio in ratios]
    decisions = _decisions(norms, targets, outcome) if tasks > 1 else ()
    moved = list(given)
    for task, (weight, length) in enumerate(zip(given, lengths, strict=True)):
        side = _side(task, decisions) * ((weight > 0) - (weight < 0))
        moved[task] = weight - learning_rate * side * length
    sum_ = sum(moved, arb(0))
    following = tuple(tasks * weight / sum_ for weight in moved)
    kept = {"weights": following, "initial_losses": tuple(start)}
    return Trace(outputs={"weights": following}, decisions=decisions, state=kept)


def _length(rows: arb_mat, task: int) -> arb:
    square = sum((rows[task, k] * rows[task, k] for k in range(rows.ncols())), arb(0))
    return square.nonnegative_part().sqrt()


def _power(ratio: arb, alpha: float) -> arb:
    """A power of a ratio >= 0; of 0 itself only where alpha allows."""
    if alpha == 0:
        return arb(1)
    if ratio.is_zero():
        return arb(0) / (1 if alpha > 0 else 0)
    return (ratio.log() * alpha).exp()


def _decisions(
    norms: Sequence[arb], targets: Sequence[arb], outcome: Mapping[str, bool]
) -> tuple[Decision, ...]:
    found = []
    for task, (norm, target) in enumerate(zip(norms, targets, strict=True)):
        size = norm + target
        value = (norm - target) / size if not size.is_zero() else arb(0)
        for name, side in ((f"above {task}", value), (f"below {task}", -value)):
            found.append(Decision(name, side, outcome.get(name, bool(side.mid() > 0))))
    return tuple(found)


def _side(task: int, decisions: Sequence[Decision]) -> int:
    taken = {decision.name: decision.outcome for decision in decisions}
    return taken.get(f"above {task}", False) - taken.get(f"below {task}", False)
