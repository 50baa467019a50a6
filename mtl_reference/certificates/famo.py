"""Why an answer of FAMO is right: the step of each logit, and weights in proportion."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Outputs, Relation, Residual, finite
from mtl_reference.pairing import added, size_above
from mtl_reference.rational import numbers, root_above
from mtl_reference.transcendental import exponential, logarithm
from mtl_reference.weighting import Values


def certificate(
    losses: Sequence[fmpq],
    outputs: Outputs,
    *,
    previous_losses: Values,
    logits: Values,
    learning_rate: float = 0.025,
    decay: float = 0.001,
) -> Iterator[Residual]:
    """Conditions on "logits" (T,) and "weights" (T,), whichever are there.

    With e_i = e^logit_i, S = sum e: S^2 (step_i + decay logit_i) = e_i sum_j e_j (f_i - f_j), the
    step being (old - new) / learning_rate; sum w = 1 and w_i L_i : w_k L_k = e^new_i : e^new_k with
    the answer's own new logits. Nothing is asked where a loss is not positive.
    """
    before, old = numbers("previous_losses", previous_losses), numbers("logits", logits)
    if min(*losses, *before) <= 0:
        return
    new = cast("Vector | None", outputs.get("logits"))
    weights = cast("Vector | None", outputs.get("weights"))
    rate, pull = finite("learning_rate", learning_rate), finite("decay", decay)
    if new is not None:
        top = max(old)
        powers = [exponential(x - top) for x in old]
        falls = [logarithm(then) - logarithm(now) for then, now in zip(before, losses, strict=True)]
        square = added(powers) * added(powers)
        for task, power in enumerate(powers):
            turned = power * added(
                [p * (falls[task] - f) for p, f in zip(powers, falls, strict=True)]
            )
            moved = old[task] * (1 - rate * pull) - new[task]
            slope: dict[str, Number] = {"logits": size_above(square)}
            yield Residual(f"step {task}", Relation.ZERO, square * moved - rate * turned, slope)
    if weights is not None:
        slope = {"weights": root_above(fmpq(len(losses)))}
        yield Residual("sum of weights", Relation.ZERO, added(weights) - 1, slope)
    if weights is not None and new is not None:
        yield from _proportions(losses, weights, new)


def _proportions(losses: Sequence[fmpq], weights: Vector, new: Vector) -> Iterator[Residual]:
    """The weights stand as e^logit_i / L_i; k has the largest of these, so no ratio exceeds 1."""
    sizes = [exponential(x) / loss for x, loss in zip(new, losses, strict=True)]
    tasks = range(len(losses))
    top = max(tasks, key=lambda task: sizes[task])
    for task in tasks:
        if task == top:
            continue
        ratio = exponential(new[task] - new[top]) * (losses[top] / losses[task])
        rest = weights[task] - weights[top] * ratio
        steepness = size_above(weights[top]) * size_above(ratio)
        slopes: dict[str, Number] = {"weights": fmpq(2), "logits": 2 * steepness}
        yield Residual(f"proportion {task}-{top}", Relation.ZERO, rest, slopes)
