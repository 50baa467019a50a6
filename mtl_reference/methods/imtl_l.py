"""IMTL-L: losses scaled so that all are worth the same, the scales trained with the network.

[LLKXCYLZ21] L. Liu, Y. Li, Z. Kuang, J.-H. Xue, Y. Chen, W. Yang, Q. Liao, W. Zhang, Towards
Impartial Multi-task Learning, 2021, section 3.2.

The value is sum_i e^s_i L_i - s_i; the weights e^s_i are its derivatives by the losses, and its
derivative by s_i is e^s_i L_i - 1, so that every scaled loss is 1 at the optimum s_i = -log L_i.
Given s, the weights and the value are balls, refined on demand (rational where s = 0); at the
optimum the weights are the rationals 1 / L_i.

*Departures*
1. The base of the powers is e, one of those that the paper allows.
2. ``scales="given"`` is one step of the training that the paper (and its code in LibMTL and
   TorchJD) makes: weights and value at the given s, and s after one plain gradient step with
   ``learning_rate``. ``scales="optimum"`` ignores the given s and puts it at the optimum.

*Undefined* at the optimum where a loss is not positive: the value is unbounded below.
"""

from typing import Final

from flint import fmpq

from mtl_reference.enclosure import Number
from mtl_reference.method import Answer, Kind, Method, Parameter, chosen
from mtl_reference.pairing import added, inner
from mtl_reference.transcendental import exponential, logarithm
from mtl_reference.weighting import Values, first, for_each_task, losses_of, not_negative

SCALES: Final = ("given", "optimum")

METHOD = Method(
    id="imtl_l",
    paper="[LLKXCYLZ21] Liu et al.: Towards Impartial Multi-task Learning (2021), section 3.2",
    number_field="balls; Q for the weights at the optimum and where every scale is 0",
    parameters=(
        Parameter("scales", "given", "weights at the given scales, or at the best", None, SCALES),
        Parameter("learning_rate", 0.125, "length of the step on the scales", 0.0),
    ),
    inputs=("losses", "log_scales"),
    outputs=("weights", "value", "log_scales"),
    degree=0,
    rows=(),
    perturbation="entries",
)


def weights(
    losses: Values, *, log_scales: Values, scales: str = "given", learning_rate: float = 0.125
) -> Answer:
    """Weights (T,), value and next log-scales (T,) from losses (T,) and log-scales s (T,).

    ValueError for numbers that are not finite, unequal lengths, an unknown choice and a rate < 0.

    >>> weights([3, 1], log_scales=[0, 0], learning_rate=0.5).outputs["log_scales"]
    (-1, 0)
    """
    chosen("scales", scales, SCALES)
    rate = not_negative("learning_rate", learning_rate)
    values = losses_of(losses)
    logs: tuple[Number, ...] = for_each_task("log_scales", log_scales, len(values))
    if scales == "optimum":
        task = first(values, fmpq(0))
        if task is not None:
            reason = f"losses[{task}] is not positive, and no scale of it is best"
            return Answer(Kind.UNDEFINED, reason=reason)
        logs = tuple(-logarithm(loss) for loss in values)
        found: tuple[Number, ...] = tuple(1 / loss for loss in values)
    else:
        found = tuple(exponential(log) for log in logs)
    value = inner(found, values) - added(logs)
    pairs = zip(logs, found, values, strict=True)
    following = tuple(log - rate * (scale * loss - 1) for log, scale, loss in pairs)
    return Answer(Kind.EXACT, {"weights": found, "value": (value,), "log_scales": following})
