"""The statistical law of GradDrop: its levels, its power, and the draws that it rejects."""

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import comb

import pytest
from flint import fmpq

from mtl_reference import Relation, jacobian
from mtl_reference.enclosure import decide
from properties.example import Example, Margin, Observation, Ruling
from properties.laws import LAWS
from properties.laws.graddrop import (
    COLUMNS,
    DRAWS,
    FALSE_ALARM,
    RARE,
    ROWS,
    TESTS_IN_A_RUN,
    limits,
    power,
)

QUARTER, HALF = Fraction(1, 4), Fraction(1, 2)
Reply = Callable[[random.Random], list[float]]


class Drawing:
    """A subject that answers from draws of its own."""

    def __init__(self, reply: Reply) -> None:
        self.reply, self.noise = reply, random.Random(1)  # noqa: S311  (no secrets)

    def observe(self, example: Example, *, repeat: int = 0) -> Observation:
        """The next answer, whatever is asked."""
        del repeat
        found = tuple(fmpq(*entry.as_integer_ratio()) for entry in self.reply(self.noise))
        return Observation(example, jacobian(ROWS), {"direction": found})

    def judge(self, law: str, example: Example, margins: Sequence[Margin]) -> Ruling:
        """Nothing: the test looks at the margins itself."""
        raise NotImplementedError(law, example, margins)

    def accuracy(self, observation: Observation) -> Ruling:
        """Nothing."""
        raise NotImplementedError(observation)


def kept(uniforms: Sequence[Sequence[float]]) -> list[float]:
    """The direction for a uniform number of each task and coordinate."""
    found = []
    for column, draws in zip(COLUMNS, uniforms, strict=True):
        pairs = zip(column, draws, strict=True)
        found.append(sum(x for x, u in pairs if (_share(column) > u) == (x > 0)))
    return found


def sound(noise: random.Random) -> list[float]:
    """One draw a coordinate."""
    return kept([[noise.random()] * 3 for _ in COLUMNS])


def for_each_task(noise: random.Random) -> list[float]:
    """One draw a coordinate and task."""
    return kept([[noise.random() for _ in range(3)] for _ in COLUMNS])


def for_all(noise: random.Random) -> list[float]:
    """One draw for all coordinates."""
    return kept([[noise.random()] * 3] * len(COLUMNS))


def always_the_same(_: random.Random) -> list[float]:
    """The same draws in every request."""
    return sound(random.Random(7))  # noqa: S311  (no secrets)


def turned_round(noise: random.Random) -> list[float]:
    """What is positive is kept where P < U."""
    signs = [(_share(column) < noise.random()) for column in COLUMNS]
    return [sum(x for x in c if (x > 0) == sign) for c, sign in zip(COLUMNS, signs, strict=True)]


def _share(column: Sequence[float]) -> float:
    """The purity of a column."""
    return sum(x for x in column if x > 0) / sum(map(abs, column))


def broken(reply: Reply) -> set[str]:
    """The names of the margins that do not hold."""
    example = Example("graddrop", ROWS, extra={"draws": DRAWS})
    names = set()
    for margin in LAWS["graddrop-draws"].margins(example, Drawing(reply)):
        sign = decide(margin.value)
        if sign != 0 and (margin.relation is Relation.ZERO or sign == -1):
            names.add(margin.name.partition(",")[0].partition(":")[0])
    return names


def test_independent_draws_pass() -> None:
    """The right program is not rejected."""
    assert broken(sound) == set()


@pytest.mark.parametrize(
    ("reply", "caught"),
    [
        (for_each_task, "one of the two sums"),
        (for_all, "neighbours agree"),
        (always_the_same, "requests agree"),
        (turned_round, "the rarer sum"),
    ],
)
def test_wrong_draws_are_rejected(reply: Reply, caught: str) -> None:
    """Each by the test that is meant for it."""
    assert caught in broken(reply)


@pytest.mark.parametrize("share", [QUARTER, HALF])
@pytest.mark.parametrize("trials", [64, 12 * DRAWS, RARE * DRAWS])
def test_limits_keep_the_false_alarm_and_waste_nothing(trials: int, share: Fraction) -> None:
    """Each tail is at most its half of the level, and one count more would be beyond it."""
    least, largest = limits(trials, share)
    level = FALSE_ALARM / TESTS_IN_A_RUN / 2

    def chance(counts: range) -> Fraction:
        one, other = share.numerator, share.denominator - share.numerator
        ways = sum(comb(trials, k) * one**k * other ** (trials - k) for k in counts)
        return Fraction(ways, share.denominator**trials)

    assert chance(range(least)) <= level < chance(range(least + 1))
    assert chance(range(largest + 1, trials + 1)) <= level < chance(range(largest, trials + 1))


def test_the_power_is_as_stated() -> None:
    """Shares of 3/4, and of 1/2, in the fewest requests that are made."""
    assert 1 - power(RARE * DRAWS, QUARTER, Fraction(3, 4)) < Fraction(1, 10**100)
    assert 1 - power(RARE * DRAWS, QUARTER, HALF) < Fraction(1, 10**9)
