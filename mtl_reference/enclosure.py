"""Numbers as balls that are refined until a question is decided, and correctly rounded floats."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf, isinf, ldexp
from typing import Final, final

from flint import arb, ctx, fmpq, fmpz

from mtl_reference.surd import Surd

LIMIT_BITS: Final = 4096  # beyond it a question about a ball is left undecided, and that is said
_FIRST_BITS: Final = 64
_MOST_BITS: Final = 1_000_000  # bounds finer or larger than that are never written as fractions
_LEAST: Final = arb((1, -_MOST_BITS))


@final
@dataclass(frozen=True, slots=True, eq=False)
class Real:
    """A real number known by balls: ``evaluate(bits)`` is called at that working precision.

    Comparisons ask balls of up to 4096 bits. Two numbers that they do not tell apart are taken
    as equal: that is searched for, never proved. Division by a number that is zero gives nan
    balls, with which nothing is decided.
    """

    evaluate: Callable[[int], arb]
    _balls: dict[int, arb] = field(default_factory=dict, init=False, repr=False)

    def enclosure(self, bits: int) -> arb:
        """The ball computed with ``bits`` of working precision; its radius is what comes out."""
        if bits not in self._balls:
            with ctx.workprec(bits):
                self._balls[bits] = self.evaluate(bits)
        return self._balls[bits]

    def __neg__(self) -> "Real":
        return Real(lambda bits: -self.enclosure(bits))

    def __add__(self, other: object) -> "Real":
        if not isinstance(other, (Real, Surd, fmpq, fmpz, int)):
            return NotImplemented
        right = real(other)
        return Real(lambda bits: self.enclosure(bits) + right.enclosure(bits))

    __radd__ = __add__

    def __sub__(self, other: object) -> "Real":
        if not isinstance(other, (Real, Surd, fmpq, fmpz, int)):
            return NotImplemented
        right = real(other)
        return Real(lambda bits: self.enclosure(bits) - right.enclosure(bits))

    def __rsub__(self, other: object) -> "Real":
        return -self + other

    def __mul__(self, other: object) -> "Real":
        if not isinstance(other, (Real, Surd, fmpq, fmpz, int)):
            return NotImplemented
        right = real(other)
        return Real(lambda bits: self.enclosure(bits) * right.enclosure(bits))

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> "Real":
        if not isinstance(other, (Real, Surd, fmpq, fmpz, int)):
            return NotImplemented
        right = real(other)
        return Real(lambda bits: self.enclosure(bits) / right.enclosure(bits))

    def __rtruediv__(self, other: object) -> "Real":
        if not isinstance(other, (Surd, fmpq, fmpz, int)):
            return NotImplemented
        return real(other) / self

    def __abs__(self) -> "Real":
        return Real(lambda bits: abs(self.enclosure(bits)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Real, Surd, fmpq, fmpz, int)):
            return NotImplemented
        return decide(self - other) in {0, None}

    __hash__ = None  # type: ignore[assignment]  # equality is searched for, so nothing is a key

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, (Real, Surd, fmpq, fmpz, int)):
            return NotImplemented
        return decide(self - other) == -1

    def __gt__(self, other: object) -> bool:
        if not isinstance(other, (Real, Surd, fmpq, fmpz, int)):
            return NotImplemented
        return decide(self - other) == 1

    def __le__(self, other: object) -> bool:
        if not isinstance(other, (Real, Surd, fmpq, fmpz, int)):
            return NotImplemented
        return decide(self - other) != 1

    def __ge__(self, other: object) -> bool:
        if not isinstance(other, (Real, Surd, fmpq, fmpz, int)):
            return NotImplemented
        return decide(self - other) != -1


Number = fmpq | Surd | Real
Vector = Sequence[Number]


@dataclass(frozen=True, slots=True)
class Rounding:
    """A float, and whether it is proved to be the number's correct rounding."""

    value: float
    proved: bool


def real(number: Number | fmpz | int) -> Real:
    """An exact number as a refinable one; a refinable one as itself."""
    if isinstance(number, Real):
        return number
    if isinstance(number, Surd):
        return Real(number.enclosure)
    return Real(lambda _: arb(number))


def decide(number: Number) -> int | None:
    """The sign, -1, 0 or 1; None where balls of 4096 bits still hold zero and more.

    >>> decide(Real(lambda bits: arb(2).sqrt()) - fmpq(3, 2))
    -1
    """
    if isinstance(number, Surd):
        return number.sign()
    if isinstance(number, fmpq):
        return (number > 0) - (number < 0)
    bits = _FIRST_BITS
    while bits <= LIMIT_BITS:
        ball = number.enclosure(bits)
        if ball > 0 or ball < 0 or ball.is_zero():
            return bool(ball > 0) - bool(ball < 0)
        bits *= 2
    return None


def enclose(number: Number, bits: int) -> arb:
    """A ball that holds the number, of relative radius 2**-bits wherever 4096 bits give that."""
    if isinstance(number, Surd):
        return number.enclosure(bits)
    if isinstance(number, fmpq):
        with ctx.workprec(bits + 2):
            return arb(number)
    working = max(_FIRST_BITS, bits + bits // 4)
    ball = number.enclosure(working)
    while ball.rel_accuracy_bits() < bits and working < LIMIT_BITS:
        working *= 2
        ball = number.enclosure(working)
    return ball


def round_float64(number: Number) -> float:
    """The nearest binary64 number, ties to even; beyond the largest finite one, infinity.

    >>> round_float64(fmpq(1, 3)).hex()
    '0x1.5555555555555p-2'
    """
    return rounding64(number).value


def round_float32(number: Number) -> float:
    """The nearest binary32 number, ties to even; beyond the largest finite one, infinity.

    >>> round_float32(fmpq(1, 3)).hex()
    '0x1.5555560000000p-2'
    """
    return rounding32(number).value


def rounding64(number: Number) -> Rounding:
    """The correct rounding to binary64, and whether it is proved or assumed (see `rounding32`)."""
    return _rounding(number, _rational_to_float64)


def rounding32(number: Number) -> Rounding:
    """The correct rounding to binary32, and whether it is proved or assumed.

    Rationals and surds are always proved. A refinable number whose ball of 4096 bits still holds
    0 or the midpoint of two floats is assumed to be that number. ArithmeticError where the ball is
    too wide even for that, or nan.
    """
    return _rounding(number, _rational_to_float32)


def _rounding(number: Number, nearest: Callable[[fmpq], float]) -> Rounding:
    if isinstance(number, Surd):
        exact = number.as_rational()
        number = number if exact is None else exact
    if isinstance(number, fmpq):
        return Rounding(nearest(number), proved=True)
    bits, low, high = _FIRST_BITS, -inf, inf
    while bits <= LIMIT_BITS or isinstance(number, Surd):
        ball = number.enclosure(bits)
        if ball.is_finite():
            low, high = (nearest(bound) for bound in _bounds(ball))
            if low == high and (low != 0 or ball.is_zero() or not ball.contains(0)):
                return Rounding(high, proved=True)
        bits *= 2
    return Rounding(_tie(low, high, nearest), proved=False)


def _tie(low: float, high: float, nearest: Callable[[fmpq], float]) -> float:
    """What the midpoint of two neighbours rounds to; the number lies within 4096 bits of it."""
    if isinf(low) and isinf(high):
        message = f"a number must be known within {LIMIT_BITS} bits (its balls are not finite)"
        raise ArithmeticError(message)
    if isinf(low) or isinf(high):
        return low if isinf(low) else high
    if low == high:  # both are zero, and so may the number be
        return 0.0
    middle = nearest((fmpq(*low.as_integer_ratio()) + fmpq(*high.as_integer_ratio())) / 2)
    if middle not in {low, high}:
        message = f"a number must be known within {LIMIT_BITS} bits (lies in [{low}, {high}])"
        raise ArithmeticError(message)
    return middle


def _bounds(ball: arb) -> tuple[fmpq, fmpq]:
    """Both ends of a finite ball, exact, or a little wider where that would not fit in memory."""
    middle, radius = ball.mid(), ball.rad()
    if -_LEAST < middle < _LEAST:
        middle, radius = arb(0), radius + _LEAST
    if 0 < radius < _LEAST:
        radius = _LEAST
    return _dyadic(middle) - _dyadic(radius.upper()), _dyadic(middle) + _dyadic(radius.upper())


def _dyadic(exact: arb) -> fmpq:
    mantissa, exponent = exact.man_exp()
    return fmpq(mantissa) * fmpq(2) ** min(int(exponent), _MOST_BITS)


def _rational_to_float64(number: fmpq) -> float:
    """Python divides integers with one correct rounding, subnormals included."""
    try:
        return int(number.p) / int(number.q)
    except OverflowError:
        return inf if number > 0 else -inf


def _rational_to_float32(number: fmpq) -> float:
    """Rounded half to even at the last place of binary32, which subnormals fix at 2**-149."""
    size, divisor = abs(int(number.p)), int(number.q)
    magnitude = size.bit_length() - divisor.bit_length()  # 2**(magnitude - 1) < size / divisor
    place = max(magnitude - 24, -149)
    rounded = _rounded_quotient(size, divisor, place)
    if rounded >= 1 << 24:  # one place too fine
        place += 1
        rounded = _rounded_quotient(size, divisor, place)
    value = inf if rounded >= 1 << max(0, 128 - place) else ldexp(rounded, place)
    return -value if number < 0 else value


def _rounded_quotient(size: int, divisor: int, place: int) -> int:
    """Quotient of size and divisor 2**place, rounded half to even."""
    if place >= 0:
        divisor <<= place
    else:
        size <<= -place
    quotient, rest = divmod(size, divisor)
    return quotient + (2 * rest > divisor or (2 * rest == divisor and quotient % 2 == 1))
