"""Intervals of printed numbers."""

from fractions import Fraction

import pytest

from mtl_reference.tables.interval import Interval, exactly, mean, printed


def test_a_printed_number_is_all_that_round_to_it() -> None:
    """0.02 stands for [0.015, 0.025], and 0.020 for a tenth of it."""
    assert printed("0.02") == Interval(Fraction(15, 1000), Fraction(25, 1000))
    assert printed("-3") == Interval(Fraction(-7, 2), Fraction(-5, 2))
    assert printed("0.020") == Interval(Fraction(195, 10000), Fraction(205, 10000))


@pytest.mark.parametrize("cell", ["", "-", "1e5", "1.", "nan", "0,5"])
def test_what_is_no_decimal_number_is_refused(cell: str) -> None:
    """A cell that is no plain decimal number is an error, never a guess."""
    with pytest.raises(ValueError, match="decimal number"):
        printed(cell)


def test_quotients_take_the_right_ends() -> None:
    """[1, 2] / [-4, -2] is [-1, -1/4]: the signs turn the ends."""
    quotient = Interval(Fraction(1), Fraction(2)) / Interval(Fraction(-4), Fraction(-2))
    assert quotient == Interval(Fraction(-1), Fraction(-1, 4))


def test_a_divisor_that_may_be_zero_is_refused() -> None:
    """What rounds to 0.0 divides nothing."""
    with pytest.raises(ZeroDivisionError, match="may be zero"):
        exactly(1) / printed("0.0")


def test_a_mean_of_nothing_is_refused() -> None:
    """No cells, no mean."""
    with pytest.raises(ValueError, match="at least one"):
        mean([])
