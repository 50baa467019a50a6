"""Exponentials, logarithms and powers: what stays exact, and what is a ball."""

import pytest
from flint import fmpq

from mtl_reference.enclosure import Real, enclose
from mtl_reference.surd import Surd, sqrt
from mtl_reference.transcendental import exponential, logarithm, power, softmax


@pytest.mark.parametrize(
    ("base", "exponent", "expected"),
    [
        (fmpq(2), fmpq(10), fmpq(1024)),
        (fmpq(2, 3), fmpq(-2), fmpq(9, 4)),
        (fmpq(8, 27), fmpq(2, 3), fmpq(4, 9)),
        (fmpq(0), fmpq(0), fmpq(1)),
        (fmpq(0), fmpq(1, 8), fmpq(0)),
        (sqrt(2), fmpq(4), fmpq(4)),
    ],
)
def test_powers_that_are_rational(base: fmpq | Surd, exponent: fmpq, expected: fmpq) -> None:
    """Whole powers, perfect roots, and 0."""
    assert power(base, exponent) == expected


def test_half_powers_are_roots() -> None:
    """2^(3/2) is sqrt 8, and sqrt(2)^-1 its exact inverse."""
    assert power(fmpq(2), fmpq(3, 2)) == sqrt(8)
    assert power(sqrt(2), fmpq(-1)) == sqrt(fmpq(1, 2))


def test_other_powers_are_balls() -> None:
    """2^(1/3) cubed is 2 to every digit asked for."""
    root = power(fmpq(2), fmpq(1, 3))
    assert isinstance(root, Real)
    assert enclose(root * root * root, 200).contains(2)


def test_zero_has_no_negative_power() -> None:
    """It would be infinite."""
    with pytest.raises(ZeroDivisionError, match="0 has no power -1"):
        power(fmpq(0), fmpq(-1))


def test_exponential_and_logarithm_undo_each_other() -> None:
    """Exactly at 0 and 1, else to every digit asked for."""
    assert (exponential(fmpq(0)), logarithm(fmpq(1))) == (1, 0)
    assert logarithm(exponential(fmpq(7, 3))) == fmpq(7, 3)


def test_softmax_of_far_exponents_is_finite() -> None:
    """A million apart: the shares still sum to 1, and the small one is positive."""
    high, low = softmax([fmpq(10**6), fmpq(0)])
    assert enclose(high + low, 100).contains(1)
    assert low > 0
