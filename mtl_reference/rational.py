"""Vectors and matrices over the rationals: jacobians, Gramians, combinations; thin over flint."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import frexp, isfinite
from operator import ne
from typing import cast

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

Scalar = int | float | str | Fraction | fmpz | fmpq
RationalVector = tuple[fmpq, ...]

_SMALL_BITS = 61  # flint keeps integers of up to 62 bits in one machine word
_DOUBLE_BITS = 53  # digits of a binary64 number
_LARGEST_SHIFT = 900  # beyond it, 2.0**shift or its products may leave the range of binary64
_ROOT_BITS = 64


@dataclass(frozen=True, slots=True, eq=False)
class Jacobian:
    """T exact gradients of d coordinates: ``numerators`` (T, d) over one ``denominator`` > 0."""

    numerators: fmpz_mat
    denominator: fmpz

    @property
    def tasks(self) -> int:
        """T, the number of rows."""
        return self.numerators.nrows()

    @property
    def width(self) -> int:
        """The number d of columns."""
        return self.numerators.ncols()

    def row(self, task: int) -> RationalVector:
        """The gradient of one task, d rationals."""
        entries = (self.numerators[task, column] for column in range(self.width))
        return tuple(fmpq(entry, self.denominator) for entry in entries)

    def gramian(self) -> fmpq_mat:
        """The inner products of the rows, (T, T); computed afresh at every call."""
        products = self.numerators * self.numerators.transpose()
        return fmpq_mat(products) / (self.denominator * self.denominator)

    def combine(self, weights: Sequence[fmpq]) -> RationalVector:
        """The combination of the rows with T rational weights, d rationals."""
        integers, scale = over_one_denominator(weights)
        product = fmpz_mat(1, self.tasks, integers) * self.numerators
        denominator = self.denominator * scale
        return tuple(fmpq(entry, denominator) for entry in product.entries())

    def products(self, vector: Sequence[fmpq]) -> RationalVector:
        """The inner products of the rows with a vector of d rationals, T rationals."""
        integers, scale = over_one_denominator(vector)
        product = self.numerators * fmpz_mat(self.width, 1, integers)
        denominator = self.denominator * scale
        return tuple(fmpq(entry, denominator) for entry in product.entries())


Rows = Jacobian | Sequence[Sequence[Scalar]]


def jacobian(rows: Rows) -> Jacobian:
    """Exact jacobian of T rows of d numbers: ints, floats, fractions or strings "p/q".

    Floats are the exact rationals that they stand for. Raises ValueError, with row and column,
    for nan, infinities and what is not a number; and for no rows, empty or unequal rows.

    >>> jacobian([(0.5, 1), ("1/3", 0)]).gramian()
    [5/4, 1/6]
    [1/6, 1/9]
    """
    if isinstance(rows, Jacobian):
        return rows
    table = [_as_list(row) for row in rows]
    _check_shape(table)
    if all(set(map(type, row)) == {float} for row in table):
        return _from_floats(cast("list[list[float]]", table))
    return _from_scalars(table)


def rational(value: Scalar) -> fmpq:
    """One number as the exact rational that it stands for; ValueError where it stands for none."""
    if isinstance(value, (fmpq, fmpz)):
        return fmpq(value)
    if isinstance(value, str):
        value = Fraction(value)
    try:
        return fmpq(*value.as_integer_ratio())
    except (ValueError, OverflowError, AttributeError):
        message = f"a number must be finite (got {value!r})"
        raise ValueError(message) from None


def inner(first: Sequence[fmpq], second: Sequence[fmpq]) -> fmpq:
    """Inner product of two rational vectors of one length."""
    left, left_scale = over_one_denominator(first)
    right, right_scale = over_one_denominator(second)
    length = len(left)
    product = fmpz_mat(1, length, left) * fmpz_mat(length, 1, right)
    return fmpq(product[0, 0], left_scale * right_scale)


def solve(matrix: fmpq_mat, right: Sequence[fmpq]) -> RationalVector:
    """Solution of a square rational system; ZeroDivisionError where the matrix is singular."""
    return tuple(matrix.solve(fmpq_mat(len(right), 1, right)).entries())


def nullspace(matrix: fmpq_mat) -> tuple[RationalVector, ...]:
    """A basis of the null space of a rational matrix, one vector of its width each."""
    basis, nullity = matrix.numer_denom()[0].nullspace()
    return tuple(
        tuple(fmpq(basis[row, column]) for row in range(basis.nrows())) for column in range(nullity)
    )


def root_above(square: fmpq) -> fmpq:
    """A rational that is at least the square root of ``square`` >= 0, by at most one part in 2^60.

    >>> root_above(fmpq(2)) ** 2 >= 2, root_above(fmpq(0))
    (True, 0)
    """
    if square == 0:
        return fmpq(0)
    product = square.p * square.q
    shift = max(0, _ROOT_BITS - product.bit_length() // 2)
    return fmpq((product << (2 * shift)).isqrt() + 1, square.q << shift)


def over_one_denominator(vector: Sequence[fmpq]) -> tuple[list[fmpz], fmpz]:
    """Integers and a positive denominator that together are the rational vector."""
    scale = fmpz(1)
    for entry in vector:
        if scale % entry.q != 0:
            scale = scale.lcm(entry.q)
    return [entry.p * (scale // entry.q) for entry in vector], scale


def _as_list(row: Sequence[Scalar]) -> list[Scalar]:
    """A row as a list of Python numbers; arrays convert themselves, exactly."""
    if hasattr(row, "tolist"):
        row = row.tolist()
    if isinstance(row, str) or not hasattr(row, "__iter__"):
        message = f"jacobian must have rank 2 (got {row!r} for a row)"
        raise ValueError(message)
    return list(row)


def _check_shape(table: list[list[Scalar]]) -> None:
    if not table:
        message = "jacobian must have at least one row (got 0)"
        raise ValueError(message)
    lengths = sorted({len(row) for row in table})
    if len(lengths) > 1:
        message = f"rows must have one length (got {' and '.join(map(str, lengths))})"
        raise ValueError(message)
    if lengths == [0]:
        message = "rows must have at least one column (got 0)"
        raise ValueError(message)


def _from_scalars(table: list[list[Scalar]]) -> Jacobian:
    entries = [
        _entry(value, row, column)
        for row, line in enumerate(table)
        for column, value in enumerate(line)
    ]
    integers, denominator = over_one_denominator(entries)
    return Jacobian(fmpz_mat(len(table), len(table[0]), integers), denominator)


def _entry(value: Scalar, row: int, column: int) -> fmpq:
    try:
        return rational(value)
    except (ValueError, TypeError, ZeroDivisionError):
        message = f"jacobian[{row}, {column}] must be a finite number (got {value!r})"
        raise ValueError(message) from None


def _from_floats(table: list[list[float]]) -> Jacobian:
    """Floats scaled by one power of two: most then fit machine words, which flint takes fast."""
    for row, line in enumerate(table):
        if not all(map(isfinite, line)):
            column = next(k for k, value in enumerate(line) if not isfinite(value))
            message = f"jacobian[{row}, {column}] is {line[column]}"
            raise ValueError(message)
    sizes = [size for line in table for size in (max(map(abs, line)),) if size]
    if not sizes:
        return Jacobian(fmpz_mat(len(table), len(table[0])), fmpz(1))
    smallest = min(min(filter(None, map(abs, line)), default=sizes[0]) for line in table)
    coarse = _SMALL_BITS - frexp(max(sizes))[1]
    fine = max(coarse, _DOUBLE_BITS - frexp(smallest)[1])
    if coarse < 0 or fine > _LARGEST_SHIFT:
        return _from_scalars(cast("list[list[Scalar]]", table))
    return _scaled(table, coarse, fine)


def _scaled(table: list[list[float]], coarse: int, fine: int) -> Jacobian:
    """Integers at the coarse scale; the few entries that need the fine one are set apart."""
    factor = 2.0**coarse
    scaled = [list(map(factor.__mul__, line)) for line in table]
    integers = [list(map(int, line)) for line in scaled]
    truncated = [list(map(float, line)) for line in integers]
    if truncated == scaled:
        return Jacobian(fmpz_mat(integers), fmpz(1) << coarse)
    numerators = fmpz_mat(integers) * (fmpz(1) << (fine - coarse))
    factor = 2.0**fine
    for row, line in enumerate(table):
        inexact = map(ne, truncated[row], scaled[row])
        for column in (k for k, differs in enumerate(inexact) if differs):
            numerators[row, column] = int(line[column] * factor)
    return Jacobian(numerators, fmpz(1) << fine)
