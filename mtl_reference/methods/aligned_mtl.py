"""Aligned-MTL: the sum of gradients after their singular values are all made the least one.

[S23] D. Senushkin, N. Patakin, A. Kuznetsov, A. Konushin, Independent Component Alignment for
Multi-Task Learning, 2023 (from general knowledge of the paper): with K = V L V' over the positive
eigenvalues, B = sqrt(least of them) V L^(-1/2) V' and p = 1/T, the weights are B p.

The rows B G have the Gramian mu V V', mu the least positive eigenvalue: they are orthogonal and of
one length where the rows of G are independent. |d|^2 is mu |V'p|^2.

The answer is a sum of square roots where all eigenvalues are rational, else it is enclosed
(spectrum.py). The rank is decided exactly.

*Departures*
1. Exact; the released code counts as zero what lies below T times the rounding of the largest.
2. p = 1/T, the scale "min"; libraries also sum (p = 1), and scale by the median or the mean root.

*Degenerate cases.* Dependent rows: as defined, over the positive eigenvalues alone; d jumps where
an eigenvalue reaches 0, since mu then is another. All rows zero: d = 0, with weights 0.
"""

from flint import fmpq

from mtl_reference.method import Answer, Kind, Method
from mtl_reference.pairing import combine
from mtl_reference.rational import Rows, jacobian
from mtl_reference.spectrum import Spectrum

METHOD = Method(
    id="aligned_mtl",
    paper="[S23] Senushkin et al.: Independent Component Alignment for Multi-Task Learning (2023)",
    number_field="algebraic numbers, enclosed; sums of square roots for rational eigenvalues",
    outputs=("direction", "weights"),
)


def direction(rows: Rows) -> Answer:
    """Answer for rows of shape (T, d): direction (d,) and weights (T,).

    Raises ValueError for rows that are not finite.

    >>> print(*direction([(2, 0), (0, 1)]).exact)
    1/2 1/2
    """
    gradients = jacobian(rows)
    share = fmpq(1, gradients.tasks)
    weights = Spectrum(gradients.gramian()).inverse_root((share,) * gradients.tasks)
    outputs = {"direction": combine(gradients, weights), "weights": weights}
    return Answer(Kind.EXACT, outputs)
