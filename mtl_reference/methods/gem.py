"""GEM: the gradient, moved as little as it takes to conflict with no memory.

[LR17] D. Lopez-Paz, M. Ranzato, Gradient Episodic Memory for Continual Learning, 2017, eqs.
(8)-(11): min |x - g|^2 with <m_k, x> >= 0 for the gradients m_k on the memories of earlier tasks.

The answer lies in Q: the projection of g on a cone solves a linear system in the Gramian on the
rows that are active; exact signs prove which those are. The direction is unique. The multipliers
v of x = g + M'v need not be where memories depend on each other.

*Departures*
1. The quadratic program itself. The released code adds 1e-3 to the diagonal of MM' and asks for
   v >= .5 (its margin) in place of v >= 0, so that every memory pushes, also where none conflicts.

*Degenerate cases.* No memory conflicts: g. A memory that is zero bounds nothing. Memories with a
positive combination that is 0 leave the part of g that is at right angles to them. Nothing is
undefined.
"""

from collections.abc import Sequence

from mtl_reference.cone import nearest
from mtl_reference.method import Answer, Kind, Method, sized
from mtl_reference.rational import Rows, Scalar, jacobian, numbers

METHOD = Method(
    id="gem",
    paper="[LR17] Lopez-Paz, Ranzato: Gradient Episodic Memory for Continual Learning (2017)",
    number_field="Q",
    inputs=("gradient", "memory"),
    outputs=("direction", "multipliers"),
    rows=("gradient", "memory"),
)


def direction(gradient: Sequence[Scalar], *, memory: Rows) -> Answer:
    """Projection of ``gradient`` (d,) on {x : Mx >= 0}, with multipliers v >= 0 (M,) of its rows.

    Raises ValueError for what is not finite, and for a gradient of another width than ``memory``.

    >>> print(*direction((1, -2), memory=[(0, 1), (3, 0)]).exact)
    1 0
    """
    rows = jacobian(memory, "memory")
    start = sized("gradient", numbers("gradient", gradient), rows.width)
    found = nearest(rows.gramian(), tuple(rows.products(start)))
    pushed = zip(start, rows.combine(found), strict=True)
    outputs = {"direction": tuple(g + push for g, push in pushed), "multipliers": tuple(found)}
    return Answer(Kind.EXACT, outputs)
