"""FAMO: weights that follow how much each loss's logarithm fell, without any gradient of a task.

[LFLS23] B. Liu, Y. Feng, P. Stone, Q. Liu, FAMO: Fast Adaptive Multitask Optimization, 2023,
Algorithm 1. From general knowledge of the paper and its released code, which were not re-read.

After a step of the model took the losses from previous to present, f_i = log previous_i - log L_i
and, with z = softmax(logits) and its derivative J = diag(z) - z z', the logits move by
-learning_rate (J f + decay logits). The weights for the next step of the model are z_i / L_i at the
new logits, made to sum to 1. Balls, refined on demand.

*Departures*
1. One step: the losses before and after a step of the model, on one batch, and the logits are
   inputs. The paper takes the weights on the next batch's losses.
2. A plain gradient step on the logits, as printed; the released code hands the derivative to Adam.
3. The least possible loss, which the released code subtracts, is 0, and nothing is added to losses.

*Undefined* where a loss, present or previous, is not positive.
"""

from collections.abc import Sequence

from flint import fmpq

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Answer, Kind, Method, Parameter
from mtl_reference.pairing import added, inner
from mtl_reference.transcendental import logarithm, softmax
from mtl_reference.weighting import Values, first, for_each_task, losses_of, not_negative

METHOD = Method(
    id="famo",
    paper="[LFLS23] Liu et al.: FAMO: Fast Adaptive Multitask Optimization (2023), Algorithm 1",
    number_field="balls",
    parameters=(
        Parameter("learning_rate", 0.025, "length of the step on the logits", 0.0),
        Parameter("decay", 0.001, "pull of the logits towards 0", 0.0),
    ),
    inputs=("losses", "previous_losses", "logits"),
    outputs=("weights", "logits"),
    degree=0,
    rows=(),
    perturbation="entries",
)


def weights(
    losses: Values,
    *,
    previous_losses: Values,
    logits: Values,
    learning_rate: float = 0.025,
    decay: float = 0.001,
) -> Answer:
    """Weights (T,) and next logits (T,) from losses after and before a step, and logits (T,).

    ValueError for numbers that are not finite, unequal lengths, a rate < 0 and a decay < 0.

    >>> weights([1, 3], previous_losses=[1, 3], logits=[0, 0]).outputs["weights"]
    (3/4, 1/4)
    """
    rate, pull = not_negative("learning_rate", learning_rate), not_negative("decay", decay)
    now = losses_of(losses)
    before = for_each_task("previous_losses", previous_losses, len(now))
    old = for_each_task("logits", logits, len(now))
    for name, values in (("losses", now), ("previous_losses", before)):
        task = first(values, fmpq(0))
        if task is not None:
            reason = f"{name}[{task}] is not positive and has no logarithm"
            return Answer(Kind.UNDEFINED, reason=reason)
    falls = [logarithm(then / loss) for then, loss in zip(before, now, strict=True)]
    slopes = _derivative(softmax(old), falls)
    new = tuple(x - rate * (slope + pull * x) for x, slope in zip(old, slopes, strict=True))
    raw = [share / loss for share, loss in zip(softmax(new), now, strict=True)]
    whole = added(raw)
    return Answer(Kind.EXACT, {"weights": tuple(each / whole for each in raw), "logits": new})


def _derivative(shares: Vector, falls: Sequence[Number]) -> list[Number]:
    """J f for the derivative J of the softmax: z_i (f_i - sum_j z_j f_j)."""
    mean = inner(shares, falls)
    return [share * (fall - mean) for share, fall in zip(shares, falls, strict=True)]
