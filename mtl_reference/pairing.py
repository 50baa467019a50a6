"""Inner products and combinations of exact vectors, whatever numbers they are made of.

Vectors of rationals and of sums of roots are split by radicand, so that every product is one of
rational vectors, at flint's speed; vectors of refinable reals are paired coordinate by coordinate.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import Final

from flint import fmpq, fmpz

from mtl_reference import rational
from mtl_reference.enclosure import Number, Real, Vector, enclose
from mtl_reference.rational import Jacobian, root_above
from mtl_reference.surd import Surd, sqrt, surd

_ONE: Final = fmpz(1)
_LENGTH_BITS: Final = 64

Parts = Mapping[fmpz, list[fmpq]]  # radicand -> the coefficients of its root, one a coordinate


def inner(first: Vector, second: Vector) -> Number:
    """Inner product of two vectors of one length.

    >>> print(inner((sqrt(2), fmpq(1)), (sqrt(8), fmpq(1, 2))))
    9/2
    """
    left, right = _parts(first), _parts(second)
    if left is None or right is None:
        return _sum([a * b for a, b in zip(first, second, strict=True)])
    return _sum(
        [
            _times_root(rational.inner(a, b), root * other)
            for root, a in left.items()
            for other, b in right.items()
        ]
    )


def products(jacobian: Jacobian, vector: Vector) -> Vector:
    """Inner products of the T rows with a vector of d numbers."""
    parts = _parts(vector)
    if parts is None:
        rows = (jacobian.row(task) for task in range(jacobian.tasks))
        return tuple(_sum([a * b for a, b in zip(row, vector, strict=True)]) for row in rows)
    return _joined({root: jacobian.products(part) for root, part in parts.items()})


def combine(jacobian: Jacobian, weights: Vector) -> Vector:
    """The combination of the rows with T weights, d numbers."""
    parts = _parts(weights)
    if parts is None:
        rows = [jacobian.row(task) for task in range(jacobian.tasks)]
        columns = zip(*rows, strict=True)
        return tuple(
            _sum([a * w for a, w in zip(column, weights, strict=True)]) for column in columns
        )
    return _joined({root: jacobian.combine(part) for root, part in parts.items()})


def joined(rational_part: Sequence[fmpq], root_part: Sequence[fmpq], radicand: fmpq) -> Vector:
    """The vector rational_part + root_part * sqrt(radicand).

    >>> print(*joined([fmpq(1), fmpq(2)], [fmpq(1), fmpq(0)], fmpq(5)))
    1 + sqrt(5) 2
    """
    ((root, factor),) = sqrt(radicand).numerator.items()
    scaled = [factor * entry for entry in root_part]
    if root == _ONE:
        return tuple(a + b for a, b in zip(rational_part, scaled, strict=True))
    return _joined({_ONE: list(rational_part), root: scaled})


def length_above(square: Number) -> fmpq:
    """A rational that is at least the square root of a number >= 0, and nearly equal to it."""
    mantissa, exponent = enclose(square, _LENGTH_BITS).upper().man_exp()
    return root_above(max(fmpq(mantissa) * fmpq(2) ** int(exponent), fmpq(0)))


def _parts(vector: Vector) -> Parts | None:
    """The rational vectors whose sum, each times the root of its radicand, is the vector."""
    if all(isinstance(number, fmpq) for number in vector):
        return {_ONE: [number for number in vector if isinstance(number, fmpq)]}
    parts: dict[fmpz, list[fmpq]] = {}
    for place, number in enumerate(vector):
        if isinstance(number, Real):
            return None
        whole = surd(number)
        if set(whole.denominator) != {_ONE}:
            return None
        unit = whole.denominator[_ONE]
        for root, factor in whole.numerator.items():
            parts.setdefault(root, [fmpq(0)] * len(vector))[place] = factor / unit
    return parts


def _joined(parts: Mapping[fmpz, Sequence[fmpq]]) -> Vector:
    """The vector with these parts; its coordinates are rationals where no root is left."""
    if set(parts) == {_ONE}:
        return tuple(parts[_ONE])
    unit = {_ONE: fmpq(1)}
    places = (dict(zip(parts, shares, strict=True)) for shares in zip(*parts.values(), strict=True))
    present = ({root: share for root, share in place.items() if share != 0} for place in places)
    return tuple(_number(place, unit) for place in present)


def _number(roots: Mapping[fmpz, fmpq], unit: Mapping[fmpz, fmpq]) -> Number:
    if not roots:
        return fmpq(0)
    if len(roots) == 1 and _ONE in roots:
        return roots[_ONE]
    return Surd(roots, unit)


def _times_root(factor: fmpq, square: fmpz) -> Number:
    if square.is_square():
        return factor * square.isqrt()
    return factor * sqrt(fmpq(square))


def _sum(terms: Sequence[Number]) -> Number:
    return reduce(add, terms, fmpq(0))
