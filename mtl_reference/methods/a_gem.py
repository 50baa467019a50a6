"""A-GEM: the gradient without what goes against one reference gradient of the memories.

[CRRE19] A. Chaudhry, M. Ranzato, M. Rohrbach, M. Elhoseiny, Efficient Lifelong Learning with
A-GEM, 2019, eq. (11): g - (<g, r> / |r|^2) r where <g, r> < 0, else g, with r the gradient on a
sample of all memories.

The answer lies in Q: one division. It is GEM with r for the only memory, and what PCGrad does when
one task meets one other.

*Departures* none.

*Degenerate cases.* r = 0 conflicts with nothing, so nothing is divided by zero. g against r: 0.
Nothing is undefined.
"""

from collections.abc import Sequence

from mtl_reference.method import Answer, Kind, Method, sized
from mtl_reference.rational import Scalar, inner, numbers

METHOD = Method(
    id="a_gem",
    paper="[CRRE19] Chaudhry et al.: Efficient Lifelong Learning with A-GEM (2019), eq. (11)",
    number_field="Q",
    inputs=("gradient", "reference"),
    rows=("gradient", "reference"),
)


def direction(gradient: Sequence[Scalar], *, reference: Sequence[Scalar]) -> Answer:
    """Projection of ``gradient`` (d,) off ``reference`` (d,) where the two conflict.

    Raises ValueError for what is not finite, and for vectors of two lengths.

    >>> print(*direction((1, -2), reference=(1, 1)).exact)
    3/2 -3/2
    """
    against = numbers("reference", reference)
    start = sized("gradient", numbers("gradient", gradient), len(against))
    along = inner(start, against)
    if along >= 0:
        return Answer(Kind.EXACT, {"direction": start})
    share = along / inner(against, against)
    kept = tuple(g - share * r for g, r in zip(start, against, strict=True))
    return Answer(Kind.EXACT, {"direction": kept})
