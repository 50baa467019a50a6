"""Tests of the torch metrics: against the exact ones, against scipy, and what is refused."""

from typing import Any

import pytest

torch = pytest.importorskip("torch")

from conformance.torch_runner.aggregators import METRICS  # noqa: E402  (torch may be missing)
from mtl_reference import METHODS, QUANTITIES  # noqa: E402  (the same)
from mtl_reference.vectors import rounded64  # noqa: E402  (the same)

FIGURES = [
    "accuracy", "angle_errors", "area_under_curve", "average_error", "delta_m", "depth_errors",
    "mean_iou", "mean_rank", "pixel_accuracy", "standard_error", "success_rate", "welch_t_test",
]  # fmt: skip


def given(method: str, noise: Any) -> dict[str, Any]:  # noqa: ANN401
    """Forty entries at random for every input of a metric."""
    many = torch.randint(0, 5, (40,), generator=noise)
    real = torch.randn(40, generator=noise, dtype=torch.float64)
    unit = torch.nn.functional.normalize(
        torch.randn((2, 40, 3), generator=noise, dtype=torch.float64), dim=2
    )
    table = {
        "values": (real if method == "delta_m" else real.reshape(8, 5)).round(decimals=1),
        "lower_is_better": many[: 40 if method == "delta_m" else 5] > 2,
        "labels": many - 1 if method != "area_under_curve" else many % 2,
        "predicted_normals": unit[0],
        "true_normals": unit[1] * (many > 0)[:, None],
        "depths": real * (many > 0),
        "successes": (many > 2).long().reshape(5, 8),
        "predictions": many.flip(0),
        "task": many,
        "confidences": real.round(decimals=1),
    }
    return {name: table.get(name, real.flip(0) + 3) for name in METHODS[method].inputs}


@pytest.mark.parametrize("method", FIGURES)
@pytest.mark.parametrize("seed", range(3))
def test_figures_are_the_exact_ones(method: str, seed: int) -> None:
    """Every output for every rule of ties and every convention, at forty entries."""
    inputs = given(method, torch.Generator().manual_seed(seed))
    facts = METHODS[method]
    first, *others = facts.inputs
    parameter = next((each for each in facts.parameters if each.choices), None)
    for choice in parameter.choices if parameter else (None,):
        params = {} if parameter is None else {parameter.name: choice}
        right = facts.answer({name: x.tolist() for name, x in inputs.items()}, None, params).outputs
        found = METRICS[method](inputs[first], **{n: inputs[n] for n in others}, **params)
        for name, output in right.items():
            told = found.output(name).reshape(-1).tolist()
            assert told == pytest.approx(rounded64(output), rel=1e-12)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [2, 3, 30])
def test_welch_is_scipys(size: int) -> None:
    """Statistic and probability of samples near each other and far apart."""
    stats = pytest.importorskip("scipy.stats")
    noise = torch.Generator().manual_seed(size)
    for shift in (0.0, 0.5, 20.0):
        first = torch.randn(size, generator=noise, dtype=torch.float64)
        second = torch.randn(size + 1, generator=noise, dtype=torch.float64) * 3 + shift
        found = METRICS["welch_t_test"](first, second_sample=second)
        right = stats.ttest_ind(first.numpy(), second.numpy(), equal_var=False)
        assert float(found.output("statistic")) == pytest.approx(right.statistic, rel=1e-11)
        assert float(found.output("probability")) == pytest.approx(right.pvalue, rel=1e-9)


@pytest.mark.parametrize("method", FIGURES)
def test_what_is_no_input_is_refused(method: str) -> None:
    """Another rank, no entries, and the other kind of number in the first input."""
    inputs = given(method, torch.Generator().manual_seed(0))
    first, *others = METHODS[method].inputs
    beside = {name: inputs[name] for name in others}
    right = inputs[first]
    other = right.long() if QUANTITIES[first].kind == "real" else right.double()
    for wrong in (right[None], right[:0], other):
        with pytest.raises((ValueError, TypeError), match=first):
            METRICS[method](wrong, **beside)
