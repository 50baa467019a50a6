"""Refinable numbers and correct rounding, where wrong roundings differ in the last bit."""

from math import inf, ldexp
from struct import pack, unpack

import pytest
from flint import arb, ctx, fmpq

from mtl_reference.enclosure import (
    Real,
    decide,
    enclose,
    round_float32,
    round_float64,
    rounding32,
    rounding64,
)
from mtl_reference.surd import Surd, sqrt

HALF_ULP = fmpq(1, 2**53)
TINY = fmpq(1, 2**1074)
TINY32 = fmpq(1, 2**149)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1 + HALF_ULP, 1.0),
        (1 + HALF_ULP + fmpq(1, 10**60), 1.0 + 2**-52),
        (1 + 3 * HALF_ULP, 1.0 + 2**-51),
        (-1 - 3 * HALF_ULP, -1.0 - 2**-51),
        (TINY / 2, 0.0),
        (TINY * fmpq(3, 2), 2 * 5e-324),
        (TINY / 2 + fmpq(1, 2**2000), 5e-324),
        (fmpq(2) ** 1024 - fmpq(2) ** 970, inf),
        (fmpq(2) ** 1024 - fmpq(2) ** 970 - 1, ldexp(2**53 - 1, 971)),
        (-(fmpq(2) ** 2000), -inf),
    ],
)
def test_rationals_round_half_to_even_in_binary64(number: fmpq, expected: float) -> None:
    """Midpoints, subnormals and the edge of the range."""
    assert round_float64(number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1 + fmpq(1, 2**24), 1.0),
        (1 + fmpq(1, 2**24) + fmpq(1, 2**60), 1.0 + 2**-23),
        (1 + fmpq(3, 2**24), 1.0 + 2**-22),
        (2 - fmpq(1, 2**25), 2.0),
        (TINY32 / 2, 0.0),
        (-TINY32 * fmpq(3, 2), -(2.0**-148)),
        (fmpq(2**24 - 1, 2**150) + TINY32 / 4, ldexp(2**23, -149)),
        (fmpq(2) ** 128 - fmpq(2) ** 103, inf),
        (fmpq(2) ** 128 - fmpq(2) ** 103 - 1, ldexp(2**24 - 1, 104)),
    ],
)
def test_rationals_round_half_to_even_in_binary32(number: fmpq, expected: float) -> None:
    """Never by way of binary64: 1 + 2^-24 + 2^-60 would then be rounded twice, and down."""
    assert round_float32(number) == expected


@pytest.mark.parametrize("bits", [0x00000001, 0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0x3F800001])
def test_binary32_numbers_round_to_themselves(bits: int) -> None:
    """The smallest, the largest subnormal, the smallest normal, the largest and 1 + ulp."""
    (value,) = unpack("<f", pack("<I", bits))
    assert round_float32(fmpq(*value.as_integer_ratio())) == value


def test_a_surd_that_is_a_midpoint_is_a_tie() -> None:
    """(sqrt(2) (1 + 2^-53))^2 / 2 hides a midpoint behind roots: even wins, and it is proved."""
    number = sqrt(2) * (1 + HALF_ULP) * sqrt(2) / 2
    assert rounding64(number).value == 1.0
    assert rounding64(number).proved


def test_a_quotient_that_is_a_midpoint_is_found_out() -> None:
    """Proportional sums of three roots: balls alone would never end on it."""
    below = 1 + sqrt(2) + sqrt(3)
    number = Surd((below * (1 + 3 * HALF_ULP)).numerator, below.numerator)
    assert rounding64(number).value == 1.0 + 2**-51


def test_a_surd_next_to_a_midpoint_is_not_a_tie() -> None:
    """sqrt((1 + 2^-53)^2 + 2^-9000) lies just above the midpoint, beyond 4096 bits."""
    number = sqrt((1 + HALF_ULP) * (1 + HALF_ULP) + fmpq(1, 2**9000))
    assert rounding64(number).value == 1.0 + 2**-52
    assert rounding64(number).proved


def test_a_ball_that_stays_on_a_midpoint_is_assumed_exact() -> None:
    """exp(log(m)) for a midpoint m: the even neighbour, marked as not proved."""
    middle = 1 + 3 * HALF_ULP
    number = Real(lambda _: arb(middle).log().exp())
    assert rounding64(number).value == 1.0 + 2**-51
    assert not rounding64(number).proved
    assert rounding32(number).proved


def test_a_ball_that_is_nan_has_no_rounding() -> None:
    """A division by zero in balls is an error, never a number."""
    with pytest.raises(ArithmeticError, match="4096 bits"):
        round_float64(Real(lambda _: arb.nan()))


def test_signs_of_refinable_numbers_are_searched_then_left_open() -> None:
    """A difference of 2^-3000 is found; one that is zero is not called zero."""
    root = Real(lambda _: arb(2).sqrt())
    tiny = fmpq(1, 2**3000)
    assert decide(root * root - 2 + tiny) == 1
    assert decide(root * root - 2 - tiny) == -1
    assert decide(root * root - 2) is None
    assert decide(Real(lambda _: arb(0))) == 0


def test_numbers_of_all_fields_mix() -> None:
    """Sums and quotients of a rational, a surd and a ball; comparisons either way round."""
    ball = Real(lambda _: arb(3).sqrt())
    assert decide(fmpq(1, 2) + ball - sqrt(3) - fmpq(1, 3)) == 1
    assert sqrt(2) < ball
    assert fmpq(2) > ball
    assert ball / sqrt(3) == 1
    assert sqrt(3) == ball


def test_enclosures_are_sharp_and_leave_the_precision_alone() -> None:
    """Cancellation raises the working precision; the global one is restored."""
    before = ctx.prec
    number = Real(lambda _: arb(10**30 + 1).sqrt()) - 10**15
    assert enclose(number, 150).rel_accuracy_bits() >= 150
    assert enclose(fmpq(1, 3), 90).rel_accuracy_bits() >= 90
    assert ctx.prec == before
