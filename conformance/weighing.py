"""A margin against what the errors of the outputs that it leans on allow."""

from collections.abc import Mapping

from flint import arb, ctx, fmpq

from conformance import tolerance
from mtl_reference.method import Relation
from properties.example import Margin


def leans(margin: Margin) -> set[tuple[int, str]]:
    """The outputs on whose errors a margin leans, to first or second order."""
    return set(margin.slopes) | set(margin.curvatures)


def compared(margin: Margin, radii: Mapping[tuple[int, str], arb]) -> tolerance.Weighing:
    """A margin against what the errors of its observations allow."""
    none = fmpq(0)
    with ctx.workprec(tolerance.BITS):
        terms = [
            (margin.slopes.get(key, none), margin.curvatures.get(key, none), radius)
            for key, radius in radii.items()
        ]
        allowed = tolerance.allowance(terms)
        zero = margin.relation is Relation.ZERO
        return tolerance.weigh(margin.value, zero=zero, allowed=allowed)
