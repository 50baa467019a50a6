"""Answers, parameters and the table of methods: the faces that users meet."""

from math import inf, nan

import pytest
from flint import fmpq

from mtl_reference import METHODS, QUANTITIES, Answer, Kind
from mtl_reference.method import PERTURBATIONS, checked_orders, chosen, exact, finite
from mtl_reference.surd import sqrt


def test_the_table_is_sorted_and_every_method_has_three_faces() -> None:
    """Ids are the keys; direction, certificate and trace are found by name."""
    assert list(METHODS) == sorted(METHODS)
    for name, method in METHODS.items():
        assert method.id == name
        assert callable(method.function)
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


def test_what_methods_take_and_give_is_known() -> None:
    """Every input, output and random input is a quantity; its rows are among the inputs."""
    assert list(QUANTITIES) == sorted(QUANTITIES)
    for method in METHODS.values():
        named = {*method.inputs, *method.outputs, *method.randomness}
        assert named <= set(QUANTITIES)
        assert method.perturbation in PERTURBATIONS
        assert "jacobian" not in method.inputs or set(method.rows) <= set(method.inputs)


def test_one_entry_answers_and_certifies_every_method() -> None:
    """By names: inputs, randomness, parameters; what nobody takes is refused by name."""
    method, inputs = METHODS["pcgrad"], {"jacobian": [(1, 0), (-1, 2)]}
    answer = method.answer(inputs, {"orders": [[1], [0]]})
    assert answer.exact == method.direction(inputs["jacobian"], orders=[[1], [0]]).exact
    residuals = list(method.certify(inputs, answer.outputs, {"orders": [[1], [0]]}))
    assert residuals
    assert all(residual.value >= 0 for residual in residuals)
    with pytest.raises(ValueError, match=r"takes the input jacobian \(got losses\)"):
        method.answer({**inputs, "losses": [1, 2]})
    with pytest.raises(ValueError, match="needs the input jacobian"):
        method.answer({})


def test_inputs_are_read_by_their_rank() -> None:
    """A vector is a tuple, a matrix rows of tuples; what is not finite is named with its place."""
    assert exact("losses", [0.5, 2]) == (fmpq(1, 2), fmpq(2))
    assert exact("basis", [(0.5, 2)]) == ((fmpq(1, 2), fmpq(2)),)
    assert exact("jacobian", [(1, 2)]).row(0) == (fmpq(1), fmpq(2))
    with pytest.raises(ValueError, match=r"losses\[1\] is nan"):
        exact("losses", [1, nan])
    with pytest.raises(ValueError, match=r"memory\[0, 1\] is inf"):
        exact("memory", [(1, inf)])
