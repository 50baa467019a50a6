"""Dynamic weight averaging: a loss that falls slowly gets a larger weight.

[LJD19] S. Liu, E. Johns, A. J. Davison, End-to-End Multi-Task Learning with Attention, 2019,
section 3.3, equation (7).

With the mean losses L(t-1) and L(t-2) of the last two epochs, rho_i = L_i(t-1) / L_i(t-2) and the
weights are T softmax(rho / temperature). They are balls, refined on demand, or exactly 1 where all
rho are equal: then the exponentials cancel.

*Departures*
1. The first two epochs, for which the paper sets rho = 1, are asked for by leaving
   ``previous_losses`` out: every weight is 1.

*Undefined* where a loss of the epoch before the last is 0, which has no ratio. Negative losses
have one, and are taken as they are.
"""

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Answer, Kind, Method, Parameter
from mtl_reference.transcendental import softmax
from mtl_reference.weighting import Values, for_each_task, losses_of, positive

METHOD = Method(
    id="dwa",
    paper="[LJD19] Liu, Johns, Davison: End-to-End Multi-Task Learning with Attention (2019), (7)",
    number_field="balls; Q where all ratios are equal",
    parameters=(Parameter("temperature", 2.0, "evens the weights out as it grows", 0.0),),
    inputs=("losses", "previous_losses"),
    outputs=("weights",),
    degree=0,
    rows=(),
    perturbation="entries",
)


def weights(
    losses: Values, *, previous_losses: Values | None = None, temperature: float = 2.0
) -> Answer:
    """Weights (T,) from the losses (T,) of the last epoch and of the one before.

    ValueError for numbers that are not finite, unequal lengths and a temperature <= 0.

    >>> weights([2, 4], previous_losses=[1, 2]).outputs["weights"]
    (1, 1)
    """
    heat = positive("temperature", temperature)
    last = losses_of(losses)
    tasks = len(last)
    if previous_losses is None:
        ones: Vector = (fmpq(1),) * tasks
        return Answer(Kind.EXACT, {"weights": ones})
    before = for_each_task("previous_losses", previous_losses, tasks)
    if 0 in before:
        reason = f"previous_losses[{before.index(fmpq(0))}] is 0: there is no ratio to it"
        return Answer(Kind.UNDEFINED, reason=reason)
    ratios = [now / then for now, then in zip(last, before, strict=True)]
    shares = softmax([ratio / heat for ratio in ratios])
    return Answer(Kind.EXACT, {"weights": tuple(tasks * share for share in shares)})
