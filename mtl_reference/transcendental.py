"""Exponentials, logarithms, powers and softmax of exact numbers: exact where they are known to be.

A value that is rational, or a square root of one, by a rule that is checked exactly (e^0 = 1,
log 1 = 0, whole and half powers, perfect roots) stays exact. All others are balls that are refined
on demand.
"""

from collections.abc import Sequence
from typing import Final

from flint import arb, fmpq, fmpz

from mtl_reference.enclosure import Number, Real, Vector, real
from mtl_reference.pairing import added
from mtl_reference.surd import Surd, sqrt
from mtl_reference.vectors import simplest

_EXACT_POWERS: Final = 64  # exact powers beyond this are too long to be of use


def exponential(exponent: Number) -> Number:
    """The power of e with a number as its exponent.

    >>> print(exponential(fmpq(0)), exponential(fmpq(1)) > fmpq(27, 10))
    1 True
    """
    if isinstance(exponent, fmpq) and exponent == 0:
        return fmpq(1)
    known = real(exponent)
    return Real(lambda bits: known.enclosure(bits).exp())


def logarithm(number: Number) -> Number:
    """The natural logarithm of a number > 0.

    >>> print(logarithm(fmpq(1)), logarithm(fmpq(1, 2)) < 0)
    0 True
    """
    if isinstance(number, fmpq) and number == 1:
        return fmpq(0)
    known = real(number)
    return Real(lambda bits: known.enclosure(bits).log())


def power(base: Number, exponent: fmpq) -> Number:
    """A number >= 0 to a rational power; 0^0 is 1. ZeroDivisionError for 0 to a negative power.

    >>> print(power(fmpq(9, 4), fmpq(-3, 2)), power(fmpq(2), fmpq(1, 2)))
    8/27 sqrt(2)
    """
    if exponent == 0:
        return fmpq(1)
    if isinstance(base, fmpq):
        exact = _exact_power(base, exponent)
        if exact is not None:
            return exact
    elif isinstance(base, Surd) and exponent.q == 1 and abs(exponent) <= _EXACT_POWERS:
        return _repeated(base, int(exponent.p))
    known = real(base)
    return Real(lambda bits: (known.enclosure(bits).log() * arb(exponent)).exp())


def softmax(exponents: Sequence[Number]) -> Vector:
    """Shares e^x_i / sum_j e^x_j; the largest exponent is taken out, so that no power is large.

    >>> softmax([fmpq(3), fmpq(3)])
    (1/2, 1/2)
    """
    top = max(exponents)
    powers = [exponential(exponent - top) for exponent in exponents]
    whole = added(powers)
    return tuple(each / whole for each in powers)


def _exact_power(base: fmpq, exponent: fmpq) -> Number | None:
    """The power where it is rational or a square root; None where it is neither or too long."""
    if base == 0:
        if exponent < 0:
            message = f"0 has no power {exponent}"
            raise ZeroDivisionError(message)
        return fmpq(0)
    if abs(exponent.p) > _EXACT_POWERS:
        return None
    raised = base ** int(exponent.p)
    index = int(exponent.q)
    if index == 2:  # noqa: PLR2004  (a square root)
        return simplest(sqrt(raised))
    above, below = _root(raised.p, index), _root(raised.q, index)
    return None if above is None or below is None else fmpq(above, below)


def _root(number: fmpz, index: int) -> fmpz | None:
    """The root of a whole number > 0 where it is a whole number."""
    if index == 1:
        return number
    root = number.root(index)
    return root if root**index == number else None


def _repeated(base: Surd, exponent: int) -> Number:
    """A whole power by repeated squaring."""
    result: Surd | fmpq = fmpq(1)
    for digit in f"{abs(exponent):b}":
        result = result * result * base if digit == "1" else result * result
    return 1 / result if exponent < 0 else result
