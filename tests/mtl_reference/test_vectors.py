"""Vectors that are kept whole, against the tuples of their entries."""

from collections.abc import Callable

import pytest
from flint import fmpq, fmpz, fmpz_mat
from hypothesis import given
from hypothesis import strategies as st

from mtl_reference.enclosure import Vector, round_float32, round_float64
from mtl_reference.pairing import combine, inner, products, times
from mtl_reference.rational import Quotients, jacobian
from mtl_reference.surd import sqrt
from mtl_reference.vectors import (
    Combination,
    above_the_least,
    agree,
    enclosures,
    rounded32,
    rounded64,
)

ROWS = jacobian([("1/2", -1, 3), (2, "1/3", 0)])
HALVES = Quotients(fmpz_mat(1, 3, [1, -2, 6]), fmpz(4))
THIRDS = Quotients(fmpz_mat(1, 3, [0, 3, 9]), fmpz(27))
GOLDEN = Combination((fmpq(1), (1 + sqrt(5)) / 2), (HALVES, THIRDS))
SAME_CLASS = Combination((sqrt(2), sqrt(2 * 289**2)), (HALVES, THIRDS))
NO_ROOT = Combination((fmpq(2), fmpq(0)), (HALVES, THIRDS))
WHOLE: tuple[Vector, ...] = (HALVES, GOLDEN, SAME_CLASS, NO_ROOT)
CUTS = [0, -1, 2**53 + 1, 2**54 + 2, 2**24 + 1, 3 * 2**24 - 1]


def equal(first: Vector, second: Vector) -> bool:
    """Entry by entry."""
    return all(a == b for a, b in zip(first, second, strict=True))


def test_quotients_are_the_tuple_of_their_entries() -> None:
    """Equality both ways, hash, length, slices, text, reduced entries."""
    entries = (fmpq(1, 4), fmpq(-1, 2), fmpq(3, 2))
    assert entries == HALVES
    assert entries == tuple(HALVES)
    assert len({entries, HALVES}) == 1
    assert HALVES[1:] == entries[1:]
    assert repr(HALVES) == repr(entries)
    assert (*entries[:2], fmpq(2)) != HALVES
    assert [str(x) for x in GOLDEN] == ["1/4", "-4/9 + 1/18*sqrt(5)", "5/3 + 1/6*sqrt(5)"]
    assert tuple(GOLDEN) == GOLDEN


@pytest.mark.parametrize("vector", WHOLE)
def test_maps_of_whole_vectors_are_those_of_tuples(vector: Vector) -> None:
    """Products, combinations, matrices, inner products of every kind with every kind."""
    plain = tuple(vector)
    assert equal(products(ROWS, vector), products(ROWS, plain))
    assert equal(
        times(ROWS.gramian(), products(ROWS, vector)), times(ROWS.gramian(), products(ROWS, plain))
    )
    pair = Combination(
        (sqrt(3), fmpq(1)), (Quotients.of([fmpq(1), fmpq(2)]), Quotients.of([fmpq(0), fmpq(1, 5)]))
    )
    assert equal(combine(ROWS, pair), combine(ROWS, tuple(pair)))
    for other in WHOLE:
        assert inner(vector, other) == inner(plain, tuple(other))
        assert inner(vector, tuple(other)) == inner(plain, tuple(other))


@pytest.mark.parametrize("vector", WHOLE)
def test_whole_vectors_less_their_least_entry(vector: Vector) -> None:
    """The same as for tuples, with an exact zero at every place of the least."""
    assert equal(above_the_least(vector), above_the_least(tuple(vector)))


def test_the_least_of_equal_and_of_close_entries_is_found() -> None:
    """Ties written differently and differences far below the first balls."""
    close = fmpz(10) ** 60
    part = Quotients(fmpz_mat(1, 4, [close + 1, close, close + 1, close]), fmpz(1))
    root = Combination((fmpq(1), sqrt(2)), (part, Quotients.of([fmpq(3)] * 4)))
    assert above_the_least(root) == (fmpq(1), fmpq(0), fmpq(1), fmpq(0))


def test_cancelling_entries_are_enclosed_and_rounded() -> None:
    """Parts that cancel to 200 digits leave what is left, to full precision."""
    below = fmpz(10) ** 200
    near = Quotients.of([fmpq((2 * below * below).isqrt(), below), fmpq(1)])
    vector = Combination((fmpq(1), sqrt(2)), (near, Quotients.of([fmpq(-1), fmpq(0)])))
    (small, one), exact = enclosures(vector, 100), vector[0]
    assert small.rel_accuracy_bits() >= 100
    assert one.contains(1)
    assert rounded64(vector)[0] == round_float64(exact) != 0
    assert rounded32(vector)[0] == round_float32(exact)


@given(
    st.lists(st.integers(-(2**80), 2**80) | st.sampled_from(CUTS), min_size=1, max_size=5),
    st.integers(-1100, 400),
)
def test_whole_vectors_round_as_their_entries_do(numbers: list[int], shift: int) -> None:
    """Normal, subnormal, halfway between neighbours, beyond the largest: both formats."""
    scale = fmpq(2) ** shift
    part = Quotients.of([number * scale for number in numbers])
    zero = Quotients.of([fmpq(0)] * len(numbers))
    rounded: list[tuple[Callable[[Vector], tuple[float, ...]], Callable[[fmpq], float]]] = [
        (rounded64, round_float64),
        (rounded32, round_float32),
    ]
    for together, alone in rounded:
        expected = tuple(map(alone, part))
        assert together(part) == expected
        assert together(Combination((fmpq(1), sqrt(2)), (part, zero))) == expected


def test_huge_quotients_round_to_infinity() -> None:
    """One entry beyond the largest float does not stop the others."""
    assert rounded64(Quotients.of([fmpq(10) ** 400, fmpq(1)])) == (float("inf"), 1.0)


def test_agreement_is_equality_of_values() -> None:
    """Other denominators, other roots and plain tuples agree; one numerator off does not."""
    assert agree(HALVES, Quotients(HALVES.numerators * 3, fmpz(12)))
    assert agree(SAME_CLASS, tuple(SAME_CLASS))
    assert agree(NO_ROOT, (fmpq(1, 2), fmpq(-1), fmpq(3)))
    assert not agree(HALVES, Quotients(fmpz_mat(1, 3, [1, -2, 5]), fmpz(4)))
    assert not agree(GOLDEN, SAME_CLASS)


def test_vectors_of_two_lengths_have_no_inner_product() -> None:
    """The shorter one is not padded."""
    with pytest.raises(ValueError, match="one length"):
        inner(HALVES, Quotients.of([fmpq(1)]))
