"""Sums of square roots: zero, sign and order are decided exactly."""

import pytest
from flint import ctx, fmpq

from mtl_reference.surd import Surd, sqrt, surd, total


def test_roots_of_one_square_class_cancel() -> None:
    """sqrt(8) - 2 sqrt(2) is 0, and so is sqrt(1/2) - sqrt(2)/2."""
    assert (sqrt(8) - 2 * sqrt(2)).is_zero()
    assert (sqrt(fmpq(1, 2)) - sqrt(2) / 2).is_zero()
    assert sqrt(fmpq(9, 16)).as_rational() == fmpq(3, 4)


def test_large_radicands_need_no_factors() -> None:
    """Two radicands with a common factor of 400 bits are found to be of one class."""
    prime = 2**401 - 31
    assert (sqrt(prime * 4) - 2 * sqrt(prime)).is_zero()
    assert (sqrt(prime * 9 * 7) - 3 * sqrt(prime * 7)).sign() == 0


def test_a_difference_below_any_fixed_precision_has_its_sign() -> None:
    """sqrt(n^2 + 1) - n is positive though it is about 2^-3001."""
    large = 2**3000
    assert (sqrt(large * large + 1) - large).sign() == 1
    assert (large - sqrt(large * large + 1)).sign() == -1


def test_sign_of_a_mixed_sum_is_not_the_sign_of_its_terms() -> None:
    """sqrt(2) + sqrt(3) - sqrt(10) is negative, sqrt(2) + sqrt(3) - 3 positive."""
    assert (sqrt(2) + sqrt(3) - sqrt(10)).sign() == -1
    assert sqrt(2) + sqrt(3) > 3
    assert sqrt(5) < fmpq(9, 4)


def test_quotients_are_exact() -> None:
    """A quotient over three roots times its denominator is the numerator again."""
    below = 1 + sqrt(2) + sqrt(3)
    quotient = sqrt(7) / below
    assert quotient * below == sqrt(7)
    assert (below / below).as_rational() == 1
    assert (quotient * sqrt(7) * below / 7).as_rational() == 1


def test_a_quotient_of_proportional_sums_is_rational_and_others_are_not() -> None:
    """Every class must stand in the same proportion."""
    below = 1 + sqrt(2) + sqrt(3)
    above = 2 + sqrt(8) + sqrt(12)
    assert Surd(above.numerator, below.numerator).as_rational() == 2
    assert Surd((above + sqrt(2)).numerator, below.numerator).as_rational() is None
    assert Surd((above + sqrt(5)).numerator, below.numerator).as_rational() is None


def test_division_by_a_hidden_zero_is_refused() -> None:
    """The denominator is 0 although it is written with roots."""
    with pytest.raises(ZeroDivisionError):
        1 / (sqrt(12) - 2 * sqrt(3))


def test_negative_squares_are_refused() -> None:
    """There is no real root of -2."""
    with pytest.raises(ValueError, match="negative"):
        sqrt(-2)


def test_enclosures_hold_the_number_and_restore_the_precision() -> None:
    """The ball of a cancelling sum is as sharp as asked; the global precision is as before."""
    before = ctx.prec
    ball = (sqrt(10**40 + 1) - 10**20).enclosure(200)
    assert ball.rel_accuracy_bits() >= 200
    with ctx.workprec(400):
        assert (ball * ball + 2 * 10**20 * ball - 1).contains(0)
    assert ctx.prec == before


def test_sums_over_several_denominators_add_up() -> None:
    """1/(1+sqrt2) + 1/(1+sqrt3) + 1/(1+sqrt2+sqrt3), against the sum one by one."""
    terms = [1 / (1 + sqrt(2)), 1 / (1 + sqrt(3)), 1 / (1 + sqrt(2) + sqrt(3))]
    assert total(terms) == terms[0] + terms[1] + terms[2]


def test_text_has_the_rational_term_first() -> None:
    """Signs and unit coefficients are written as people write them."""
    assert str(fmpq(2, 5) + sqrt(5) / 5) == "2/5 + 1/5*sqrt(5)"
    assert str(sqrt(2) - sqrt(3)) == "sqrt(2) - sqrt(3)"
    assert str(surd(0)) == "0"
    assert str(-sqrt(18)) == "-3*sqrt(2)"
