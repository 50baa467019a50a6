"""The statistical law of PCGrad's orders: uniform, and independent between tasks.

With three tasks each gradient has two outcomes. Under uniform independent orders the parity of
any set of tasks' outcomes is a fair coin, so its count over n draws is binomial(n, 1/2), whose
tails are sums of whole numbers. There are 7 sets of tasks. Each is rejected at a level such that a
run of up to 8 such tests raises a false alarm with probability at most 1e-9; a fixed order gives
the count 0 or n, and is rejected with certainty.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import comb

from flint import fmpq

from mtl_reference import METHODS
from mtl_reference.enclosure import Vector
from mtl_reference.method import Relation
from mtl_reference.rational import RationalVector
from properties.example import Example, Margin, Rows, Subject
from properties.laws.law import Sortable, ask, difference, direction, dot, first_slope, same

ROWS: Rows = ((4.0, 1.0, 0.0), (-2.0, 3.0, 1.0), (-1.0, -2.0, 3.0))
DRAWS = 64
FALSE_ALARM = Fraction(1, 10**9)
TESTS_IN_A_RUN = 8
SETS = tuple(chosen for size in (1, 2, 3) for chosen in combinations(range(3), size))
MEMBERS_WEIGHED = 4

Outcome = tuple[int, int, int]
OUTCOMES: tuple[Outcome, ...] = tuple((a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1))


def outcomes(rows: Rows) -> dict[Outcome, RationalVector]:
    """Directions of the eight choices of orders; outcome 0 meets the others in rising order."""
    found: dict[Outcome, RationalVector] = {}
    for flips in OUTCOMES:
        orders = []
        for task, flip in enumerate(flips):
            others = tuple(j for j in range(3) if j != task)
            orders.append(others[::-1] if flip else others)
        answer = METHODS["pcgrad"].direction(rows, orders=tuple(orders))
        found[flips] = tuple(fmpq(entry) for entry in answer.exact)  # type: ignore[arg-type]
    return found


def nearest(vector: Vector, candidates: dict[Outcome, RationalVector]) -> Outcome:
    """The outcome whose direction is nearest to a vector."""

    def away(outcome: Outcome) -> Sortable:
        gap = difference(vector, candidates[outcome])
        return Sortable(dot(gap, gap))

    return min(candidates, key=away)


def fewest(draws: int) -> int:
    """The least count of a fair coin's rarer side that is not rejected."""
    level = FALSE_ALARM / (TESTS_IN_A_RUN * len(SETS))
    allowed = level * 2**draws / 2  # two sides
    tail, count = 0, 0
    while tail + comb(draws, count) <= allowed:
        tail += comb(draws, count)
        count += 1
    return count


def order_margins(example: Example, subject: Subject) -> Iterator[Margin]:
    """Draw many times; every set of tasks must have a parity that passes for a fair coin."""
    draws = int(str(example.extra.get("draws", DRAWS)))
    candidates = outcomes(example.rows)
    seen: list[Outcome] = []
    for seed in range(draws):
        asked = replace(example, extra={**example.extra, "seed": seed})
        observation = ask(subject, asked)
        met = nearest(direction(observation), candidates)
        seen.append(met)
        if seed < MEMBERS_WEIGHED:
            expected = candidates[met]
            both = (direction(observation), expected)
            yield from same("an admissible outcome", *both, (observation,), first_slope())
    yield from _coins(seen)


def _coins(seen: Sequence[Outcome]) -> Iterator[Margin]:
    least = fewest(len(seen))
    for chosen in SETS:
        odd = sum(sum(outcome[task] for task in chosen) % 2 for outcome in seen)
        rarer = min(odd, len(seen) - odd)
        name = f"orders of tasks {chosen}: {odd} of {len(seen)} odd, rarer side at least {least}"
        yield Margin(name, Relation.NONNEGATIVE, fmpq(rarer - least), ())
