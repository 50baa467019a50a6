"""Inner products and combinations of exact vectors, whatever numbers they are made of.

Vectors of rationals and of sums of roots are split by denominator and radicand, so that every
product is one of rational vectors, at flint's speed; vectors that are kept whole need no splitting.
Vectors that hold refinable reals are mapped in balls, by one product of matrices for each
precision.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from flint import arb, arb_mat, fmpq, fmpq_mat, fmpz, fmpz_mat

from mtl_reference import rational
from mtl_reference.enclosure import Number, Real, Vector, enclose, real
from mtl_reference.rational import Jacobian, Quotients, root_above
from mtl_reference.surd import UNIT, Roots, Surd, ratio, representative, sqrt, surd, total
from mtl_reference.vectors import Combination, Whole, enclosures, simplest, split

_ONE: Final = fmpz(1)
_LENGTH_BITS: Final = 64

Parts = dict[fmpz, list[fmpq]]  # radicand -> the coefficients of its root, one a coordinate
Image = Callable[[Sequence[fmpq]], Quotients]


def products(jacobian: Jacobian, vector: Vector) -> Vector:
    """Inner products of the T rows with a vector of d numbers: T numbers of its field."""
    if _has_balls(vector):
        return _ball_image(jacobian.numerators, jacobian.denominator, vector)
    return _exact_image(jacobian.products, jacobian.tasks, vector)


def combine(jacobian: Jacobian, weights: Vector) -> Vector:
    """The combination of the rows with T weights: d numbers of the weights' field."""
    if _has_balls(weights):
        return _ball_image(jacobian.numerators.transpose(), jacobian.denominator, weights)
    return _exact_image(jacobian.combine, jacobian.width, weights)


def times(matrix: fmpq_mat, vector: Vector) -> Vector:
    """A rational matrix times a vector of numbers: as many numbers of its field as it has rows."""
    integers, denominator = matrix.numer_denom()
    if _has_balls(vector):
        return _ball_image(integers, denominator, vector)

    def image(part: Sequence[fmpq]) -> Quotients:
        column = Quotients.of(part)
        product = integers * column.numerators.transpose()
        return Quotients(product.transpose(), denominator * column.denominator)

    return _exact_image(image, matrix.nrows(), vector)


def inner(first: Vector, second: Vector) -> Number:
    """Inner product of two vectors of one length.

    >>> print(inner((sqrt(2), fmpq(1)), (sqrt(8), fmpq(1, 2))))
    9/2
    """
    left, right = split(first), split(second)
    if left is not None and right is not None:
        return _inner_of_whole(left, left if second is first else right)
    if any(isinstance(number, Real) for number in (*first, *second)):
        pairs = [(real(a), real(b)) for a, b in zip(first, second, strict=True)]
        return Real(
            lambda bits: sum((a.enclosure(bits) * b.enclosure(bits) for a, b in pairs), arb(0))
        )
    return simplest(
        total(
            Surd.over(_paired(upper, lower), below) / Surd(under, UNIT)
            for below, upper in _split(first)
            for under, lower in _split(second)
        )
    )


def added(numbers: Sequence[Number]) -> Number:
    """The sum of numbers."""
    return inner(numbers, [fmpq(1)] * len(numbers))


def difference(first: Vector, second: Vector) -> tuple[Number, ...]:
    """The difference of two vectors of one length."""
    return tuple(left - right for left, right in zip(first, second, strict=True))


def length(vector: Vector) -> Number:
    """The Euclidean length: the root of a rational where its square is one, else refinable.

    >>> print(length((fmpq(1), fmpq(2))), length((sqrt(8) - 2 * sqrt(2),)))
    sqrt(5) 0
    """
    square = inner(vector, vector)
    if isinstance(square, fmpq):
        return simplest(sqrt(square))
    known = real(square)
    return Real(lambda bits: known.enclosure(bits).nonnegative_part().sqrt())


def length_above(square: Number) -> fmpq:
    """A rational that is at least the square root of a number >= 0, and nearly equal to it."""
    return root_above(_upper(enclose(square, _LENGTH_BITS)))


def sizes_above(vector: Vector) -> tuple[fmpq, ...]:
    """For each number a rational that is at least its absolute value, and nearly equal to it."""
    return tuple(_upper(abs(ball)) for ball in enclosures(vector, _LENGTH_BITS))


def size_above(number: Number) -> fmpq:
    """A rational that is at least the absolute value of a number, and nearly equal to it."""
    return _upper(abs(enclose(number, _LENGTH_BITS)))


def _upper(ball: arb) -> fmpq:
    """The upper end of a ball, 0 where that is negative."""
    mantissa, exponent = ball.upper().man_exp()
    return max(fmpq(mantissa) * fmpq(2) ** int(exponent), fmpq(0))


def _has_balls(vector: Vector) -> bool:
    whole = isinstance(vector, (Quotients, Combination))
    return not whole and any(isinstance(number, Real) for number in vector)


def _inner_of_whole(left: Whole, right: Whole) -> Number:
    """The sum of the products of all parts; equal ones are met once."""
    terms = []
    for place, (factor, part) in enumerate(left):
        for other, (share, piece) in enumerate(right):
            if left is right and other < place:
                continue
            product = rational.inner(part, piece)
            twice = 2 if left is right and other > place else 1
            terms.append(surd(factor) * share * (twice * product))
    return simplest(total(terms))


def _exact_image(image: Image, size: int, vector: Vector) -> Vector:
    """A rational linear map into ``size`` coordinates, applied root by root."""
    if isinstance(vector, Combination):
        return vector.mapped(image)
    whole = split(vector)
    if whole is not None:
        return image(whole[0][1])
    mapped = [
        (below, {root: image(factors) for root, factors in parts.items()})
        for below, parts in _split(vector)
    ]
    return tuple(simplest(_sum_at(mapped, place)) for place in range(size))


def _sum_at(mapped: Sequence[tuple[Roots, Mapping[fmpz, Sequence[fmpq]]]], place: int) -> Surd:
    """One coordinate of an image, from the images of its parts."""
    terms = [
        Surd.of_distinct(((root, row[place]) for root, row in rows.items()), below)
        for below, rows in mapped
    ]
    return terms[0] if len(terms) == 1 else total(terms)


def _split(vector: Vector) -> list[tuple[Roots, Parts]]:
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
