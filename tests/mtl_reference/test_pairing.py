"""Products of vectors of every field, against the sums that they abbreviate."""

import pytest
from flint import arb, fmpq

from mtl_reference.enclosure import Number, Real, Vector, decide
from mtl_reference.pairing import added, combine, inner, length, products
from mtl_reference.rational import jacobian
from mtl_reference.surd import sqrt

ROWS = jacobian([("1/2", -1, 3), (2, "1/3", 0)])
BALL = Real(lambda _: arb(7).log())
VECTORS: tuple[Vector, ...] = (
    (fmpq(1, 3), fmpq(2), fmpq(-1, 5)),
    (sqrt(2), fmpq(1), sqrt(8) - sqrt(3)),
    (1 / (1 + sqrt(2) + sqrt(3)), sqrt(5), fmpq(0)),
    (sqrt(7), sqrt(7 * 289), sqrt(289 * 361 * 7)),
    (BALL, sqrt(2), fmpq(1, 7)),
)


def one_by_one(first: Vector, second: Vector) -> Number:
    """Inner product as the sum of products."""
    result: Number = fmpq(0)
    for a, b in zip(first, second, strict=True):
        result = result + a * b
    return result


@pytest.mark.parametrize("vector", VECTORS)
def test_products_are_sums_of_products(vector: Vector) -> None:
    """Splitting by denominator and radicand changes no product with a row."""
    for task, value in enumerate(products(ROWS, vector)):
        assert decide(value - one_by_one(ROWS.row(task), vector)) in {0, None}


@pytest.mark.parametrize("vector", VECTORS)
def test_combinations_are_weighted_sums_of_rows(vector: Vector) -> None:
    """The same with weights on the rows."""
    weights = vector[:2]
    for place, value in enumerate(combine(ROWS, weights)):
        column = tuple(ROWS.row(task)[place] for task in range(2))
        assert decide(value - one_by_one(column, weights)) in {0, None}


@pytest.mark.parametrize("first", VECTORS)
@pytest.mark.parametrize("second", VECTORS)
def test_inner_products_are_sums_of_products(first: Vector, second: Vector) -> None:
    """Every pair of fields."""
    assert decide(inner(first, second) - one_by_one(first, second)) in {0, None}


def test_long_vectors_of_balls_need_no_deep_recursion() -> None:
    """A sum of 5000 refinable numbers is evaluated flat."""
    assert decide(added([BALL] * 5000) - 5000 * BALL) is None
    assert decide(added([BALL] * 5000) - 5000 * BALL + fmpq(1, 2**100)) == 1


def test_lengths_are_exact_where_they_can_be() -> None:
    """3-4-5 is rational, (1, 1) a root, a hidden zero 0."""
    assert length((fmpq(3), fmpq(4))) == 5
    assert length((fmpq(1), fmpq(1))) == sqrt(2)
    assert length((sqrt(12) - 2 * sqrt(3), fmpq(0))) == 0
    assert decide(length((BALL,)) - BALL) is None
