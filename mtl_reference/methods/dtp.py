"""Dynamic task prioritization: a task that still does badly gets a larger weight.

[GHHWF18] M. Guo, A. Haque, D.-A. Huang, S. Yeung, L. Fei-Fei, Dynamic Task Prioritization for
Multitask Learning, 2018, equations (3) to (6). From general knowledge of the paper, which was not
re-read.

A task's key performance indicator k in (0, 1) is smoothed, kappa <- alpha k + (1 - alpha) kappa,
and its loss weighed by the focal weight -(1 - kappa)^gamma log kappa. Balls, refined on demand;
exactly 0 where kappa = 1.

*State*: the smoothed indicators kappa. In a fresh state kappa = k.

*Departures*
1. The paper leaves the first kappa open: the first indicator, so that one step needs no guess.
2. One gamma for all tasks, where the paper allows one for each.
3. The focal loss of the examples within a task, the paper's other half, is a loss and no weighting.

*Undefined* where a smoothed indicator is not in (0, 1]: the weight grows without bound as it falls
to 0.
"""

from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Number
from mtl_reference.method import Answer, Kind, Method, Parameter, State, finite
from mtl_reference.transcendental import logarithm, power
from mtl_reference.weighting import Values, losses_of, not_negative

METHOD = Method(
    id="dtp",
    paper="[GHHWF18] Guo et al.: Dynamic Task Prioritization (2018), equations (3)-(6)",
    number_field="balls; Q where an indicator is 1",
    parameters=(
        Parameter("gamma", 1.0, "how much the best tasks are neglected", 0.0),
        Parameter("alpha", 0.5, "share of the new indicator in the smoothed one, in [0, 1]", 0.0),
    ),
    inputs=("kpis",),
    outputs=("weights",),
    stateful=True,
    degree=0,
    rows=(),
    perturbation="entries",
)


def weights(
    kpis: Values, *, gamma: float = 1.0, alpha: float = 0.5, state: State | None = None
) -> Answer:
    """Weights (T,) from indicators (T,).

    ValueError for numbers that are not finite, a gamma < 0 and an alpha outside [0, 1].

    >>> weights([1, "1/2"]).outputs["weights"][0]
    0
    """
    exponent, share = not_negative("gamma", gamma), finite("alpha", alpha)
    if not 0 <= share <= 1:
        message = f"alpha must lie in [0, 1] (got {alpha!r})"
        raise ValueError(message)
    smooth = losses_of(kpis, "kpis")
    if state is not None:
        before = cast("tuple[fmpq, ...]", state["kpis"])
        pairs = zip(smooth, before, strict=True)
        smooth = tuple(share * new + (1 - share) * old for new, old in pairs)
    task = next((place for place, kappa in enumerate(smooth) if not 0 < kappa <= 1), None)
    if task is not None:
        reason = f"the smoothed indicator of task {task} is {smooth[task]}, not in (0, 1]"
        return Answer(Kind.UNDEFINED, reason=reason)
    found = tuple(_focal(kappa, exponent) for kappa in smooth)
    return Answer(Kind.EXACT, {"weights": found}, state={"kpis": smooth})


def _focal(kappa: fmpq, gamma: fmpq) -> Number:
    """The focal weight, equation (5) [GHHWF18]."""
    return -power(1 - kappa, gamma) * logarithm(kappa)
