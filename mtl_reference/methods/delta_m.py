"""Delta m: how much a method is worse or better than a baseline, averaged over criteria.

[MRMG19] K.-K. Maninis, I. Radosavovic, I. Kokkinos, Attentive Single-Tasking of Multiple Tasks,
2019, as CAGrad, GradOPS and Recon use it.

Each criterion gives (M - B) / B, its sign such that a gain is positive. ``"flat-drop"`` (CAGrad,
GradOPS) is the mean *drop* over all criteria; ``"grouped-gain"`` (Recon) the mean gain of each
task's criteria, averaged over the tasks. The answer lies in Q. It is a fraction, not per cent, and
divided by the signed baseline.

*Departures*
1. Papers that say "per task" and average over all criteria are served by "flat-drop".

*Undefined* where a baseline is 0.
"""

from collections.abc import Sequence

from flint import fmpq

from mtl_reference.method import Answer, Kind, Method, Parameter
from mtl_reference.metrics import delta_m
from mtl_reference.rational import numbers
from mtl_reference.weighting import Values

CONVENTIONS = ("flat-drop", "grouped-gain")

METHOD = Method(
    id="delta_m",
    paper="[MRMG19] Maninis, Radosavovic, Kokkinos: Attentive Single-Tasking (2019)",
    number_field="Q",
    parameters=(Parameter("convention", "flat-drop", "whose average and sign", None, CONVENTIONS),),
    inputs=("values", "baseline", "lower_is_better", "task"),
    outputs=("delta",),
    degree=0,
    rows=(),
    perturbation="entries",
)


def delta(
    values: Values,
    *,
    baseline: Values,
    lower_is_better: Sequence[bool],
    task: Sequence[int],
    convention: str = "flat-drop",
) -> Answer:
    """Delta m of figures (k,) against a baseline (k,); ``task`` (k,) numbers the criteria's tasks.

    ValueError for numbers that are not finite, none, unequal lengths and an unknown convention.

    >>> given = {"baseline": [4, 2], "lower_is_better": [False, True], "task": [0, 1]}
    >>> delta([5, 1], **given).outputs["delta"]
    (-3/8,)
    """
    base = numbers("baseline", baseline)
    if 0 in base:
        return Answer(Kind.UNDEFINED, reason=f"baseline[{base.index(fmpq(0))}] is 0")
    truths, groups = [bool(lower) for lower in lower_is_better], [int(number) for number in task]
    found = delta_m(numbers("values", values), base, truths, groups, convention)
    return Answer(Kind.EXACT, {"delta": (found,)})
