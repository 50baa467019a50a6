"""Vectors and matrices over the rationals: jacobians, Gramians, combinations; thin over flint."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import isfinite
from operator import mul
from typing import cast, final, overload

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from mtl_reference.floats import digits

Scalar = int | float | str | Fraction | fmpz | fmpq
RationalVector = Sequence[fmpq]

_ROOT_BITS = 64


@final
class Quotients(Sequence[fmpq]):
    """Rationals held as integers over one denominator; each is reduced when it is first asked for.

    To its users this is the tuple of its entries: it equals and hashes as that tuple does.

    >>> Quotients(fmpz_mat(1, 2, [2, 3]), fmpz(4))
    (1/2, 3/4)
    """

    __slots__ = ("_entries", "denominator", "numerators")

    def __init__(self, numerators: fmpz_mat, denominator: fmpz) -> None:
        """``numerators`` (1, n) over ``denominator`` > 0."""
        self.numerators = numerators
        self.denominator = denominator
        self._entries: tuple[fmpq, ...] | None = None

    @staticmethod
    def of(vector: Iterable[fmpq]) -> "Quotients":
        """A vector of rationals over their common denominator."""
        if isinstance(vector, Quotients):
            return vector
        integers, scale = over_one_denominator(tuple(vector))
        return Quotients(fmpz_mat(1, len(integers), integers), scale)

    @property
    def entries(self) -> tuple[fmpq, ...]:
        """The rationals, reduced."""
        if self._entries is None:
            below = self.denominator
            self._entries = tuple(fmpq(above, below) for above in self.numerators.entries())
        return self._entries

    def less(self, place: int) -> "Quotients":
        """All entries less the one at a place."""
        size, numerator = len(self), self.numerators[0, place]
        return Quotients(self.numerators - fmpz_mat(1, size, [numerator] * size), self.denominator)

    def __len__(self) -> int:
        return self.numerators.ncols()

    @overload
    def __getitem__(self, place: int) -> fmpq: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[fmpq, ...]: ...
    def __getitem__(self, place: int | slice) -> fmpq | tuple[fmpq, ...]:
        return self.entries[place]

    def __iter__(self) -> Iterator[fmpq]:
        return iter(self.entries)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (tuple, Quotients)):
            return NotImplemented
        return tuple(other) == self.entries

    def __hash__(self) -> int:
        return hash(self.entries)

    def __repr__(self) -> str:
        return repr(self.entries)


@final
@dataclass(frozen=True, slots=True, eq=False)
class Jacobian:
    """T exact gradients of d coordinates: factors[i] / denominator times row i of a matrix (T, d).

    That matrix of integers is the sum of units[k] * parts[k]. Floats fill one part and, where
    their sizes differ much within a row, a second one that is nearly empty (see floats.py).
    """

    parts: tuple[fmpz_mat, ...]
    units: tuple[fmpz, ...]
    factors: tuple[fmpz, ...]
    denominator: fmpz
    _gramian: list[fmpq_mat] = field(default_factory=list, init=False, repr=False)

    @property
    def tasks(self) -> int:
        """T, the number of rows."""
        return self.parts[0].nrows()

    @property
    def width(self) -> int:
        """The number d of columns."""
        return self.parts[0].ncols()

    @property
    def numerators(self) -> fmpz_mat:
        """All entries as integers (T, d) over the denominator; made afresh at every call."""
        return self._scaled(self._summed(self.parts))

    def row(self, task: int) -> tuple[fmpq, ...]:
        """The gradient of one task, d rationals."""
        return self.combine([fmpq(int(task == other)) for other in range(self.tasks)]).entries

    def gramian(self) -> fmpq_mat:
        """The inner products of the rows, (T, T); multiplied out at the first call only."""
        if not self._gramian:
            integers = self._products_of_parts()
            scaled = self._scaled(self._scaled(integers).transpose())
            self._gramian.append(fmpq_mat(scaled) / (self.denominator * self.denominator))
        return fmpq_mat(self._gramian[0])

    def combine(self, weights: Sequence[fmpq]) -> Quotients:
        """The combination of the rows with T rational weights, d rationals."""
        shares, scale = over_one_denominator(weights)
        row = fmpz_mat(1, self.tasks, list(map(mul, shares, self.factors)))
        summed = self._summed([row * part for part in self.parts])
        return Quotients(summed, self.denominator * scale)

    def products(self, vector: Sequence[fmpq]) -> Quotients:
        """The inner products of the rows with a vector of d rationals, T rationals."""
        quotients = Quotients.of(vector)
        column = quotients.numerators.transpose()
        product = self._scaled(self._summed([part * column for part in self.parts]))
        return Quotients(product.transpose(), self.denominator * quotients.denominator)

    def _summed(self, images: Sequence[fmpz_mat]) -> fmpz_mat:
        """The sum of units[k] * images[k]."""
        total = images[0] * self.units[0]
        for image, unit in zip(images[1:], self.units[1:], strict=True):
            total += image * unit
        return total

    def _scaled(self, matrix: fmpz_mat) -> fmpz_mat:
        """A matrix of T rows, each times its factor."""
        if all(factor == 1 for factor in self.factors):
            return matrix
        size = self.tasks
        diagonal = [self.factors[i] if i == j else 0 for i in range(size) for j in range(size)]
        return fmpz_mat(size, size, diagonal) * matrix

    def _products_of_parts(self) -> fmpz_mat:
        """The sum of units[k] units[l] parts[k] parts[l]', (T, T), where most numbers are small."""
        first, *others = self.parts
        columns = first.transpose()
        total = first * columns * self.units[0] * self.units[0]
        for part, unit in zip(others, self.units[1:], strict=True):
            crossed = part * columns * (self.units[0] * unit)
            total += crossed + crossed.transpose() + part * part.transpose() * (unit * unit)
        return total


Rows = Jacobian | Sequence[Sequence[Scalar]]


def jacobian(rows: Rows, name: str = "jacobian") -> Jacobian:
    """Exact jacobian of T rows of d numbers: ints, floats, fractions or strings "p/q".

    Floats are the exact rationals that they stand for. Raises ValueError, with ``name``, row and
    column, for nan, infinities and what is not a number; and for no rows, empty or unequal rows.

    >>> jacobian([(0.5, 1), ("1/3", 0)]).gramian()
    [5/4, 1/6]
    [1/6, 1/9]
    """
    if isinstance(rows, Jacobian):
        return rows
    table = [_as_list(row, name) for row in rows]
    _check_shape(table, name)
    if all(set(map(type, row)) == {float} for row in table):
        return _from_floats(cast("list[list[float]]", table), name)
    return _from_scalars(table, name)


def numbers(name: str, values: Sequence[Scalar]) -> tuple[fmpq, ...]:
    """Exact vector of ints, floats, fractions or strings "p/q"; arrays convert themselves.

    Raises ValueError, with ``name`` and place, for nan, infinities and what is not a number.

    >>> numbers("losses", (0.5, "1/3"))
    (1/2, 1/3)
    """
    if isinstance(values, str) or not hasattr(values, "__len__"):
        message = f"{name} must be a vector (got {values!r})"
        raise ValueError(message)
    listed = cast("list[Scalar]", values.tolist() if hasattr(values, "tolist") else list(values))
    return tuple(_number(value, f"{name}[{place}]") for place, value in enumerate(listed))


def matrix(name: str, rows: Sequence[Sequence[Scalar]]) -> tuple[tuple[fmpq, ...], ...]:
    """Exact matrix, row by row, of one or more rows of one length; ValueError as `jacobian`.

    >>> matrix("basis", [(1, 0), (0, 0.5)])
    ((1, 0), (0, 1/2))
    """
    table = [_as_list(row, name) for row in rows]
    _check_shape(table, name)
    return tuple(
        tuple(_number(value, f"{name}[{row}, {column}]") for column, value in enumerate(line))
        for row, line in enumerate(table)
    )


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
    right, right_scale = (left, left_scale) if second is first else over_one_denominator(second)
    if len(left) != len(right):
        message = f"vectors must have one length (got {len(left)} and {len(right)})"
        raise ValueError(message)
    return fmpq(sum(map(mul, left, right), fmpz(0)), left_scale * right_scale)


def solve(matrix: fmpq_mat, right: Sequence[fmpq]) -> tuple[fmpq, ...]:
    """Solution of a square rational system; ZeroDivisionError where the matrix is singular."""
    return tuple(matrix.solve(fmpq_mat(len(right), 1, right)).entries())


def nullspace(matrix: fmpq_mat) -> tuple[tuple[fmpq, ...], ...]:
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
    if isinstance(vector, Quotients):
        return vector.numerators.entries(), vector.denominator
    scale = fmpz(1)
    for entry in vector:
        if scale % entry.q != 0:
            scale = scale.lcm(entry.q)
    return [entry.p * (scale // entry.q) for entry in vector], scale


def _as_list(row: Sequence[Scalar], name: str) -> list[Scalar]:
    """A row as a list of Python numbers; arrays convert themselves, exactly."""
    if hasattr(row, "tolist"):
        row = row.tolist()
    if isinstance(row, str) or not hasattr(row, "__iter__"):
        message = f"{name} must have rank 2 (got {row!r} for a row)"
        raise ValueError(message)
    return list(row)


def _check_shape(table: list[list[Scalar]], name: str) -> None:
    if not table:
        message = f"{name} must have at least one row (got 0)"
        raise ValueError(message)
    lengths = sorted({len(row) for row in table})
    if len(lengths) > 1:
        message = f"rows must have one length (got {' and '.join(map(str, lengths))})"
        raise ValueError(message)
    if lengths == [0]:
        message = "rows must have at least one column (got 0)"
        raise ValueError(message)


def _from_scalars(table: list[list[Scalar]], name: str) -> Jacobian:
    entries = [
        _number(value, f"{name}[{row}, {column}]")
        for row, line in enumerate(table)
        for column, value in enumerate(line)
    ]
    integers, denominator = over_one_denominator(entries)
    numerators = fmpz_mat(len(table), len(table[0]), integers)
    return Jacobian((numerators,), (fmpz(1),), (fmpz(1),) * len(table), denominator)


def _number(value: Scalar, name: str) -> fmpq:
    if isinstance(value, float) and not isfinite(value):
        message = f"{name} is {value}"
        raise ValueError(message)
    try:
        return rational(value)
    except (ValueError, TypeError, ZeroDivisionError):
        message = f"{name} must be a finite number (got {value!r})"
        raise ValueError(message) from None


def _from_floats(table: list[list[float]], name: str) -> Jacobian:
    for row, line in enumerate(table):
        if not isfinite(sum(line)) and not all(map(isfinite, line)):
            column = next(k for k, value in enumerate(line) if not isfinite(value))
            message = f"{name}[{row}, {column}] is {line[column]}"
            raise ValueError(message)
    found = digits(table)
    if found is None:
        return _from_scalars(cast("list[list[Scalar]]", table), name)
    most = max(found.shifts)
    factors = tuple(fmpz(1) << (most - shift) for shift in found.shifts)
    return Jacobian(found.parts, found.units, factors, fmpz(1) << most)
