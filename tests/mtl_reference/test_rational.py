"""Jacobians over the rationals: what enters is exact, and what is no number is named."""

from fractions import Fraction
from math import inf, nan

import pytest
from flint import fmpq, fmpq_mat

from mtl_reference.rational import inner, jacobian, nullspace, rational, root_above


@pytest.mark.parametrize(
    "row",
    [
        (0.1, -0.25, 3.0),
        (5e-324, 1.0, -1.7e308),
        (1e-30, 1e30, 0.0),
        (2.0**-60, 1.0, 2.0**-3 + 2.0**-55),
        (0.0, -0.0, 0.0),
        (1.0 + 2.0**-52, 2.0**-20 * (1.0 + 2.0**-52), 3.0),
        (2.0**70, 2.0**70 + 2.0**18, 1.0),
    ],
)
def test_floats_enter_as_the_rationals_that_they_are(row: tuple[float, ...]) -> None:
    """No digit is lost, whatever scale the fast path picks."""
    exact = tuple(fmpq(*value.as_integer_ratio()) for value in row)
    assert jacobian([row]).row(0) == exact


def test_other_numbers_enter_exactly() -> None:
    """Integers, fractions, strings and flint's rationals may stand side by side."""
    rows = jacobian([(1, "1/3", Fraction(2, 7), fmpq(5, 9))])
    assert rows.row(0) == (fmpq(1), fmpq(1, 3), fmpq(2, 7), fmpq(5, 9))


def test_gramian_and_both_products_agree() -> None:
    """G (G'w) = K w, with every denominator unlike the others."""
    rows = jacobian([("1/2", "1/3"), ("2/5", -1), (3, "1/7")])
    weights = (fmpq(1, 11), fmpq(-2, 3), fmpq(5))
    image = rows.gramian() * fmpq_mat(3, 1, weights)
    assert rows.products(rows.combine(weights)) == tuple(image.entries())


def test_inner_product_keeps_the_denominators() -> None:
    """Vectors over different denominators multiply as fractions do."""
    assert inner((fmpq(1, 2), fmpq(1, 3)), (fmpq(3, 5), fmpq(-1, 4))) == fmpq(13, 60)


@pytest.mark.parametrize("bad", [nan, inf, -inf])
def test_what_is_not_finite_is_named_with_row_and_column(bad: float) -> None:
    """Floats alone and floats among other numbers are refused alike."""
    with pytest.raises(ValueError, match=r"jacobian\[1, 0\]"):
        jacobian([(1.0, 2.0), (bad, 0.0)])
    with pytest.raises(ValueError, match=r"jacobian\[1, 0\]"):
        jacobian([(1, 2.0), (bad, 0.0)])


def test_what_is_no_matrix_is_refused() -> None:
    """No rows, no columns, unequal rows, wrong rank and text each have a sentence."""
    with pytest.raises(ValueError, match="at least one row"):
        jacobian([])
    with pytest.raises(ValueError, match="at least one column"):
        jacobian([(), ()])
    with pytest.raises(ValueError, match=r"one length \(got 2 and 3\)"):
        jacobian([(1, 2), (1, 2, 3)])
    with pytest.raises(ValueError, match="rank 2"):
        jacobian([1.0, 2.0])  # type: ignore[list-item]  # the mistake under test
    with pytest.raises(ValueError, match=r"jacobian\[0, 1\]"):
        jacobian([(1, "one")])


def test_a_number_that_is_none_is_refused() -> None:
    """A nan is not a rational."""
    with pytest.raises(ValueError, match="finite"):
        rational(nan)


@pytest.mark.parametrize("square", [fmpq(2), fmpq(1, 10**40), fmpq(4), fmpq(10**50, 3)])
def test_upper_roots_are_above_and_near(square: fmpq) -> None:
    """Never below the root, and within one part in 2^60 of it."""
    above = root_above(square)
    assert above * above >= square
    assert above * above <= square * (1 + fmpq(1, 2**59))


def test_the_null_space_is_a_basis_of_what_the_matrix_forgets() -> None:
    """Two columns that depend on the third leave two directions."""
    matrix = fmpq_mat([[1, 2, fmpq(1, 2)], [2, 4, 1], [fmpq(1, 2), 1, fmpq(1, 4)]])
    basis = nullspace(matrix)
    assert len(basis) == 2
    assert all(matrix * fmpq_mat(3, 1, vector) == fmpq_mat(3, 1) for vector in basis)
