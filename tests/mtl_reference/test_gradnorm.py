"""GradNorm: one step by hand, its state, ties, and what has no answer."""

from typing import Any

import pytest
from flint import fmpq

from mtl_reference import METHODS, Kind, sqrt
from mtl_reference.enclosure import decide

METHOD = METHODS["gradnorm"]
ROWS = ((3, 4), (0, 5))


def step(rows: Any = ROWS, **given: Any) -> Any:  # noqa: ANN401
    """A step with alpha 1 and rate 1/8 unless told otherwise."""
    return METHOD.weights(rows, **({"alpha": 1.0, "learning_rate": 0.125} | given))


def test_the_slower_task_gains() -> None:
    """Equal norms; the second loss has halved: it is above its target and loses 5/8."""
    answer = step(losses=[1, 1], initial_losses=[1, 2], weights=[1, 1])
    assert answer.outputs["weights"] == (fmpq(13, 8), fmpq(3, 8))


def test_lengths_stay_roots() -> None:
    """Norms sqrt 2 and 1, even targets: the weights are a quotient of roots that sums to 2."""
    answer = step([(1, 1), (0, 1)], losses=[1, 1], initial_losses=[1, 1], weights=[1, 1])
    first, second = answer.outputs["weights"]
    assert first == 2 * (1 - sqrt(2) / 8) / (2 + fmpq(1, 8) - sqrt(2) / 8)
    assert first + second == 2


def test_alpha_zero_evens_the_norms_out() -> None:
    """Whatever the losses did, the target is the mean."""
    slow = step(losses=[9, 1], initial_losses=[1, 1], weights=[1, 1], alpha=0.0)
    assert slow.outputs["weights"] == (1, 1)


def test_the_state_carries_weights_and_initial_losses() -> None:
    """The second step does not read these inputs, and its ratio is to the first step's losses."""
    begun = step(losses=[2, 2], initial_losses=[2, 4], weights=[1, 1])
    assert begun.state["initial_losses"] == (2, 4)
    carried = step(losses=[2, 1], initial_losses=[7, 7], weights=[9, 9], state=begun.state)
    direct = step(losses=[2, 1], initial_losses=[2, 4], weights=begun.outputs["weights"])
    assert carried.outputs == direct.outputs


def test_a_fresh_state_may_take_everything_from_the_losses() -> None:
    """Weights 1 and ratios 1: only the norms count."""
    left_out = step([(3, 4), (0, 1)], losses=[5, 7])
    given = step([(3, 4), (0, 1)], losses=[5, 7], initial_losses=[5, 7], weights=[1, 1])
    assert left_out.outputs == given.outputs


def test_a_norm_at_its_target_does_not_move() -> None:
    """One task always; two at equal norms and rates."""
    assert step([(3, 4)], losses=[1], initial_losses=[5]).outputs["weights"] == (1,)
    assert step(losses=[1, 1], initial_losses=[1, 1]).outputs["weights"] == (1, 1)


def test_a_real_power_is_decided_by_balls() -> None:
    """Alpha 1/8 has no exact root here, and the signs are found all the same."""
    answer = step(losses=[1, 1], initial_losses=[1, 2], weights=[1, 1], alpha=0.125)
    assert [decide(weight - 1) for weight in answer.outputs["weights"]] == [1, -1]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"losses": [1, 1], "initial_losses": [1, 0]}, "initial loss of task 1"),
        ({"losses": [0, 0], "initial_losses": [1, 1]}, "no training rates"),
        ({"losses": [1, -1], "initial_losses": [1, 1]}, "no training rates"),
        ({"losses": [1, 0], "initial_losses": [1, 1], "alpha": -1.0}, "rate of task 1 is 0"),
        (
            {"losses": [1, 1], "initial_losses": [1, 2], "weights": [1, -1], "learning_rate": 0.0},
            "sum to 0",
        ),
    ],
)
def test_what_has_no_answer(given: dict[str, Any], reason: str) -> None:
    """Rates without a ratio or a power, and weights that cannot be made to sum to T."""
    answer = step(**given)
    assert answer.kind is Kind.UNDEFINED
    assert reason in answer.reason
