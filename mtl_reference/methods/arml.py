"""ARML: auxiliary gradients weighed so that together they come nearest to the main gradient.

[SXMSP20] B. Shi, J. Hoffman, K. Saenko, T. Darrell, H. Xu, Auxiliary Task Reweighting for
Minimum-data Learning, 2020: min_a |g - sum_k a_k h_k|^2 with a >= 0 and sum a = K, the number of
auxiliary tasks, for the gradients g of the main and h_k of the auxiliary losses.

The answer lies in Q: a / K are MGDA's weights for the rows g - K h_k. The direction is that of the
weighed loss, g + sum_k a_k h_k; it is unique, as g - sum_k a_k h_k is. The weights need not be.

*Departures*
1. One step of the reweighting at given gradients. [SXMSP20] average the square over samples of
   Langevin dynamics, and alternate.
2. The minimum over the simplex. The released code takes a gradient step, shifts the weights so that
   they sum to K and then cuts the negative ones to 0, so that the sum may exceed K.

*Degenerate cases.* One auxiliary task: its weight is 1. Nothing is undefined.
"""

from collections.abc import Sequence

from flint import fmpq, fmpq_mat

from mtl_reference import rational
from mtl_reference.method import Answer, Kind, Method, sized
from mtl_reference.rational import Rows, Scalar, numbers
from mtl_reference.simplex import minimum_norm

METHOD = Method(
    id="arml",
    paper="[SXMSP20] Shi et al.: Auxiliary Task Reweighting for Minimum-data Learning (2020)",
    number_field="Q",
    inputs=("jacobian", "gradient"),
    outputs=("direction", "weights"),
    rows=("gradient", "jacobian"),
)


def direction(jacobian: Rows, *, gradient: Sequence[Scalar]) -> Answer:
    """Direction for auxiliary rows (T, d) and the main gradient (d,), with weights (T,), sum T.

    Raises ValueError for what is not finite, and for a gradient of another width.

    >>> print(*direction([(2, 0), (0, 1)], gradient=(1, 0)).exact)
    13/5 6/5
    """
    auxiliary = rational.jacobian(jacobian)
    main = sized("gradient", numbers("gradient", gradient), auxiliary.width)
    tasks, sides = auxiliary.tasks, auxiliary.products(main)
    square, gramian = rational.inner(main, main), auxiliary.gramian()
    apart = fmpq_mat(tasks, tasks, [
        square - tasks * (sides[i] + sides[j]) + tasks * tasks * gramian[i, j]
        for i in range(tasks) for j in range(tasks)
    ])  # fmt: skip
    weights = tuple(fmpq(tasks) * share for share in minimum_norm(apart))
    pulled = zip(main, auxiliary.combine(weights), strict=True)
    return Answer(Kind.EXACT, {"direction": tuple(g + h for g, h in pulled), "weights": weights})
