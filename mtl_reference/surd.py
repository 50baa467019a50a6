"""Sums of square roots of rationals, and their quotients: exact zero test, sign, order.

Roots of numbers in distinct square classes (no quotient a rational square) are independent over
the rationals, so a sum of roots is zero only if each class adds up to zero. That decides zero;
what is not zero has a sign that balls find at some precision.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, total_ordering
from typing import Final, final

from flint import arb, ctx, fmpq, fmpz

Roots = Mapping[fmpz, fmpq]  # radicand -> coefficient, one radicand for each square class

_ONE: Final = fmpz(1)
UNIT: Final[Roots] = {_ONE: fmpq(1)}
_FIRST_BITS = 64
_GUARD_BITS = 32
_SMALL_SQUARES = (9, 25, 49, 121, 169)  # taken out of radicands so that they print short


@final
@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Surd:
    """The real number (sum of q sqrt(D)) / (sum of s sqrt(E)), over Q, exact.

    >>> golden = (1 + sqrt(5)) / 2
    >>> print(golden * golden - golden, golden > fmpq(8, 5))
    1 True
    """

    numerator: Roots
    denominator: Roots

    @staticmethod
    def of_distinct(roots: Iterable[tuple[fmpz, fmpq]], denominator: Roots) -> "Surd":
        """The sum over radicands of distinct square classes, over another surd's denominator."""
        numerator = {root: factor for root, factor in roots if factor != 0}
        return Surd(numerator, denominator if numerator else UNIT)

    @staticmethod
    def over(terms: Iterable[tuple[fmpz, fmpq]], denominator: Roots) -> "Surd":
        """The sum of factor sqrt(radicand) over a denominator that another surd has."""
        return _quotient(_merged(terms), denominator)

    def __neg__(self) -> "Surd":
        return Surd({root: -factor for root, factor in self.numerator.items()}, self.denominator)

    def __add__(self, other: object) -> "Surd":
        if not isinstance(other, (Surd, fmpq, fmpz, int)):
            return NotImplemented
        right = surd(other)
        if self.denominator == right.denominator:
            terms = (*self.numerator.items(), *right.numerator.items())
            return _quotient(_merged(terms), self.denominator)
        terms = (
            *_product(self.numerator, right.denominator).items(),
            *_product(right.numerator, self.denominator).items(),
        )
        return _quotient(_merged(terms), _product(self.denominator, right.denominator))

    __radd__ = __add__

    def __sub__(self, other: object) -> "Surd":
        if not isinstance(other, (Surd, fmpq, fmpz, int)):
            return NotImplemented
        return self + -surd(other)

    def __rsub__(self, other: object) -> "Surd":
        return -self + other

    def __mul__(self, other: object) -> "Surd":
        if isinstance(other, (fmpq, fmpz, int)):
            return _quotient(_scaled(self.numerator, fmpq(other)), self.denominator)
        if not isinstance(other, Surd):
            return NotImplemented
        return _quotient(
            _product(self.numerator, other.numerator),
            _product(self.denominator, other.denominator),
        )

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> "Surd":
        if not isinstance(other, (Surd, fmpq, fmpz, int)):
            return NotImplemented
        right = surd(other)
        if self.denominator == right.denominator:
            return _quotient(self.numerator, right.numerator)
        return _quotient(
            _product(self.numerator, right.denominator),
            _product(self.denominator, right.numerator),
        )

    def __rtruediv__(self, other: object) -> "Surd":
        if not isinstance(other, (fmpq, fmpz, int)):
            return NotImplemented
        return surd(other) / self

    def __abs__(self) -> "Surd":
        return -self if self.sign() < 0 else self

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Surd, fmpq, fmpz, int)):
            return NotImplemented
        return (self - other).is_zero()

    __hash__ = None  # type: ignore[assignment]  # equal surds may be written in many ways

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, (Surd, fmpq, fmpz, int)):
            return NotImplemented
        return (self - other).sign() < 0

    def __str__(self) -> str:
        text = _written(self.numerator)
        return text if self.denominator == UNIT else f"({text})/({_written(self.denominator)})"

    def is_zero(self) -> bool:
        """Whether the number is 0, decided by square classes."""
        return not self.numerator

    def sign(self) -> int:
        """The sign, -1, 0 or 1, exact."""
        return _sign(self.numerator) * _sign(self.denominator)

    def as_rational(self) -> fmpq | None:
        """The number as a rational where it is one, else None; exact."""
        if self.is_zero():
            return fmpq(0)
        if len(self.numerator) != len(self.denominator):
            return None
        multiple: fmpq | None = None
        for root, factor in self.denominator.items():
            known = representative(root, self.numerator)
            if known not in self.numerator:
                return None
            share = self.numerator[known] * ratio(known, root) / factor
            if multiple is not None and share != multiple:
                return None
            multiple = share
        return multiple

    def enclosure(self, bits: int) -> arb:
        """A ball that holds the number, of relative radius at most 2**-bits."""
        if self.is_zero():
            return arb(0)
        working = bits + _GUARD_BITS
        while True:
            with ctx.workprec(working):
                ball = _ball(self.numerator) / _ball(self.denominator)
            if ball.is_finite() and ball.rel_accuracy_bits() >= bits:
                return ball
            working *= 2


def surd(value: Surd | fmpq | fmpz | int) -> Surd:
    """A rational as a surd; a surd as itself."""
    if isinstance(value, Surd):
        return value
    return Surd({_ONE: fmpq(value)} if value != 0 else {}, UNIT)


def sqrt(square: fmpq | fmpz | int) -> Surd:
    """The square root of a rational; ValueError where it is negative.

    >>> print(sqrt(8) - 2 * sqrt(2), sqrt(fmpq(1, 5)), 1 / (1 + sqrt(2)))
    0 1/5*sqrt(5) -1 + sqrt(2)
    """
    value = fmpq(square)
    if value < 0:
        message = f"a square must not be negative (got {value})"
        raise ValueError(message)
    root, factor = _radical(value)
    return Surd({root: factor} if value != 0 else {}, UNIT)


def total(terms: Iterable[Surd]) -> Surd:
    """The sum of many surds; those over one denominator are added at once."""
    groups: list[tuple[Roots, list[tuple[fmpz, fmpq]]]] = []
    for term in terms:
        matching = (group for below, group in groups if below == term.denominator)
        group = next(matching, None)
        if group is None:
            group = []
            groups.append((term.denominator, group))
        group.extend(term.numerator.items())
    sums = (_quotient(_merged(group), below) for below, group in groups)
    return sum(sums, surd(0))


def _radical(value: fmpq) -> tuple[fmpz, fmpq]:
    """Radicand and factor of the root of a rational: sqrt(p/q) = sqrt(pq)/q, without squares."""
    radicand, factor = value.p * value.q, fmpq(1, value.q)
    if radicand.is_square():
        return _ONE, factor * radicand.isqrt()
    twos = ((radicand & -radicand).bit_length() - 1) // 2
    radicand, factor = radicand >> (2 * twos), factor * (_ONE << twos)
    for square in _SMALL_SQUARES:
        while radicand % square == 0:
            radicand, factor = radicand // square, factor * fmpz(square).isqrt()
    return radicand, factor


def representative(root: fmpz, roots: Iterable[fmpz]) -> fmpz:
    """The radicand among ``roots`` in the square class of ``root``; ``root`` where none is."""
    candidates = (other for other in roots if other == root or (other * root).is_square())
    return next(candidates, root)


def ratio(upper: fmpz, lower: fmpz) -> fmpq:
    """The rational sqrt(upper / lower), for two radicands of one square class."""
    return fmpq((upper * lower).isqrt(), lower)


def _merged(terms: Iterable[tuple[fmpz, fmpq]]) -> Roots:
    """The sum of roots with one term for each square class, and none that vanishes."""
    roots: dict[fmpz, fmpq] = {}
    for root, factor in terms:
        known = root if root in roots else representative(root, roots)
        share = factor if known == root else factor * ratio(root, known)
        roots[known] = roots.get(known, fmpq(0)) + share
    return {root: factor for root, factor in roots.items() if factor != 0}


def _scaled(roots: Roots, factor: fmpq) -> Roots:
    return {root: share * factor for root, share in roots.items()} if factor != 0 else {}


def _product(first: Roots, second: Roots) -> Roots:
    if second == UNIT:
        return first
    if first == UNIT:
        return second
    return _merged(_crossed(first, second))


def _crossed(first: Roots, second: Roots) -> Iterator[tuple[fmpz, fmpq]]:
    for left, left_factor in first.items():
        for right, right_factor in second.items():
            root, factor = _multiplied(left, right)
            yield root, left_factor * right_factor * factor


@lru_cache(maxsize=4096)
def _multiplied(left: fmpz, right: fmpz) -> tuple[fmpz, fmpq]:
    """Radicand and factor of sqrt(left) sqrt(right)."""
    return _radical(fmpq(left * right))


def _quotient(upper: Roots, lower: Roots) -> Surd:
    """A quotient whose denominator is 1 where one conjugate is enough to clear it."""
    if not lower:
        message = "a surd was divided by zero"
        raise ZeroDivisionError(message)
    if not upper:
        return Surd({}, UNIT)
    if len(lower) > 2 or lower == UNIT:  # noqa: PLR2004  (two roots have one conjugate)
        return Surd(upper, lower)
    (root, factor), *others = lower.items()
    conjugate = dict([(root, factor), *((other, -share) for other, share in others)])
    norm = _product(lower, conjugate)
    return Surd(_scaled(_product(upper, conjugate), 1 / norm[_ONE]), UNIT)


def _sign(roots: Roots) -> int:
    """Sign of a sum of roots of distinct square classes: none vanishes unless it is empty."""
    signs = {1 if factor > 0 else -1 for factor in roots.values()}
    if len(signs) < 2:  # noqa: PLR2004  (roots are positive: one sign throughout decides)
        return sum(signs)
    bits = _FIRST_BITS
    while True:
        with ctx.workprec(bits):
            ball = _ball(roots)
        if ball > 0 or ball < 0:
            return 1 if ball > 0 else -1
        bits *= 2


def _ball(roots: Roots) -> arb:
    """The sum of roots as a ball, at the precision that the caller set."""
    return sum((arb(factor) * arb(root).sqrt() for root, factor in roots.items()), arb(0))


def _written(roots: Roots) -> str:
    """The sum as text: "2/5 + 1/5*sqrt(5)", the rational term first."""
    text = ""
    for root, factor in sorted(roots.items(), key=lambda item: int(item[0])):
        size = abs(factor)
        bare = str(size) if root == 1 else f"sqrt({root})"
        term = bare if root == 1 or size == 1 else f"{size}*{bare}"
        joint = (" - " if text else "-") if factor < 0 else (" + " if text else "")
        text += joint + term
    return text or "0"
