"""Vectors of exact numbers that are kept whole: made, enclosed and rounded many entries at a time.

An entry of a long answer has thousands of digits. Reducing it to lowest terms takes longer than
everything else, and is seldom asked for: a vector therefore stays integers over one denominator
(`Quotients`), or a few of these times the numbers of its field (`Combination`).
"""

from collections.abc import Callable, Iterator, Sequence
from math import inf, nextafter
from typing import Final, final, overload

from flint import arb, arb_mat, ctx, fmpq, fmpz

from mtl_reference.enclosure import Number, Vector, decide, enclose, round_float32, round_float64
from mtl_reference.rational import Quotients, over_one_denominator
from mtl_reference.surd import UNIT, Surd, surd

Whole = tuple[tuple[fmpq | Surd, Quotients], ...]  # factors, each with the vector that it scales

_BALL_BITS: Final = 128  # precision at which nearly every rounding is decided
_NORMAL: Final = 2.0**-1000  # smaller floats are rounded one by one: the last of them are subnormal


@final
class Combination(Sequence[Number]):
    """The sum of factors[k] * vectors[k], whose entries are multiplied out when one is asked for.

    The factors are rationals and sums of roots over 1. To its users this is the tuple of its
    entries, rationals where no root is left.

    >>> from mtl_reference.surd import sqrt
    >>> half, whole = Quotients.of([fmpq(1, 2), fmpq(0)]), Quotients.of([fmpq(3), fmpq(1)])
    >>> print(*Combination((sqrt(5), fmpq(1)), (half, whole)))
    3 + 1/2*sqrt(5) 1
    """

    __slots__ = ("_entries", "factors", "vectors")

    def __init__(self, factors: tuple[fmpq | Surd, ...], vectors: tuple[Quotients, ...]) -> None:
        """At least one factor, with as many vectors of one length."""
        self.factors = factors
        self.vectors = vectors
        self._entries: tuple[Number, ...] | None = None

    @property
    def entries(self) -> tuple[Number, ...]:
        """The numbers, multiplied out."""
        if self._entries is None:
            roots = list(self._by_root().items())
            columns = zip(*(vector for _, vector in roots), strict=True)
            bare = (zip((root for root, _ in roots), column, strict=True) for column in columns)
            self._entries = tuple(simplest(Surd.over(terms, UNIT)) for terms in bare)
        return self._entries

    def _by_root(self) -> dict[fmpz, Quotients]:
        """The rational vector that each root is multiplied with."""
        shares = {fmpz(1): [fmpq(0)] * len(self.factors)}
        for place, factor in enumerate(self.factors):
            for root, share in surd(factor).numerator.items():
                shares.setdefault(root, [fmpq(0)] * len(self.factors))[place] = share
        return {root: _mixed(factors, self.vectors) for root, factors in shares.items()}

    def mapped(self, image: Callable[[Quotients], Quotients]) -> "Combination":
        """The image under a rational linear map."""
        return Combination(self.factors, tuple(map(image, self.vectors)))

    def __len__(self) -> int:
        return len(self.vectors[0])

    @overload
    def __getitem__(self, place: int) -> Number: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Number, ...]: ...
    def __getitem__(self, place: int | slice) -> Number | tuple[Number, ...]:
        return self.entries[place]

    def __iter__(self) -> Iterator[Number]:
        return iter(self.entries)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (tuple, Quotients, Combination)):
            return NotImplemented
        return tuple(other) == self.entries

    __hash__ = None  # type: ignore[assignment]  # as for a tuple of surds

    def __repr__(self) -> str:
        return repr(self.entries)


def simplest(number: Surd) -> fmpq | Surd:
    """The number as a rational where no root is left."""
    exact = number.as_rational() if number.denominator == UNIT else None
    return number if exact is None else exact


def _mixed(factors: Sequence[fmpq], vectors: Sequence[Quotients]) -> Quotients:
    """The sum of rational factors times rational vectors."""
    pairs = zip(factors, vectors, strict=True)
    shares, below = over_one_denominator([factor / part.denominator for factor, part in pairs])
    scaled = [part.numerators * share for share, part in zip(shares, vectors, strict=True)]
    return Quotients(sum(scaled[1:], scaled[0]), below)


def above_the_least(vector: Vector) -> Vector:
    """Each entry less the least one.

    >>> print(*above_the_least((fmpq(3), fmpq(1, 2))))
    5/2 0
    """
    if not isinstance(vector, Combination):
        least = min(vector)
        return tuple(number - least for number in vector)
    columns = list(zip(*(part.numerators.entries() for part in vector.vectors), strict=True))
    balls = enclosures(vector, _BALL_BITS)
    place = 0
    for other in range(1, len(columns)):
        if balls[other] < balls[place] or (
            not balls[other] > balls[place]
            and columns[other] != columns[place]
            and decide(vector[other] - vector[place]) == -1
        ):
            place = other
    return vector.mapped(lambda part: part.less(place))


def enclosures(vector: Vector, bits: int) -> tuple[arb, ...]:
    """Balls that hold the entries, of relative radius about 2**-bits."""
    if isinstance(vector, Quotients):
        with ctx.workprec(bits + 4):
            below = arb(vector.denominator)
            return tuple(arb(above) / below for above in vector.numerators.entries())
    if not isinstance(vector, Combination):
        return tuple(enclose(number, bits) for number in vector)
    with ctx.workprec(2 * bits):
        parts = [
            arb_mat(part.numerators) * (enclose(factor, 2 * bits) / part.denominator)
            for factor, part in zip(vector.factors, vector.vectors, strict=True)
        ]
        balls = sum(parts[1:], parts[0]).entries()
    return tuple(
        ball if ball.rel_accuracy_bits() >= bits else enclose(vector[place], bits)
        for place, ball in enumerate(balls)
    )


def rounded64(vector: Vector) -> tuple[float, ...]:
    """The entries, each rounded correctly to binary64.

    >>> rounded64(Quotients.of([fmpq(1, 3), fmpq(-2)]))
    (0.3333333333333333, -2.0)
    """
    if isinstance(vector, Quotients):
        return _quotients64(vector)
    if not isinstance(vector, Combination):
        return tuple(map(round_float64, vector))
    with ctx.workprec(_BALL_BITS):
        balls = enclosures(vector, _BALL_BITS)
        ends = [(float(ball.lower()), float(ball.upper())) for ball in balls]
    return tuple(
        low if low == high and _NORMAL < abs(low) < inf else round_float64(vector[place])
        for place, (low, high) in enumerate(ends)
    )


def rounded32(vector: Vector) -> tuple[float, ...]:
    """The entries, each rounded correctly to binary32.

    A number lies between the two neighbours of its binary64 rounding: where these have one
    rounding to binary32 it is the number's.
    """
    if not isinstance(vector, (Quotients, Combination)):
        return tuple(map(round_float32, vector))
    near = (_from_double(double) for double in rounded64(vector))
    return tuple(
        round_float32(vector[place]) if found is None else found for place, found in enumerate(near)
    )


def _from_double(double: float) -> float | None:
    """The rounding to binary32 of all numbers that round to this one; None where it is not one."""
    if not _NORMAL < abs(double) < 1 / _NORMAL:
        return None
    ends = (nextafter(double, -inf), nextafter(double, inf))
    low, high = (round_float32(fmpq(*end.as_integer_ratio())) for end in ends)
    return low if low == high else None


def _quotients64(vector: Quotients) -> tuple[float, ...]:
    """Python rounds the quotient of two integers once."""
    below = int(vector.denominator)
    try:
        return tuple(int(above) / below for above in vector.numerators.entries())
    except OverflowError:
        return tuple(map(round_float64, vector))


def agree(exact: Vector, answered: Vector) -> bool:
    """Whether two vectors are equal; numbers that 4096 bits do not tell apart count as equal."""
    if exact is answered:
        return True
    if isinstance(exact, Quotients) and isinstance(answered, Quotients):
        return exact.numerators * answered.denominator == answered.numerators * exact.denominator
    pairs = zip(exact, answered, strict=True)
    return all(decide(right - given) in {0, None} for right, given in pairs)


def split(vector: Vector) -> Whole | None:
    """A vector of rationals or a combination as factors with vectors; None for any other."""
    if isinstance(vector, Combination):
        return tuple(zip(vector.factors, vector.vectors, strict=True))
    if isinstance(vector, Quotients):
        return ((fmpq(1), vector),)
    rationals = [number for number in vector if isinstance(number, fmpq)]
    return ((fmpq(1), Quotients.of(rationals)),) if len(rationals) == len(vector) else None
