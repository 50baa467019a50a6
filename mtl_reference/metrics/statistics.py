"""Standard errors and Welch's t-test, as roots and balls."""

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb, fmpq

from mtl_reference.enclosure import Number, Real
from mtl_reference.rational import Scalar, numbers
from mtl_reference.surd import sqrt


def variance(sample: Sequence[fmpq]) -> fmpq:
    """The unbiased sample variance, over n - 1; ValueError for fewer than two numbers."""
    if len(sample) < 2:  # noqa: PLR2004  (n - 1 must be positive)
        message = f"a variance needs at least two numbers (got {len(sample)})"
        raise ValueError(message)
    middle = sum(sample, fmpq(0)) / len(sample)
    return sum(((each - middle) ** 2 for each in sample), fmpq(0)) / (len(sample) - 1)


def standard_error(sample: Sequence[Scalar]) -> Number:
    """The standard deviation over the root of n.

    >>> print(standard_error([1, 2, 3]))
    1/3*sqrt(3)
    """
    exact = numbers("sample", sample)
    return sqrt(variance(exact) / len(exact))


@dataclass(frozen=True, slots=True)
class WelchTest:
    """Welch's t-test: the statistic, the degrees of freedom, the two-sided probability."""

    statistic: Number
    freedom: fmpq
    probability: Number


def welch_t_test(first: Sequence[Scalar], second: Sequence[Scalar]) -> WelchTest:
    """Two samples of unequal variances (CAGrad's tables); ValueError where both are constant.

    p = I_x(v/2, 1/2) with x = v / (v + t^2): the regularised incomplete beta function.
    """
    samples = numbers("first", first), numbers("second", second)
    shares = [variance(sample) / len(sample) for sample in samples]
    spread = shares[0] + shares[1]
    if spread == 0:
        message = "one sample must vary for Welch's test"
        raise ValueError(message)
    gap = sum(samples[0], fmpq(0)) / len(samples[0]) - sum(samples[1], fmpq(0)) / len(samples[1])
    pairs = zip(shares, samples, strict=True)
    freedom = spread**2 / sum((each**2 / (len(s) - 1) for each, s in pairs), fmpq(0))
    square = gap * gap / spread
    if square == 0:
        return WelchTest(fmpq(0), freedom, fmpq(1))

    def probability(bits: int) -> arb:
        del bits  # the working precision is flint's
        half = arb(freedom) / 2
        inside = arb(freedom / (freedom + square))
        return inside.beta_lower(half, arb(1) / 2, regularized=True)

    root = sqrt(square)
    return WelchTest(root if gap > 0 else -root, freedom, Real(probability))
