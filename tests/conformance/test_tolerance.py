"""Tolerances: the model's sizes, grades, and the comparison of a margin with its allowance."""

from math import inf

import pytest
from flint import arb, fmpq

from conformance import tolerance
from mtl_reference.enclosure import Real
from mtl_reference.surd import sqrt


def test_unit_roundoffs_are_half_the_spacing_at_one() -> None:
    """One plus u rounds back to one, and one plus twice u does not."""
    assert tolerance.roundoff("float64") == fmpq(1, 2**53)
    assert tolerance.roundoff("float32") == fmpq(1, 2**24)
    assert tolerance.roundoff("bfloat16") == fmpq(1, 2**8)


def test_smallest_subnormals_are_those_of_the_formats() -> None:
    """A spacing that is one place off would forgive or condemn underflow."""
    assert tolerance.FORMATS["float64"].underflow == fmpq(1, 2**1074)
    assert tolerance.FORMATS["float32"].underflow == fmpq(1, 2**149)


@pytest.mark.parametrize(
    ("error", "dtype", "grade"),
    [
        (30.0, "float64", "A"),
        (30.1, "float64", "B"),
        (30.1, "float32", "B"),
        (30.1, "bfloat16", "F"),
        (2.0**26.6, "float64", "C"),
        (1e15, "float64", "F"),
        (inf, "float64", "F"),
        (None, "float64", "F"),
    ],
)
def test_grades(error: float | None, dtype: str, grade: str) -> None:
    """A to 30; B to u^-1/2 but no less than 30; C to 0.01 / u; F beyond."""
    assert tolerance.grade(error, dtype) == grade


def test_a_claim_replaces_the_roundoff() -> None:
    """A claim of 1e-3 allows what arithmetic of that accuracy would do, and never below 30."""
    assert tolerance.claimed_limit("float32", 2.0**-10) == 2**14
    assert tolerance.claimed_limit("float64", 2.0**-60) == 30
    assert tolerance.claimed_limit("float64", None) == 30


def test_the_sign_of_a_violation_counts() -> None:
    """A large value on the right side is kept, the same on the wrong side is not."""
    allowed = arb(2) ** -50
    assert tolerance.weigh(fmpq(1), zero=False, allowed=allowed).kept
    found = tolerance.weigh(fmpq(-1), zero=False, allowed=allowed)
    assert not found.kept
    assert found.margin == 1 - 2.0**50


def test_nothing_allowed_means_exactly() -> None:
    """Without an allowance an exact zero is kept, and a surd that is not zero is not."""
    assert tolerance.weigh(fmpq(0), zero=True, allowed=arb(0)).kept
    tiny = sqrt(fmpq(2)) - fmpq(1414213562373095, 10**15)
    assert tolerance.weigh(tiny, zero=True, allowed=arb(0)) == tolerance.Weighing(False, None)


def test_what_is_no_number_is_never_kept() -> None:
    """A nan fails, whatever is allowed."""
    broken = Real(lambda _: arb.nan())
    assert not tolerance.weigh(broken, zero=True, allowed=arb(1)).kept
    assert not tolerance.weigh(broken, zero=False, allowed=arb(1)).kept
    assert not tolerance.weigh(fmpq(1), zero=True, allowed=arb.nan()).kept


def test_the_range_is_that_of_products() -> None:
    """1e-30 squared leaves float32 and not float64; zero rows leave nothing."""
    small = [arb(fmpq(1, 2**100)), arb(0)]
    assert tolerance.within_range(small, "float64")
    assert not tolerance.within_range(small, "float32")
    assert not tolerance.within_range([arb(2) ** 64], "float32")


def test_an_allowance_adds_slopes_and_curvatures() -> None:
    """The allowance is 3 r + 2 r^2 for a slope of -3 and a curvature of 2."""
    assert tolerance.allowance([(fmpq(-3), fmpq(2), arb(0.5))]) == arb(2)
