"""Standard error: the standard deviation of some runs' figures over the root of their number.

[Student08] Student (W. S. Gosset), The Probable Error of a Mean, 1908.

With the unbiased variance, over n - 1. The answer is the square root of a rational. *Undefined* for
fewer than two figures.
"""

from mtl_reference import metrics
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.weighting import Values, losses_of

METHOD = Method(
    id="standard_error",
    paper="[Student08] Student: The Probable Error of a Mean (1908)",
    number_field="the square root of a rational",
    inputs=("figures",),
    outputs=("figure",),
    degree=1,
    rows=(),
    perturbation="entries",
)


def figure(figures: Values) -> Answer:
    """Standard error of figures (n,); ValueError for none and for numbers that are not finite.

    >>> print(*figure([1, 2, 3]).outputs["figure"])
    1/3*sqrt(3)
    """
    sample = losses_of(figures, "figures")
    if len(sample) == 1:
        return Answer(Kind.UNDEFINED, reason="one figure alone has no variance")
    return Answer(Kind.EXACT, {"figure": (metrics.standard_error(sample),)})
