"""Tests of the torch loss weightings: extremes, dtypes, draws, sequences, and what is refused."""

from collections.abc import Sequence
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from conformance.torch_runner.aggregators import WEIGHTINGS  # noqa: E402  (torch may be missing)
from mtl_reference import METHODS  # noqa: E402  (the same)
from mtl_reference.vectors import rounded64  # noqa: E402  (the same)

Numbers = Sequence[float]


def tensors(**given: Numbers) -> dict[str, Any]:
    """Each as a float64 tensor."""
    return {name: torch.tensor(values, dtype=torch.float64) for name, values in given.items()}


def compared(method: str, given: dict[str, Numbers], **params: float | str) -> None:
    """Every output is the reference's to three units of its last place."""
    first, *others = METHODS[method].inputs
    beside = {name: given[name] for name in others}
    right = METHODS[method].weights(given[first], **beside, **params).outputs
    found = WEIGHTINGS[method](tensors(x=given[first])["x"], **tensors(**beside), **params)
    for name, output in right.items():
        told = found.output(name).reshape(-1).tolist()
        assert told == pytest.approx(rounded64(output), rel=7e-16, abs=0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "given", "params"),
    [
        ("dwa", {"losses": (1e300, 1.0), "previous_losses": (1e-10, 1.0)}, {}),
        ("dwa", {"losses": (800.0, 1.0), "previous_losses": (1.0, 1.0)}, {"temperature": 1.0}),
        ("uncertainty_weighting", {"losses": (1e-300, 2.0), "log_variances": (-800.0, 0.0)}, {}),
        ("geometric_mean", {"losses": (1e300, 1e300, 1e-300)}, {}),
        ("geometric_mean", {"losses": (5e-324, 1e308)}, {}),
        (
            "stch",
            {"losses": (1e3, 1.0), "preference": (1.0, 1.0), "reference_losses": (0.0, 0.0)},
            {"mu": 2.0**-10},
        ),
        (
            "stch",
            {"losses": (2.0**-20, -9.0), "preference": (1.0, 1.0), "reference_losses": (0.0, 0.0)},
            {"mu": 0.5},
        ),
        ("soft_modularization", {"temperatures": (1e-300, 1e-300, 1.0)}, {"form": "code"}),
        ("soft_modularization", {"temperatures": (-1e5, 1e5)}, {"form": "paper"}),
        ("dtp", {"kpis": (1e-300, 1.0, 1 - 2.0**-53)}, {"gamma": 2.0}),
    ],
)
def test_extremes_neither_overflow_nor_lose_digits(
    method: str, given: dict[str, Numbers], params: dict[str, Any]
) -> None:
    """Exponents beyond the range, losses at its ends, sums near 1: right where representable."""
    if method == "uncertainty_weighting":
        value = METHODS[method].answer(given).outputs["value"]
        found = WEIGHTINGS[method](**tensors(**given)).output("value")
        assert float(found) == pytest.approx(rounded64(value)[0], rel=1e-13)  # type: ignore[arg-type]
    else:
        compared(method, given, **params)


def test_famo_keeps_the_digits_of_losses_far_apart() -> None:
    """A fall from 1e300 to 1e-300, whose quotient no float holds."""
    given = {"losses": (1e-300, 1.0), "previous_losses": (1e300, 1.0), "logits": (0.0, 1.0)}
    compared("famo", given, learning_rate=2.0**-10, decay=0.0)


@pytest.mark.parametrize(
    "method", [name for name in WEIGHTINGS if "jacobian" not in METHODS[name].inputs]
)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_the_dtype_of_the_losses_is_kept(method: str, dtype: Any) -> None:  # noqa: ANN401
    """Whatever it is, weights have it, and no input is written to."""
    facts = METHODS[method]
    given = {name: torch.full((3,), 0.5, dtype=dtype) for name in facts.inputs}
    first, *others = facts.inputs
    found = WEIGHTINGS[method](given[first], **{name: given[name] for name in others})
    assert found.weights.dtype == dtype
    assert found.weights.shape == (3,)
    assert all(bool((values == 0.5).all()) for values in given.values())


@pytest.mark.parametrize(
    ("losses", "kind", "error"),
    [
        (torch.tensor([1, 2]), TypeError, "losses must hold floating-point numbers"),
        (torch.ones(2, 1), ValueError, r"losses must have shape \(T,\) with T > 0"),
        (torch.ones(0), ValueError, r"got \(0,\)"),
        (torch.tensor([1.0, float("nan")]), ValueError, r"losses\[1\] is nan"),
    ],
)
def test_what_is_no_vector_of_losses_is_refused(losses: Any, kind: Any, error: str) -> None:  # noqa: ANN401
    """Whole numbers, another rank, no tasks and NaN."""
    with pytest.raises(kind, match=error):
        WEIGHTINGS["uniform"](losses)


def test_draws_come_from_the_generator() -> None:
    """One seed, one answer; draws that are given are used."""
    losses = torch.ones(3)
    first, second = (
        WEIGHTINGS["random_weighting"](losses, generator=torch.Generator().manual_seed(3)).weights
        for _ in range(2)
    )
    even = WEIGHTINGS["random_weighting"](losses, normals=torch.ones(3)).weights
    assert first.tolist() == second.tolist() != even.tolist()
    assert even.tolist() == pytest.approx([1 / 3] * 3)


def test_gradnorm_carries_its_state() -> None:
    """Three steps agree with the reference's fold, which ignores the later initial losses."""
    rows = [[3.0, 4.0], [0.0, 2.0]]
    ours, theirs = None, None
    for losses in ((2.0, 2.5), (1.0, 3.0), (1.5, 0.5)):
        given = {"losses": losses, "initial_losses": losses, "weights": (0.75, 1.25)}
        params = {"alpha": 0.5, "learning_rate": 0.03125}
        found = WEIGHTINGS["gradnorm"](torch.tensor(rows), **tensors(**given), **params, state=ours)
        right = METHODS["gradnorm"].weights(rows, **given, **params, state=theirs)
        ours, theirs = found.state, right.state
        assert found.weights.tolist() == pytest.approx(right.to_float64(), rel=1e-15)


def test_dtp_smooths_from_the_first_indicator() -> None:
    """At alpha = 1/4 the second step sees 1/4 of the new indicator."""
    first = WEIGHTINGS["dtp"](**tensors(kpis=(0.25,)), alpha=0.25)
    second = WEIGHTINGS["dtp"](**tensors(kpis=(0.75,)), alpha=0.25, state=first.state)
    alone = WEIGHTINGS["dtp"](**tensors(kpis=(0.375,)))
    assert second.weights.tolist() == alone.weights.tolist()
