"""MoDo and SDMGrad: steps by hand, corners, sequences, and certificates that see mistakes."""

import pytest
from flint import fmpq

from mtl_reference import METHODS
from mtl_reference.enclosure import decide
from mtl_reference.method import Outputs, Relation

ROWS = ((1, 0), (0, 2))
OTHERS = ((1, "1/2"), ("-1/2", 1))
GIVEN = {"jacobian": ROWS, "second_jacobian": OTHERS}


def holds(method: str, outputs: Outputs, **params: float) -> bool:
    """Whether the certificate is kept exactly."""
    found = METHODS[method].certify(GIVEN, outputs, None, params)
    wanted = {Relation.ZERO: (0,), Relation.NONNEGATIVE: (0, 1)}
    return all(decide(each.value) in wanted[each.relation] for each in found)


def test_a_step_of_modo_by_hand() -> None:
    """J1 J2' = (1 -1/2; 1 2), so w = 1/2 moves by -(1/4, 3/2)/4 and is levelled by -7/32."""
    found = METHODS["modo"].answer(GIVEN, None, {"learning_rate": 0.25})
    assert found.outputs["weights"] == (fmpq(21, 32), fmpq(11, 32))
    assert found.state["weights"] == found.outputs["weights"]


def test_rho_pulls_the_weights_together() -> None:
    """Without gradients, rho alone moves weights towards the mean by learning_rate rho each."""
    still = {"jacobian": ((0,), (0,)), "second_jacobian": ((0,), (0,))}
    state = {"weights": (fmpq(3, 4), fmpq(1, 4))}
    params = {"learning_rate": 0.5, "rho": 0.5}
    found = METHODS["modo"].answer(still, None, params, state)
    assert found.outputs["weights"] == (fmpq(11, 16), fmpq(5, 16))


def test_a_long_step_ends_at_a_corner() -> None:
    """Weights that the projection cuts are exactly 0."""
    for method in ("modo", "sdmgrad"):
        found = METHODS[method].answer(GIVEN, None, {"learning_rate": 64.0})
        assert found.state["weights"] == (1, 0)


def test_sdmgrad_without_pull_is_modo() -> None:
    """At lambda = 0 both take the same step, whatever the preference."""
    params = {"learning_rate": 0.125}
    plain = METHODS["modo"].answer(GIVEN, None, params)
    preferring = {**GIVEN, "preference": ("1/8", "7/8")}
    pulled = METHODS["sdmgrad"].answer(preferring, None, {**params, "lambda_": 0.0})
    assert pulled.outputs == plain.outputs


def test_sdmgrad_goes_on_from_the_weights_on_the_simplex() -> None:
    """The state sums to 1 and the answer to 1 + lambda, in every step."""
    state = None
    for _ in range(3):
        params = {"learning_rate": 0.125, "lambda_": 0.5}
        found = METHODS["sdmgrad"].answer(GIVEN, None, params, state)
        state = found.state
        assert sum(found.outputs["weights"], fmpq(0)) == fmpq(3, 2)
        assert sum(state["weights"], fmpq(0)) == 1


@pytest.mark.parametrize("method", ["modo", "sdmgrad"])
def test_the_certificate_holds_of_the_answer_alone(method: str) -> None:
    """Weight moved from one task to the other breaks it."""
    outputs = METHODS[method].answer(GIVEN, None, {"learning_rate": 0.25}).outputs
    assert holds(method, outputs, learning_rate=0.25)
    first, second = outputs["weights"]
    moved = (first - fmpq(1, 2**60), second + fmpq(1, 2**60))
    assert not holds(method, {"weights": moved}, learning_rate=0.25)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"second_jacobian": ((1, 0),)}, "one shape"),
        ({"second_jacobian": ((1, 0), (0, float("nan")))}, r"second_jacobian\[1, 1\] is nan"),
    ],
)
def test_wrong_inputs_are_named(given: dict[str, object], message: str) -> None:
    """Another shape and nan are refused."""
    with pytest.raises(ValueError, match=message):
        METHODS["modo"].answer({**GIVEN, **given})
