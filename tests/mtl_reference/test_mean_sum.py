"""Mean and sum: exact, and their certificates see a wrong answer."""

import pytest
from flint import arb, arb_mat, fmpq

from mtl_reference import METHODS, jacobian

ROWS = jacobian([(1, "1/2"), ("1/3", -2), (5, 0)])


@pytest.mark.parametrize(("name", "share"), [("mean", fmpq(1, 3)), ("sum", fmpq(1))])
def test_the_answer_is_the_constant_combination(name: str, share: fmpq) -> None:
    """Column sums times 1/T or 1, from floats without any rounding on the way."""
    method = METHODS[name]
    answer = method.direction(ROWS)
    assert answer.exact == (fmpq(19, 3) * share, fmpq(-3, 2) * share)
    assert [residual.value for residual in method.certificate(ROWS, answer.outputs)] == [0]
    weights = method.trace(arb_mat(3, 3), [arb(1)] * 3, {}).weights
    assert all(weight.contains(share) for weight in weights)


@pytest.mark.parametrize("name", ["mean", "sum"])
def test_a_wrong_answer_leaves_a_residual_below_its_slope(name: str) -> None:
    """A move of 3/7 along one axis shows, and by no more than slope times 3/7."""
    method = METHODS[name]
    first, second = method.direction(ROWS).exact
    moved = {"direction": (first + fmpq(3, 7), second)}
    (residual,) = method.certificate(ROWS, moved)
    assert 0 < residual.value <= residual.slopes["direction"] * fmpq(3, 7)
