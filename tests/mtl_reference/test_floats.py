"""Floats as integers: every value comes back, whatever the sizes of a row."""

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from mtl_reference.floats import digits
from mtl_reference.rational import Jacobian, jacobian

FINITE = st.floats(allow_nan=False, allow_infinity=False)
MILD = st.floats(-1e6, 1e6) | st.floats(-1e-250, 1e-250) | st.sampled_from([0.0, -0.0, 5e-324])
ROWS = {
    "one part": [[0.5, -3.0], [1024.0, 0.75]],
    "two parts": [[3.0, 2.0**-80], [-(2.0**-70), 1.0]],
    "rows of unequal sizes": [[1e-200, 3e-200], [1e8, -1e-8]],
    "beyond the range of the shifts": [[1.7e308, 5e-324], [-5e-324, 0.0]],
    "zeros": [[0.0, -0.0], [0.0, 1.0]],
}


def entries(matrix: Jacobian) -> list[list[Fraction]]:
    """The rows as fractions of Python."""
    return [[Fraction(int(x.p), int(x.q)) for x in matrix.row(i)] for i in range(matrix.tasks)]


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_each_way_of_reading_keeps_every_value(rows: list[list[float]]) -> None:
    """The rows, the integers over one denominator and the products are those of the fractions."""
    matrix = jacobian(rows)
    exact = [[Fraction(x) for x in row] for row in rows]
    assert entries(matrix) == exact
    numerators = [fmpq(x, matrix.denominator) for x in matrix.numerators.entries()]
    assert numerators == [fmpq(*x.as_integer_ratio()) for row in rows for x in row]
    squares = [[sum(a * b for a, b in zip(x, y, strict=True)) for y in exact] for x in exact]
    assert [str(x) for x in matrix.gramian().entries()] == [str(x) for row in squares for x in row]


@given(st.lists(st.lists(MILD | FINITE, min_size=3, max_size=3), min_size=1, max_size=3))
def test_no_float_is_changed(rows: list[list[float]]) -> None:
    """Any finite floats, side by side."""
    assert entries(jacobian(rows)) == [[Fraction(x) for x in row] for row in rows]


def test_entries_fit_machine_words_row_by_row() -> None:
    """Rows of unlike sizes need one part of short integers, not one matrix of long ones."""
    found = digits([[1e-8, 3e-8], [1e8, 3e8]])
    assert found is not None
    assert len(found.parts) == 1
    assert all(abs(int(entry)) < 2**61 for entry in found.parts[0].entries())


def test_images_use_both_parts_and_every_factor() -> None:
    """Combinations and products of rows in two parts and unequal scales are those of fractions."""
    rows = [[3.0, 2.0**-80], [1e-30, 1e-60]]
    matrix, weights = jacobian(rows), (fmpq(1, 3), fmpq(-7))
    exact = [[fmpq(*x.as_integer_ratio()) for x in row] for row in rows]
    (a, b), (c, d) = exact
    u, v = weights
    assert matrix.combine(weights) == (u * a + v * c, u * b + v * d)
    assert matrix.products(weights) == (u * a + v * b, u * c + v * d)


def test_the_gramian_is_the_callers_own() -> None:
    """Writing into a Gramian changes no later one."""
    matrix = jacobian([(1, 2), (3, 4)])
    first = matrix.gramian()
    first[0, 0] = fmpq(7)
    assert matrix.gramian()[0, 0] == 5
