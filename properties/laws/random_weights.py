"""The laws of random weights: what draws make of them, and that the draws are standard normal.

A backend that takes no draws is asked many times for two tasks. x = log w_0 - log w_1 is then
N(0, 2), so whether x > 0, whether |x| exceeds its median, and whether the two agree are three fair
coins, independent between requests. The count over n requests is binomial(n, 1/2), whose tails are
sums of whole numbers. Each coin is rejected at a level such that a run of 32 raises a false alarm
with probability at most 1e-9. A fixed order, or uniform draws, gives counts near 0 or n.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import comb

from flint import arb, fmpq

from mtl_reference.enclosure import Real, decide
from mtl_reference.method import Relation
from mtl_reference.transcendental import exponential
from properties.example import Example, Margin, Rows, Subject
from properties.laws.cagrad_mgda import certified
from properties.laws.law import Law, ask, weights
from properties.laws.losses import ANY, MAIN

DRAWS = 64
FALSE_ALARM = Fraction(1, 10**9)
COINS_IN_A_RUN = 32  # three coins a test, and room for every dtype
PAIR: Rows = ((1.0,), (1.0,))


def median_size() -> Real:
    """The median of |N(0, 2)|: 2 erfinv(1/2)."""
    return Real(lambda _: 2 * arb(fmpq(1, 2)).erfinv())


def fewest(draws: int) -> int:
    """The least count of a fair coin's rarer side that is not rejected."""
    allowed = FALSE_ALARM / COINS_IN_A_RUN * 2**draws / 2  # two sides
    tail, count = 0, 0
    while tail + comb(draws, count) <= allowed:
        tail += comb(draws, count)
        count += 1
    return count


def _normals(example: Example, subject: Subject) -> Iterator[Margin]:
    """Draw many times: x = log w_0 - log w_1 is N(0, 2), so three coins are fair and independent.

    Whether x > 0, whether |x| exceeds its median, and whether the two agree.
    """
    asked = replace(example, rows=(), inputs={"losses": (1.0, 1.0)})
    median, signs, sizes = exponential(median_size()), 0, 0
    agreeing = 0
    for seed in range(DRAWS):
        first, second = weights(ask(subject, replace(asked, extra={**asked.extra, "seed": seed})))
        sign = decide(first - second) == 1
        high, low = (first, second) if sign else (second, first)
        size = decide(high - median * low) == 1
        signs, sizes, agreeing = signs + sign, sizes + size, agreeing + (sign == size)
    least = fewest(DRAWS)
    for name, count in (("signs", signs), ("sizes", sizes), ("both", agreeing)):
        rarer = min(count, DRAWS - count)
        text = f"{name}: {count} of {DRAWS}, rarer side at least {least}"
        yield Margin(text, Relation.NONNEGATIVE, fmpq(rarer - least), ())


def _replayed(example: Example, subject: Subject) -> Iterator[Margin]:
    """The certificate, for draws that are given."""
    yield from certified(example, subject)


LAWS = (
    Law("rlw-replay", "D", "Given draws, the weights are their softmax.", "draws injected", "X F",
        _replayed, ANY, needs=MAIN, replays=True, random="injected"),
    Law("rlw-normals", "D", "The difference of two tasks' log-weights is N(0, 2): its sign and its"
        " size against the median are independent fair coins.", "draws not injected", "S",
        _normals, ANY, needs=MAIN, random="drawn", drawn=(PAIR,)),
)  # fmt: skip
