"""Why a standard error is right: its square is what the differences of all pairs make of it."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import size_above


def certificate(figures: Sequence[fmpq], outputs: Outputs) -> Iterator[Residual]:
    """Conditions on "figure" (1,): it is not negative, and n^2 (n - 1) x^2 = sum (x_i - x_j)^2.

    The sum is over the pairs i < j. Nothing is asked of one figure alone.
    """
    count = len(figures)
    if "figure" not in outputs or count == 1:
        return
    error = cast("Vector", outputs["figure"])[0]
    slope: dict[str, Number] = {"figure": fmpq(1)}
    yield Residual("sign", Relation.NONNEGATIVE, error, slope)
    squares = sum(((a - b) ** 2 for a, b in combinations(figures, 2)), fmpq(0))
    share = count * count * (count - 1)
    bends: dict[str, Number] = {"figure": fmpq(share)}
    slopes: dict[str, Number] = {"figure": 2 * share * size_above(error)}
    yield Residual("pairs", Relation.ZERO, share * error * error - squares, slopes, bends)
