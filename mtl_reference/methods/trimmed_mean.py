"""Trimmed mean: in every coordinate the mean of what is left without the largest and smallest.

[YCRB18] D. Yin, Y. Chen, K. Ramchandran, P. Bartlett, Byzantine-Robust Distributed Learning:
Towards Optimal Statistical Rates, 2018, the coordinate-wise trimmed mean. The definition is taken
from general knowledge of the paper and has not been read again.

In every coordinate the b largest and the b smallest of the T entries are left out, and the other
T - 2 b are averaged. The answer is rational. It is no combination of the rows, and depends on the
basis.

*Departures*
1. b is a number of entries; the paper gives it as a share of T.

*Degenerate cases.* Equal entries may be left out in any order: the mean is the same. Nothing is
undefined.
"""

from collections.abc import Sequence

from flint import fmpq

from mtl_reference.method import Answer, Kind, Method, Parameter
from mtl_reference.methods.krum import whole
from mtl_reference.rational import Rows, jacobian

METHOD = Method(
    id="trimmed_mean",
    paper="[YCRB18] Yin et al.: Byzantine-Robust Distributed Learning (2018)",
    number_field="Q",
    parameters=(
        Parameter("trim_number", 0.0, "b, how many are left out at either end; T > 2 b", 0.0),
    ),
    perturbation="entries",
)


def direction(rows: Rows, *, trim_number: float = 0.0) -> Answer:
    """Trimmed mean of the rows (T, d), coordinate by coordinate.

    Raises ValueError for a jacobian that is not finite, and for a trim_number that is not whole,
    is negative or leaves nothing.

    >>> print(*direction([(1, 5), (2, -9), (6, 6)], trim_number=1).exact)
    2 5
    """
    gradients = jacobian(rows)
    trimmed = whole("trim_number", trim_number, 0, (gradients.tasks - 1) // 2)
    columns = zip(*(gradients.row(task) for task in range(gradients.tasks)), strict=True)
    return Answer(Kind.EXACT, {"direction": tuple(_middle(column, trimmed) for column in columns)})


def _middle(column: Sequence[fmpq], trimmed: int) -> fmpq:
    """Definition 2 of [YCRB18] for one coordinate."""
    kept = sorted(column)[trimmed : len(column) - trimmed]
    return sum(kept, fmpq(0)) / len(kept)
