"""The laws of GradDrop: exact for given uniforms, unbiased, one draw a coordinate for all tasks.

**Draws of a backend's own.** The rows below have coordinates of purity 1/4 (or 3/4, mirrored) and
of purity 1/2. In n requests every one of them is asked n times.

* Each coordinate of an answer is one of two sums: a draw for each task gives others.
* The rarer sum of the first kind is met with probability 1/4, independently: its count over N
  coordinates and requests is binomial(N, 1/4). E[d] = sum_i g_i says no more and no less.
* Whether two neighbours of purity 1/2 agree is a fair coin, and so is whether a coordinate agrees
  with itself in the next request, over pairs that have no member in common.

The tails are sums of whole numbers. A test is rejected at a level such that 32 of them raise a
false alarm with probability at most 1e-9. `power` tells with which probability the test of shares
rejects another share: the reversed inequality, 3/4, in 64 requests with more than 1 - 1e-100.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from math import comb

from flint import fmpq

from mtl_reference.enclosure import Number, decide
from mtl_reference.method import Relation
from mtl_reference.rational import RationalVector
from properties.example import Example, Margin, Observation, Rows, Subject
from properties.jacobians import representable
from properties.laws.aggregators import GENERAL
from properties.laws.cagrad_mgda import certified
from properties.laws.law import (
    BOTH,
    Law,
    ask,
    direction,
    first_slope,
    parameter,
    rows_of,
    same,
)

RARE, FAIR = 24, 24  # coordinates of purity 1/4 or 3/4, and of purity 1/2
LOW, HIGH = (2.0, -3.0, -3.0), (-2.0, 3.0, 3.0)
EVEN = (3.0, -2.0, -1.0)
COLUMNS = (*((LOW, HIGH) * (RARE // 2)), *((EVEN,) * FAIR))
ROWS: Rows = tuple(zip(*COLUMNS, strict=True))
DRAWS = 64
WEIGHED = 4  # requests whose coordinates are compared with the two sums
FALSE_ALARM = Fraction(1, 10**9)
TESTS_IN_A_RUN = 32


def _law(example: Example, subject: Subject) -> Iterator[Margin]:
    """The certificate; and, in the plain form, what holds whatever the uniforms."""
    yield from certified(example, subject)
    if example.inputs:
        return
    seen = ask(subject, example)
    sums = [sum(column, fmpq(0)) for column in zip(*rows_of(seen), strict=True)]
    yield from _unanimous(seen, sums)
    yield from _leaking(example, subject, sums)
    if example.params.get("f", "identity") == "identity" and not _leaks(example):
        yield from _unbiased(example, subject, seen, sums)


def _leaks(example: Example) -> bool:
    leak = example.params.get("leak", 0.0)
    return any(leak) if isinstance(leak, (tuple, list)) else parameter(example, "leak") != 0


def _unanimous(seen: Observation, sums: Sequence[fmpq]) -> Iterator[Margin]:
    """A coordinate of one sign only is kept."""
    columns = zip(*rows_of(seen), strict=True)
    for place, (column, whole) in enumerate(zip(columns, sums, strict=True)):
        if all(entry >= 0 for entry in column) or all(entry <= 0 for entry in column):
            value = direction(seen)[place] - whole
            name = f"coordinate {place} has one sign and is kept"
            yield Margin(name, Relation.ZERO, value, (seen,), first_slope())


def _leaking(example: Example, subject: Subject, sums: Sequence[fmpq]) -> Iterator[Margin]:
    """Leak 1 gives the sum."""
    if "leak" in example.params:
        asked = replace(example, params={**example.params, "leak": 1.0})
        whole = ask(subject, asked)
        yield from same("leak 1: the sum", direction(whole), sums, (whole,), first_slope())


def _unbiased(
    example: Example, subject: Subject, seen: Observation, sums: Sequence[fmpq]
) -> Iterator[Margin]:
    """E[d] = sum_i g_i, from a uniform below and one above each purity."""
    purities = [_purity(column) for column in zip(*rows_of(seen), strict=True)]
    sides = ([_short(p / 2) for p in purities], [1 - _short((1 - p) / 2) for p in purities])
    dtype = str(example.extra.get("dtype", "float64"))
    if not all(0 < u < 1 and representable(_float(u), dtype) for side in sides for u in side):
        return  # a purity that the dtype cannot tell from 0 or 1
    low, high = (ask(subject, replace(example, random={"uniforms": tuple(map(_float, side))}))
                 for side in sides)  # fmt: skip
    mean: list[Number] = [
        p * below + (1 - p) * above
        for p, below, above in zip(purities, direction(low), direction(high), strict=True)
    ]
    yield from same("E[d] is the sum", mean, sums, (low, high), BOTH)


def _purity(column: RationalVector) -> fmpq:
    """The share of what is positive; 1/2 where nothing has a sign."""
    sizes = sum(map(abs, column), fmpq(0))
    return (1 + sum(column, fmpq(0)) / sizes) / 2 if sizes != 0 else fmpq(1, 2)


def _short(number: fmpq) -> fmpq:
    """A number of [0, 1/2] cut to 8 digits, which every dtype holds; 1/2 for 0."""
    if number == 0:
        return fmpq(1, 2)
    unit = fmpq(1)
    while number < unit / 2:
        unit /= 2
    return fmpq((number * 256 / unit).floor()) * unit / 256


def _float(number: fmpq) -> float:
    return int(number.p) / int(number.q)


# Statistics ------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def limits(trials: int, share: Fraction) -> tuple[int, int]:
    """The least and the largest count of a binomial(trials, share) that is not rejected."""
    allowed = FALSE_ALARM / TESTS_IN_A_RUN / 2  # two sides
    return _edge(trials, share, allowed), trials - _edge(trials, 1 - share, allowed)


def _edge(trials: int, share: Fraction, allowed: Fraction) -> int:
    """The least count whose lower tail is above what is allowed; in whole numbers throughout."""
    hit, miss, below = share.numerator, share.denominator - share.numerator, share.denominator
    most = allowed * below**trials
    term, tail, count = miss**trials, 0, 0
    while tail + term <= most:
        tail += term
        term = term * hit * (trials - count) // (miss * (count + 1))
        count += 1
    return count


def power(trials: int, share: Fraction, other: Fraction) -> Fraction:
    """The probability that the test of a share rejects, where another share is drawn."""
    least, largest = limits(trials, share)
    kept = sum(
        comb(trials, count) * other.numerator**count
        * (other.denominator - other.numerator) ** (trials - count)
        for count in range(least, largest + 1)
    )  # fmt: skip
    return 1 - Fraction(kept, other.denominator**trials)


def _draws(example: Example, subject: Subject) -> Iterator[Margin]:
    """Draw many times, and count."""
    count = int(str(example.extra.get("draws", DRAWS)))
    outcomes = []
    for seed in range(count):
        seen = ask(subject, replace(example, extra={**example.extra, "seed": seed}))
        signs = [decide(entry) == 1 for entry in direction(seen)]
        outcomes.append(signs)
        if seed < WEIGHED:
            sums = [_kept(column, above=sign) for column, sign in zip(COLUMNS, signs, strict=True)]
            yield from same("one of the two sums", direction(seen), sums, (seen,), first_slope())
    rare = [sign == (place % 2 == 0) for signs in outcomes
            for place, sign in enumerate(signs[:RARE])]  # fmt: skip
    fair = [signs[RARE:] for signs in outcomes]
    neighbours = [a == b for signs in fair for a, b in zip(signs[::2], signs[1::2], strict=True)]
    repeats = [a == b for one, two in zip(fair[::2], fair[1::2], strict=False)
               for a, b in zip(one, two, strict=True)]  # fmt: skip
    yield from _counted("the rarer sum", rare, Fraction(1, 4))
    yield from _counted("neighbours agree", neighbours, Fraction(1, 2))
    yield from _counted("requests agree", repeats, Fraction(1, 2))


def _kept(column: Sequence[float], *, above: bool) -> fmpq:
    """The sum of one sign of a whole column."""
    return fmpq(sum(int(entry) for entry in column if (entry > 0) == above))


def _counted(name: str, found: Sequence[bool], share: Fraction) -> Iterator[Margin]:
    least, largest = limits(len(found), share)
    count = sum(found)
    text = f"{name}: {count} of {len(found)}, from {least} to {largest} expected"
    yield Margin(text, Relation.NONNEGATIVE, fmpq(min(count - least, largest - count)), ())


LAWS = (
    Law("graddrop-law", "D", "Given uniforms, the output is exact; a coordinate of one sign is"
        " kept; E[d] = sum g_i for f = identity without leak; leak 1 gives the sum.",
        "uniforms injected", "X F", _law, GENERAL, replays=True, random="injected"),
    Law("graddrop-draws", "D", "Each coordinate has a uniform draw of its own, shared by the tasks"
        " and independent of all others.", "uniforms not injected", "S", _draws, GENERAL,
        random="drawn", drawn=(ROWS,)),
)  # fmt: skip
