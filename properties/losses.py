"""The vocabulary of loss weightings: strategies of what they take beside, or without, a jacobian.

Every number is a float that the dtype holds exactly: a small fraction, or a full mantissa over a
power of two. Failures shrink to small fractions.
"""

from collections.abc import Mapping
from functools import cache
from math import ldexp
from typing import Any

from hypothesis import strategies as st

from properties.example import Rows
from properties.jacobians import EVEN_BITS, PRECISION, SPREAD

Vector = tuple[float, ...]
Strategy = st.SearchStrategy[Vector]

NEAR = 3  # powers of two within which losses mostly lie
FAR = 16  # and those of tasks in very different units


@cache
def shares(dtype: str) -> st.SearchStrategy[float]:
    """Full mantissas in [1/2, 1)."""
    bits = PRECISION[dtype]
    head_bits = min(bits, EVEN_BITS)
    low = bits - head_bits
    heads = st.integers(2 ** (head_bits - 1), 2**head_bits - 1)
    digits = heads.map(lambda head: (head << low) + (head * SPREAD) % (1 << low))
    return digits.map(lambda whole: ldexp(whole, -bits))


@cache
def positive(tasks: int, dtype: str) -> Strategy:
    """One positive number a task: small fractions, or full mantissas near 1 or far from it."""
    small = st.integers(1, 32).map(lambda eighths: eighths / 8)
    return st.one_of(
        _each(tasks, small),
        _each(tasks, _scaled(shares(dtype), NEAR)),
        _each(tasks, _scaled(shares(dtype), FAR)),
    )


@cache
def signed(tasks: int, dtype: str) -> Strategy:
    """One number of either sign a task, up to 4: zeros and small fractions, or full mantissas."""
    small = st.integers(-16, 16).map(lambda quarters: quarters / 4)
    full = st.tuples(shares(dtype), st.sampled_from((-4.0, -1.0, 1.0, 4.0)))
    return st.one_of(_each(tasks, small), _each(tasks, full.map(lambda pair: pair[0] * pair[1])))


@cache
def inside(tasks: int, dtype: str) -> Strategy:
    """One number in (0, 1] a task: small fractions with 1 among them, or full mantissas."""
    small = st.integers(1, 16).map(lambda sixteenths: sixteenths / 16)
    full = st.tuples(shares(dtype), st.integers(-6, 0)).map(lambda pair: ldexp(*pair))
    return st.one_of(_each(tasks, small), _each(tasks, full))


def drawn(rows: Rows, dtype: str, **kinds: Any) -> st.SearchStrategy[Mapping[str, Any]]:  # noqa: ANN401
    """Each named quantity by its strategy, called with the number of rows and the dtype."""
    return st.fixed_dictionaries({name: kind(len(rows), dtype) for name, kind in kinds.items()})


def _each(tasks: int, number: st.SearchStrategy[float]) -> Strategy:
    return st.tuples(*[number] * tasks)


def _scaled(number: st.SearchStrategy[float], reach: int) -> st.SearchStrategy[float]:
    """A number times a power of two."""
    pairs = st.tuples(number, st.integers(-reach, reach))
    return pairs.map(lambda pair: ldexp(*pair))


@st.composite
def classified(draw: st.DrawFn) -> Mapping[str, Any]:
    """Predictions of up to six classes, and labels of which the first counts and some do not."""
    count = draw(st.integers(1, 12))
    labels = draw(st.tuples(*[st.integers(-1, 5)] * (count - 1)))
    first = draw(st.integers(0, 5))
    predictions = draw(st.tuples(*[st.integers(0, 5)] * count))
    return {"predictions": predictions, "labels": (first, *labels)}
