"""Welch's test in numpy, the tail by a power series."""

from math import exp, lgamma, log

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(first_sample: Array, *, second_sample: Array) -> Outputs:
    """Statistic, freedom and two-sided probability."""
    a, b = shares(first_sample, second_sample)
    count, other = len(first_sample), len(second_sample)
    gap = (first_sample - first_sample[0]).mean() - (second_sample - first_sample[0]).mean()
    statistic = gap / np.sqrt(a + b)
    freedom = (a + b) ** 2 / (a * a / (count - 1) + b * b / (other - 1))
    return told(float(statistic), float(freedom))


def shares(first: Array, second: Array) -> tuple[float, float]:
    """The variances over the counts."""
    if min(len(first), len(second)) == 1:
        message = "welch_t_test is undefined: one figure alone"
        raise ValueError(message)
    a, b = (float((x - x[0]).var(ddof=1) / len(x)) for x in (first, second))
    if a + b == 0:
        message = "welch_t_test is undefined: neither sample varies"
        raise ValueError(message)
    return a, b


def told(statistic: float, freedom: float) -> Outputs:
    """The outputs, with the probability of so large a statistic."""
    chance = tail(statistic * statistic, freedom)
    return {
        "statistic": np.asarray(statistic),
        "freedom": np.asarray(freedom),
        "probability": np.asarray(chance),
    }


def tail(square: float, freedom: float) -> float:
    """I_x(v/2, 1/2): the series that converges fast, on x or on 1 - x."""
    if square == 0:
        return 1.0
    x, y = freedom / (freedom + square), square / (freedom + square)
    if x <= y:
        return series(x, y, freedom / 2, 0.5)
    return 1 - series(y, x, 0.5, freedom / 2)


def series(x: float, y: float, a: float, b: float) -> float:
    """x^a y^b / (a B(a, b)) times 1 + sum of the rising quotients (a + b + k) x / (a + 1 + k)."""
    front = exp(lgamma(a + b) - lgamma(a + 1) - lgamma(b) + a * log(x) + b * log(y))
    term, whole, k = 1.0, 1.0, 0
    while term > whole * 2.0**-60:
        term *= (a + b + k) * x / (a + 1 + k)
        whole, k = whole + term, k + 1
    return front * whole
