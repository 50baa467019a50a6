"""Why a Welch test is right: its square, its freedom multiplied out, and the other tail."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import cast

from flint import arb, fmpq

from mtl_reference.enclosure import Number, Real, Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import size_above
from mtl_reference.rational import numbers
from mtl_reference.weighting import Values


def certificate(
    first_sample: Sequence[fmpq], outputs: Outputs, *, second_sample: Values
) -> Iterator[Residual]:
    """Conditions on "statistic", "freedom" and "probability" (1,), whichever are there.

    t has the gap's sign and t^2 (a + b) = gap^2 with a, b the variances over the counts;
    v (a^2 / (n - 1) + b^2 / (l - 1)) = (a + b)^2; and 1 - p = I_y(1/2, v/2), y = t^2 / (v + t^2).
    Nothing is asked where the test has no answer.
    """
    samples = first_sample, numbers("second_sample", second_sample)
    if min(map(len, samples)) == 1:
        return
    shares = [_variance(sample) / len(sample) for sample in samples]
    spread = shares[0] + shares[1]
    if spread == 0:
        return
    means = [sum(sample, fmpq(0)) / len(sample) for sample in samples]
    gap = means[0] - means[1]
    pairs = zip(shares, samples, strict=True)
    below = sum((share * share / (len(sample) - 1) for share, sample in pairs), fmpq(0))
    if "statistic" in outputs:
        found = cast("Vector", outputs["statistic"])[0]
        yield Residual("sign", Relation.NONNEGATIVE, found * gap, {"statistic": abs(gap)})
        slopes: dict[str, Number] = {"statistic": 2 * spread * size_above(found)}
        rest = found * found * spread - gap * gap
        yield Residual("square", Relation.ZERO, rest, slopes, {"statistic": spread})
    if "freedom" in outputs:
        rest = cast("Vector", outputs["freedom"])[0] * below - spread * spread
        yield Residual("freedom", Relation.ZERO, rest, {"freedom": below})
    if "probability" in outputs:
        inside = _inside(gap * gap / spread, spread * spread / below)
        rest = cast("Vector", outputs["probability"])[0] + inside - 1
        yield Residual("tail", Relation.ZERO, rest, {"probability": fmpq(1)})


def _variance(sample: Sequence[fmpq]) -> fmpq:
    """The unbiased variance, by the differences of all pairs."""
    count = len(sample)
    squares = sum(((a - b) ** 2 for a, b in combinations(sample, 2)), fmpq(0))
    return squares / (count * (count - 1))


def _inside(square: fmpq, freedom: fmpq) -> Number:
    """The chance of a smaller statistic, I_y(1/2, v/2)."""
    if square == 0:
        return fmpq(0)
    share = square / (freedom + square)
    return Real(lambda _: arb(share).beta_lower(arb(1) / 2, arb(freedom) / 2, regularized=True))
