"""Loss weightings: closed forms by hand, degenerate cases, and wrong answers that are seen."""

from math import exp, log
from typing import Any

import pytest
from flint import fmpq

from mtl_reference import METHODS, Kind
from mtl_reference.enclosure import Vector, decide, enclose
from mtl_reference.method import Answer

THIRDS = (fmpq(1, 3),) * 3
MINE = (
    "uniform", "dwa", "uncertainty_weighting", "imtl_l", "geometric_mean", "random_weighting",
    "soft_modularization", "gradnorm", "dtp", "famo", "stch",
)  # fmt: skip
VALUES = {
    "jacobian": ((1, 2, 0), (3, -1, 1), (0, 1, 1)),
    "losses": (1.5, 2, 0.25),
    "previous_losses": (2, 1, 0.5),
    "initial_losses": (2, 1, 2),
    "weights": (1, 0.5, 1.5),
    "log_variances": (-0.5, 0, 3),
    "log_scales": (-0.5, 0, 3),
    "temperatures": (0.5, 0.25, 2),
    "kpis": (0.5, 1, 0.75),
    "logits": (0.5, 0, -1),
    "preference": (0.5, 0.25, 0.25),
    "reference_losses": (1, 0.5, 2),
    "normals": (-1, 0, 0.5),
}


def asked(method: str, **params: Any) -> tuple[Answer, dict[str, Any], dict[str, Any]]:  # noqa: ANN401
    """An answer to the values above, with the inputs and the randomness that it was given."""
    facts = METHODS[method]
    inputs = {name: VALUES[name] for name in facts.inputs}
    random = {name: VALUES[name] for name in facts.randomness}
    return facts.answer(inputs, random, params), inputs, random


def weights_of(answer: Answer) -> list[float]:
    """The weights as floats."""
    return [float(enclose(weight, 60)) for weight in answer.outputs["weights"]]  # type: ignore[arg-type]


@pytest.mark.parametrize("method", MINE)
def test_an_answer_meets_its_certificate(method: str) -> None:
    """No residual of the exact answer is told from zero, and there is one at least."""
    answer, inputs, random = asked(method)
    residuals = list(METHODS[method].certify(inputs, answer.outputs, random))
    assert residuals
    assert all(
        decide(each.value) in ({0, None} if each.relation == "zero" else {0, 1, None})
        for each in residuals
    )


@pytest.mark.parametrize("method", MINE)
def test_a_moved_output_breaks_the_certificate(method: str) -> None:
    """Each output, moved in its first place by a billionth, leaves a residual."""
    answer, inputs, random = asked(method)
    for name, output in answer.outputs.items():
        moved: Vector = (output[0] + fmpq(1, 10**9), *output[1:])  # type: ignore[operator, assignment]
        wrong = {**answer.outputs, name: moved}
        residuals = METHODS[method].certify(inputs, wrong, random)
        assert any(decide(each.value) not in {0, None} for each in residuals), name


def test_dwa_is_the_printed_softmax() -> None:
    """Two tasks by hand: T e^(rho_i / tau) / sum, and even weights at equal ratios."""
    found = METHODS["dwa"].weights([1, 3], previous_losses=[2, 2], temperature=0.5)
    top = 2 * exp(3) / (exp(1) + exp(3))
    assert weights_of(found) == pytest.approx([2 - top, top], rel=1e-15)
    even = METHODS["dwa"].weights([2, 4, 6], previous_losses=[1, 2, 3])
    assert even.outputs["weights"] == (1, 1, 1)


def test_dwa_weighs_evenly_in_the_first_two_epochs() -> None:
    """Without the losses of the epoch before, every weight is 1."""
    assert METHODS["dwa"].weights([0.5, 7]).outputs["weights"] == (1, 1)


def test_a_ratio_to_no_loss_is_undefined() -> None:
    """A previous loss of 0."""
    answer = METHODS["dwa"].weights([1, 1], previous_losses=[1, 0])
    assert answer.kind is Kind.UNDEFINED
    assert "previous_losses[1] is 0" in answer.reason


def test_dwa_keeps_a_share_that_no_float_holds() -> None:
    """A ratio behind by 4000 leaves a positive weight far below the least float."""
    found = METHODS["dwa"].weights([4000, 1], previous_losses=[1, 1], temperature=1).outputs
    small = found["weights"][1]
    assert decide(small) == 1  # type: ignore[arg-type]
    assert float(enclose(small, 60)) == 0.0  # type: ignore[arg-type]


def test_uncertainty_weighting_has_the_printed_halves() -> None:
    """Regression halves both terms, classification the logarithm alone."""
    given = {"losses": (2, 3), "log_variances": (0, 0)}
    regression = METHODS["uncertainty_weighting"].answer(given).outputs
    other = METHODS["uncertainty_weighting"].answer(given, None, {"form": "classification"}).outputs
    assert regression == {"weights": (fmpq(1, 2), fmpq(1, 2)), "value": (fmpq(5, 2),)}
    assert other == {"weights": (1, 1), "value": (5,)}


def test_uncertainty_weighting_takes_logarithms_of_variances() -> None:
    """At s = 1 it divides by e, not by e^2."""
    found = METHODS["uncertainty_weighting"].weights([2], log_variances=[1])
    assert weights_of(found) == pytest.approx([exp(-1) / 2], rel=1e-15)
    value = found.outputs["value"][0]
    assert float(enclose(value, 60)) == pytest.approx(exp(-1) + 0.5, rel=1e-15)  # type: ignore[arg-type]


def test_imtl_l_at_the_optimum_makes_every_loss_one() -> None:
    """Weights 1 / L, the value sum 1 + log L, and no step."""
    outputs = METHODS["imtl_l"].weights([4, 0.5], log_scales=[1, 1], scales="optimum").outputs
    assert outputs["weights"] == (fmpq(1, 4), fmpq(2))
    value, steps = outputs["value"][0], outputs["log_scales"]
    assert float(enclose(value, 60)) == pytest.approx(2 + log(2), rel=1e-15)  # type: ignore[arg-type]
    assert [float(enclose(s, 60)) for s in steps] == pytest.approx([-log(4), log(2)], rel=1e-15)  # type: ignore[arg-type]


def test_imtl_l_has_no_optimum_for_a_loss_of_zero() -> None:
    """e^s 0 - s falls without bound."""
    answer = METHODS["imtl_l"].weights([1, 0], log_scales=[0, 0], scales="optimum")
    assert answer.kind is Kind.UNDEFINED
    given = METHODS["imtl_l"].weights([1, 0], log_scales=[0, 0]).outputs
    assert given["log_scales"] == (0, fmpq(1, 8))


@pytest.mark.parametrize(
    ("losses", "value", "weights"),
    [
        ([5], 5, (1,)),
        ([1, 4], 2, (1, fmpq(1, 4))),
        ([1, 8, 27], 6, (2, fmpq(1, 4), fmpq(2, 27))),
        ([0], 0, (1,)),
    ],
)
def test_geometric_means_that_are_rational(
    losses: list[int], value: int, weights: tuple[fmpq, ...]
) -> None:
    """Exact roots stay exact, and one loss is its own mean."""
    outputs = METHODS["geometric_mean"].weights(losses).outputs
    assert outputs == {"value": (value,), "weights": weights}


def test_a_geometric_mean_of_a_zero_has_no_derivative() -> None:
    """The value falls to 0 as a root does."""
    assert METHODS["geometric_mean"].weights([0, 1]).kind is Kind.UNDEFINED
    assert METHODS["geometric_mean"].weights([-1, -1]).kind is Kind.UNDEFINED


def test_soft_modularization_has_two_forms() -> None:
    """Temperatures 1/4 and 1/2: 1/alpha by the code, e^-alpha by the paper; their sums differ."""
    code = METHODS["soft_modularization"].weights(["1/4", "1/2"], form="code")
    paper = METHODS["soft_modularization"].weights(["1/4", "1/2"])
    assert code.outputs["weights"] == (fmpq(4, 3), fmpq(2, 3))
    share = 1 / (1 + exp(-0.25))
    assert weights_of(paper) == pytest.approx([share, 1 - share], rel=1e-15)


def test_random_weights_are_even_at_equal_draws() -> None:
    """The softmax of equal numbers is exactly even."""
    found = METHODS["random_weighting"].weights([9, 8, 7], normals=[2, 2, 2])
    assert found.outputs["weights"] == THIRDS


@pytest.mark.parametrize("method", [name for name in MINE if name != "gradnorm"])
def test_lengths_are_compared(method: str) -> None:
    """Whatever stands beside the first input has one entry for each task."""
    facts = METHODS[method]
    first, *others = facts.inputs
    beside = dict.fromkeys((*others, *facts.randomness), (1.0, 1.0))
    for short in beside:
        with pytest.raises(ValueError, match=f"{short} must have one entry for each task"):
            facts.weights((1.0, 1.0), **beside | {short: (1.0,)})
    with pytest.raises(ValueError, match=f"{first} must have at least one entry"):
        facts.weights((), **beside)


@pytest.mark.parametrize(
    ("method", "params", "error"),
    [
        ("dwa", {"temperature": 0.0}, "temperature must be positive"),
        ("uncertainty_weighting", {"form": "ranking"}, "form must be one of 'regression'"),
        ("imtl_l", {"learning_rate": -1.0}, "learning_rate must not be negative"),
        ("imtl_l", {"scales": "best"}, "scales must be one of 'given', 'optimum'"),
        ("soft_modularization", {"form": "other"}, "form must be one of 'paper', 'code'"),
        ("dtp", {"alpha": 2.0}, r"alpha must lie in \[0, 1\]"),
        ("famo", {"decay": float("nan")}, "decay must be a finite number"),
        ("stch", {"mu": -1.0}, "mu must be positive"),
    ],
)
def test_parameters_are_checked(method: str, params: dict[str, Any], error: str) -> None:
    """A parameter out of its range is named, with the rule and the value."""
    with pytest.raises(ValueError, match=error):
        asked(method, **params)


def test_dtp_smooths_and_focuses() -> None:
    """Kappa 1/4 then 3/8 at alpha = 1/4: -(5/8) log(3/8); at gamma = 0 the logarithm alone."""
    first = METHODS["dtp"].answer({"kpis": ["1/4"]}, params={"alpha": 0.25})
    second = METHODS["dtp"].answer({"kpis": ["3/4"]}, params={"alpha": 0.25}, state=first.state)
    assert second.state == {"kpis": (fmpq(3, 8),)}
    assert weights_of(second) == pytest.approx([-5 / 8 * log(3 / 8)], rel=1e-15)
    plain = METHODS["dtp"].weights(["3/8"], gamma=0)
    assert weights_of(plain) == pytest.approx([-log(3 / 8)], rel=1e-15)


def test_dtp_has_no_weight_for_an_indicator_of_zero() -> None:
    """It would be infinite; 1 has weight 0."""
    assert METHODS["dtp"].weights([0, 1]).kind is Kind.UNDEFINED
    assert METHODS["dtp"].weights([1]).outputs["weights"] == (0,)


def test_famo_lowers_the_logit_of_the_task_that_fell_most() -> None:
    """Equal logits, falls log 4 and 0, rate 1: a step of (log 4) / 4 each way."""
    given = {"previous_losses": [4, 1], "logits": [0, 0], "learning_rate": 1.0, "decay": 0.0}
    found = METHODS["famo"].weights([1, 1], **given)
    step = log(4) / 4
    logits = [float(enclose(x, 60)) for x in found.outputs["logits"]]  # type: ignore[arg-type]
    assert logits == pytest.approx([-step, step], rel=1e-15)
    assert weights_of(found)[1] == pytest.approx(1 / (1 + exp(-2 * step)), rel=1e-15)


def test_stch_tends_to_the_largest_height() -> None:
    """Heights 1 and 3 at mu 1/64: nearly all weight, and the value above 3 by less than 1e-50."""
    given = {"preference": [1, 1], "reference_losses": [0, 0], "mu": 1 / 64}
    found = METHODS["stch"].weights([1, 3], **given)
    excess = found.outputs["value"][0] - 3  # type: ignore[operator]
    assert decide(excess) == 1
    assert decide(excess - fmpq(1, 10**50)) == -1


def test_stch_in_logarithms_is_rational_in_its_weights() -> None:
    """Mu = 1: shares L_i / z_i over their sum, times 1 / L_i."""
    given = {"preference": [1, 1], "reference_losses": [1, 1], "form": "log"}
    found = METHODS["stch"].weights([2, 6], **given)
    assert weights_of(found) == pytest.approx([1 / 8, 1 / 8], rel=1e-15)
