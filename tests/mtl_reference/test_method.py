"""Answers, parameters and the table of methods: the faces that users meet."""

from math import inf, nan

import pytest
from flint import fmpq

from mtl_reference import METHODS, Answer, Kind
from mtl_reference.method import checked_orders, chosen, finite
from mtl_reference.surd import sqrt


def test_the_table_is_sorted_and_every_method_has_three_faces() -> None:
    """Ids are the keys; direction, certificate and trace are found by name."""
    assert list(METHODS) == sorted(METHODS)
    for name, method in METHODS.items():
        assert method.id == name
        assert callable(method.direction)
        assert callable(method.certificate)
        assert callable(method.trace)


def test_an_exact_answer_is_delivered_in_four_ways() -> None:
    """Exact, as balls, and rounded to both formats."""
    answer = METHODS["mean"].direction([(1, 0), (0, 1), (0, 0)])
    assert answer.exact == (fmpq(1, 3), fmpq(1, 3))
    assert answer.to_float64() == (1 / 3, 1 / 3)
    assert answer.to_float32() == (0.3333333432674408, 0.3333333432674408)
    assert all((3 * ball).contains(1) and ball.rad() < 1e-30 for ball in answer.enclosure(100))
    assert not answer.assumed_exact


def test_membership_is_equality_for_one_answer_and_never_for_none() -> None:
    """Numbers of another field may be equal; an undefined answer holds nothing."""
    answer = Answer(Kind.EXACT, {"direction": (fmpq(2), fmpq(0))})
    assert answer.contains((sqrt(4), sqrt(8) - 2 * sqrt(2)))
    assert not answer.contains((fmpq(2), sqrt(2)))
    assert not Answer(Kind.UNDEFINED, reason="none").contains((fmpq(2),))
    with pytest.raises(ValueError, match="undefined"):
        _ = Answer(Kind.UNDEFINED, reason="none").exact


@pytest.mark.parametrize("value", [nan, inf, "fast"])
def test_a_parameter_that_is_not_finite_is_named(value: float) -> None:
    """The message has name, rule and value."""
    with pytest.raises(ValueError, match="alpha must be a finite number"):
        finite("alpha", value)


def test_an_unknown_choice_lists_the_choices() -> None:
    """The message shows what could have been said."""
    with pytest.raises(ValueError, match="fallback must be one of 'mgda', 'none'"):
        chosen("fallback", "zero", ("mgda", "none"))


@pytest.mark.parametrize("orders", [[[1]], [[0], [1]], [[1, 1], [0]], [[1], [0], []]])
def test_orders_that_are_no_permutations_are_refused(orders: list[list[int]]) -> None:
    """Too few, a task meeting itself, one met twice, too many."""
    with pytest.raises(ValueError, match="orders"):
        checked_orders(orders, 2)
