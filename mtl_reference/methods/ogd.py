"""OGD: the gradient without its parts along the directions that earlier tasks keep.

[FAMA20] M. Farajtabar, N. Azizan, A. Mott, A. Li, Orthogonal Gradient Descent for Continual
Learning, 2020, Algorithm 1: g - sum_q <g, q> q over a basis of gradients of earlier outputs.

The answer lies in Q: inner products.

*Departures*
1. The basis is an input, and taken as it is. [FAMA20] orthonormalise it as it grows; for an
   orthonormal basis the answer is the projection of g on the basis's orthogonal complement. A basis
   of floats is seldom orthonormal exactly. For any other the formula is followed to the letter:
   the answer is (I - sum_q q q') g, which is no projection, and may even be longer than g.

*Degenerate cases.* A basis vector that is zero takes nothing. Nothing is undefined.
"""

from collections.abc import Sequence

from mtl_reference.method import Answer, Kind, Method, sized
from mtl_reference.rational import Rows, Scalar, jacobian, numbers

METHOD = Method(
    id="ogd",
    paper="[FAMA20] Farajtabar et al.: Orthogonal Gradient Descent for Continual Learning (2020)",
    number_field="Q",
    inputs=("gradient", "basis"),
    rows=("gradient", "basis"),
)


def direction(gradient: Sequence[Scalar], *, basis: Rows) -> Answer:
    """The vector g - sum_q <g, q> q for ``gradient`` (d,) and the rows q of ``basis`` (q, d).

    Raises ValueError for what is not finite, and for a gradient of another width than ``basis``.

    >>> print(*direction((3, 4, 5), basis=[(0, 1, 0), (0, 0, -1)]).exact)
    3 0 0
    """
    rows = jacobian(basis, "basis")
    start = sized("gradient", numbers("gradient", gradient), rows.width)
    taken = rows.combine(tuple(rows.products(start)))
    kept = tuple(g - part for g, part in zip(start, taken, strict=True))
    return Answer(Kind.EXACT, {"direction": kept})
