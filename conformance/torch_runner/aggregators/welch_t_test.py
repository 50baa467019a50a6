"""Welch's t-test of two samples of unequal variances, two-sided."""

from math import exp, inf, lgamma, log

from torch import Tensor

from conformance.torch_runner.aggregators.standard_error import squares
from conformance.torch_runner.measurement import Measurement, measured, table

TERMS = 400
"""Terms of the continued fraction; it settles after a few dozen."""


def measure(first_sample: Tensor, *, second_sample: Tensor) -> Measurement:
    """Statistic, degrees of freedom and probability for samples (n,) and (l,).

    ValueError for samples of one figure, for two that do not vary, NaN and infinities.
    """
    samples = [
        table(name, values, 1).cpu().numpy()
        for name, values in (("first_sample", first_sample), ("second_sample", second_sample))
    ]
    if min(map(len, samples)) == 1:
        message = "welch_t_test is undefined for one figure alone"
        raise ValueError(message)
    shares = [squares(sample) / (len(sample) - 1) / len(sample) for sample in samples]
    spread = sum(shares)
    if spread == 0:
        message = "welch_t_test is undefined where neither sample varies"
        raise ValueError(message)
    origin = samples[0][0]
    gap = float((samples[0] - origin).mean() - (samples[1] - origin).mean())
    pairs = zip(shares, samples, strict=True)
    freedom = 1 / sum((share / spread) ** 2 / (len(sample) - 1) for share, sample in pairs)
    statistic = gap / spread**0.5
    return measured(
        first_sample,
        statistic=statistic,
        freedom=freedom,
        probability=two_sided(statistic * statistic, freedom),
    )


def two_sided(square: float, freedom: float) -> float:
    """The chance of a statistic with at least this square: I_x(v/2, 1/2), x = v / (v + t^2)."""
    if square == 0:
        return 1.0
    a, b, whole = freedom / 2, 0.5, freedom + square
    x, y = freedom / whole, square / whole
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(y))
    if x < (a + 1) / (a + b + 2):
        return front * fraction(x, a, b) / a
    return 1 - front * fraction(y, b, a) / b


def fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, evaluated from its tail."""
    value = 0.0
    for m in range(TERMS, 0, -1):
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        value = even / (1 + odd / (1 + value))
    start = -(a + b) * x / (a + 1)
    below = 1 + start / (1 + value)
    return 1 / below if below else inf
