"""Closed intervals with rational ends: what a printed number leaves open, and what follows."""

import re
from dataclasses import dataclass
from fractions import Fraction

PRINTED = re.compile(r"-?\d+(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from ``low`` to ``high``, both included.

    Each operation gives the range of the result when its operands range independently.
    """

    low: Fraction
    high: Fraction

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self) -> "Interval":
        return Interval(-self.high, -self.low)

    def __sub__(self, other: "Interval") -> "Interval":
        return self + -other

    def __truediv__(self, other: "Interval") -> "Interval":
        """The range of quotients; ZeroDivisionError where the divisor may be zero."""
        if other.low <= 0 <= other.high:
            message = f"the divisor may be zero (it lies in {other})"
            raise ZeroDivisionError(message)
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def times(self, factor: Fraction | int) -> "Interval":
        """The interval times a number."""
        ends = (self.low * factor, self.high * factor)
        return Interval(min(ends), max(ends))

    def meets(self, other: "Interval") -> bool:
        """Whether the two have a number in common."""
        return self.low <= other.high and other.low <= self.high

    def __str__(self) -> str:
        """Decimal ends, to five significant digits."""
        return f"[{float(self.low):.5g}, {float(self.high):.5g}]"


def exactly(number: Fraction | int) -> Interval:
    """The interval of one number."""
    return Interval(Fraction(number), Fraction(number))


def printed(cell: str) -> Interval:
    """Numbers that round to what is printed; ValueError where it is no decimal number.

    >>> print(printed("0.02"))
    [0.015, 0.025]
    """
    found = PRINTED.fullmatch(cell)
    if found is None:
        message = f"a cell must be a decimal number (got {cell!r})"
        raise ValueError(message)
    half = Fraction(1, 2 * 10 ** len(found[1] or ""))
    return Interval(Fraction(cell) - half, Fraction(cell) + half)


def mean(intervals: list[Interval]) -> Interval:
    """The range of the mean; ValueError for none."""
    if not intervals:
        message = "a mean needs at least one number"
        raise ValueError(message)
    total = sum(intervals[1:], intervals[0])
    return total.times(Fraction(1, len(intervals)))
