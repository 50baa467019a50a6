"""Inner products and combinations of exact vectors, whatever numbers they are made of.

Vectors of rationals and of sums of roots are split by denominator and radicand, so that every
product is one of rational vectors, at flint's speed. Vectors that hold refinable reals are mapped
in balls, by one product of matrices for each precision.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from flint import arb, arb_mat, fmpq, fmpz, fmpz_mat

from mtl_reference import rational
from mtl_reference.enclosure import Number, Real, Vector, enclose, real
from mtl_reference.rational import Jacobian, RationalVector, root_above
from mtl_reference.surd import UNIT, Roots, Surd, ratio, representative, sqrt, surd, total

_ONE: Final = fmpz(1)
_LENGTH_BITS: Final = 64

Parts = dict[fmpz, list[fmpq]]  # radicand -> the coefficients of its root, one a coordinate
Image = Callable[[Sequence[fmpq]], RationalVector]


def products(jacobian: Jacobian, vector: Sequence[Number]) -> Vector:
    """Inner products of the T rows with a vector of d numbers: T numbers of its field."""
    if any(isinstance(number, Real) for number in vector):
        return _ball_image(jacobian.numerators, jacobian.denominator, vector)
    return _exact_image(jacobian.products, jacobian.tasks, vector)


def combine(jacobian: Jacobian, weights: Sequence[Number]) -> Vector:
    """The combination of the rows with T weights: d numbers of the weights' field."""
    if any(isinstance(number, Real) for number in weights):
        return _ball_image(jacobian.numerators.transpose(), jacobian.denominator, weights)
    return _exact_image(jacobian.combine, jacobian.width, weights)


def inner(first: Sequence[Number], second: Sequence[Number]) -> Number:
    """Inner product of two vectors of one length.

    >>> print(inner((sqrt(2), fmpq(1)), (sqrt(8), fmpq(1, 2))))
    9/2
    """
    left_rationals = [number for number in first if isinstance(number, fmpq)]
    right_rationals = [number for number in second if isinstance(number, fmpq)]
    if len(left_rationals) == len(first) and len(right_rationals) == len(second):
        return rational.inner(left_rationals, right_rationals)
    if any(isinstance(number, Real) for number in (*first, *second)):
        pairs = [(real(a), real(b)) for a, b in zip(first, second, strict=True)]
        return Real(
            lambda bits: sum((a.enclosure(bits) * b.enclosure(bits) for a, b in pairs), arb(0))
        )
    return _simplest(
        total(
            Surd.over(_paired(left, right), below) / Surd(under, UNIT)
            for below, left in _split(first)
            for under, right in _split(second)
        )
    )


def added(numbers: Sequence[Number]) -> Number:
    """The sum of numbers."""
    return inner(numbers, [fmpq(1)] * len(numbers))


def difference(first: Sequence[Number], second: Sequence[Number]) -> Vector:
    """The difference of two vectors of one length."""
    return tuple(left - right for left, right in zip(first, second, strict=True))


def length(vector: Sequence[Number]) -> Number:
    """The Euclidean length: the root of a rational where its square is one, else refinable.

    >>> print(length((fmpq(1), fmpq(2))), length((sqrt(8) - 2 * sqrt(2),)))
    sqrt(5) 0
    """
    square = inner(vector, vector)
    if isinstance(square, fmpq):
        return _simplest(sqrt(square))
    known = real(square)
    return Real(lambda bits: known.enclosure(bits).nonnegative_part().sqrt())


def length_above(square: Number) -> fmpq:
    """A rational that is at least the square root of a number >= 0, and nearly equal to it."""
    mantissa, exponent = enclose(square, _LENGTH_BITS).upper().man_exp()
    return root_above(max(fmpq(mantissa) * fmpq(2) ** int(exponent), fmpq(0)))


def joined(rational_part: Sequence[fmpq], root_part: Sequence[fmpq], radicand: fmpq) -> Vector:
    """The vector rational_part + root_part * sqrt(radicand).

    >>> print(*joined([fmpq(1), fmpq(2)], [fmpq(1), fmpq(0)], fmpq(5)))
    1 + sqrt(5) 2
    """
    root = sqrt(radicand)
    pairs = zip(rational_part, root_part, strict=True)
    return tuple(_simplest(root * share + whole) for whole, share in pairs)


def _exact_image(image: Image, size: int, vector: Sequence[Number]) -> Vector:
    """A rational linear map into ``size`` coordinates, applied root by root."""
    rationals = [number for number in vector if isinstance(number, fmpq)]
    if len(rationals) == len(vector):
        return image(rationals)
    mapped = [
        (below, {root: image(factors) for root, factors in parts.items()})
        for below, parts in _split(vector)
    ]
    return tuple(_simplest(_sum_at(mapped, place)) for place in range(size))


def _sum_at(mapped: Sequence[tuple[Roots, Mapping[fmpz, RationalVector]]], place: int) -> Surd:
    """One coordinate of an image, from the images of its parts."""
    terms = [
        Surd.of_distinct(((root, row[place]) for root, row in rows.items()), below)
        for below, rows in mapped
    ]
    return terms[0] if len(terms) == 1 else total(terms)


def _split(vector: Sequence[Number]) -> list[tuple[Roots, Parts]]:
    """The vector as a sum of rational vectors, each times a root and over a denominator.

    The roots over one denominator are of distinct square classes.
    """
    groups: list[tuple[Roots, Parts]] = []
    for place, number in enumerate(vector):
        entry = surd(number) if isinstance(number, (fmpq, Surd)) else Surd({}, UNIT)
        known = (parts for below, parts in groups if below == entry.denominator)
        group = next(known, None)
        if group is None:
            group = {}
            groups.append((entry.denominator, group))
        for root, factor in entry.numerator.items():
            joint = root if root in group else representative(root, group)
            share = factor if joint == root else factor * ratio(root, joint)
            group.setdefault(joint, [fmpq(0)] * len(vector))[place] = share
    return groups


def _paired(left: Parts, right: Parts) -> Iterator[tuple[fmpz, fmpq]]:
    """The terms of an inner product: root times root, rational vector times rational vector."""
    for root, factors in left.items():
        for other, shares in right.items():
            (joint, scale) = next(iter(sqrt(root * other).numerator.items()))
            yield joint, scale * rational.inner(factors, shares)


def _simplest(number: Surd) -> Number:
    """The number as a rational where no root is left."""
    exact = number.as_rational() if number.denominator == UNIT else None
    return number if exact is None else exact


def _ball_image(matrix: fmpz_mat, denominator: fmpz, vector: Sequence[Number]) -> Vector:
    """The map in balls: a product of matrices for each precision, shared by all coordinates."""
    numbers = [real(number) for number in vector]
    images: dict[int, arb_mat] = {}

    def entry(place: int, bits: int) -> arb:
        if bits not in images:
            balls = [number.enclosure(bits) for number in numbers]
            images[bits] = arb_mat(matrix) * arb_mat(len(balls), 1, balls)
        return images[bits][place, 0] / denominator

    return tuple(Real(partial(entry, place)) for place in range(matrix.nrows()))
