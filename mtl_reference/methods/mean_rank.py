"""Mean rank: the rank of each method among all, averaged over the criteria.

[LLJSL21] B. Liu, X. Liu, X. Jin, P. Stone, Q. Liu, Conflict-Averse Gradient Descent for Multi-task
Learning, 2021, section 5.2 (MR), and its successors.

Rank 1 is the best. The answer lies in Q: figures are compared exactly.

*Departures*
1. The papers do not say how ties rank, so that is a parameter: ``"ordinal"`` (in the order of the
   rows), ``"min"``, ``"average"``, ``"max"``, ``"dense"``.

Nothing is undefined.
"""

from collections.abc import Sequence

from mtl_reference.method import Answer, Kind, Method, Parameter
from mtl_reference.metrics import mean_ranks
from mtl_reference.rational import Scalar

TIES = ("ordinal", "min", "average", "max", "dense")

METHOD = Method(
    id="mean_rank",
    paper="[LLJSL21] Liu et al.: Conflict-Averse Gradient Descent (2021), section 5.2",
    number_field="Q",
    parameters=(Parameter("ties", "ordinal", "how equal figures rank", None, TIES),),
    inputs=("values", "lower_is_better"),
    outputs=("ranks",),
    degree=0,
    rows=(),
    perturbation="entries",
)


def ranks(
    values: Sequence[Sequence[Scalar]],
    *,
    lower_is_better: Sequence[bool],
    ties: str = "ordinal",
) -> Answer:
    """Mean ranks (methods,) of figures (methods, k), one row a method.

    ValueError for numbers that are not finite, unequal lengths and an unknown rule of ties.

    >>> ranks([(1, 9), (2, 8)], lower_is_better=[True, True], ties="min").outputs["ranks"]
    (3/2, 3/2)
    """
    truths = [bool(lower) for lower in lower_is_better]
    return Answer(Kind.EXACT, {"ranks": mean_ranks(values, truths, ties)})
