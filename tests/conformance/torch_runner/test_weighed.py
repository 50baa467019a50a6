"""DW, PCGrad-DW, GradOPS-static, Krum and the trimmed mean in torch, against the reference."""

import pytest

torch = pytest.importorskip("torch")

from conformance.torch_runner.aggregators import AGGREGATORS  # noqa: E402  (torch may be missing)
from mtl_reference import METHODS  # noqa: E402  (the same)

ROWS = ((3.0, 1.0, -2.0, 0.5), (-1.0, 2.0, 0.25, 1.0), (-2.0, -3.0, 1.0, 0.75),
        (1.0, 0.5, 0.5, -2.0), (0.25, 1.0, -0.5, 0.5), (2.0, -0.25, 1.0, 1.0))  # fmt: skip
ORDERS = tuple(tuple((i + k) % 6 for k in range(1, 6)) for i in range(6))
CASES = [
    *[("dw", {"alpha": alpha}) for alpha in (0.0, 2.0, -1.0, 0.5)],
    *[("pcgrad_dw", {"alpha": alpha, "orders": ORDERS}) for alpha in (0.0, -1.0, 1.5)],
    ("gradops_static", {}),
    ("gradops_static", {"weights": (0.5, 1.5, 1.0, 1.0, 2.0, 0.0)}),
    *[("krum", {"n_byzantine": f, "n_selected": m}) for f in (0, 1, 2) for m in (1, 2, 4)],
    *[("trimmed_mean", {"trim_number": b}) for b in (0, 1, 2)],
]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize(("method", "given"), CASES)
def test_answer_is_the_exact_one_nearly_rounded(
    method: str, given: dict[str, object], dtype: torch.dtype
) -> None:
    """Direction, and weights where there are any, within some units of the dtype."""
    right = METHODS[method].direction(ROWS, **given)
    found = AGGREGATORS[method](torch.tensor(ROWS, dtype=dtype), **given)
    unit = torch.finfo(dtype).eps
    exact = torch.tensor(right.to_float64(), dtype=torch.float64)
    assert found.direction.dtype == dtype
    assert float((found.direction.double() - exact).norm()) <= 8 * unit * float(exact.norm() + 1)


@pytest.mark.parametrize("scale", [1e-30, 1e30, 1e-200, 1e200])
@pytest.mark.parametrize(("method", "given"), CASES)
def test_every_scale_is_as_good(method: str, given: dict[str, object], scale: float) -> None:
    """No absolute number stands anywhere."""
    rows = torch.tensor(ROWS, dtype=torch.float64)
    found = AGGREGATORS[method](rows * scale, **given).direction / scale
    right = AGGREGATORS[method](rows, **given).direction
    assert found.tolist() == pytest.approx(right.tolist(), rel=1e-12, abs=1e-13)


def test_dw_keeps_weight_one_for_zero_rows_and_at_stationary_points() -> None:
    """What rounding leaves of a sum of zero is no projection."""
    found = AGGREGATORS["dw"](torch.tensor([[3.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), alpha=1.0)
    assert found.weights.tolist() == [1.5, 0.5, 1.0]
    rows = torch.tensor([[0.1, 0.7], [0.2, -0.3], [-0.3, -0.4]], dtype=torch.float64)
    assert AGGREGATORS["dw"](rows, alpha=-2.0).weights.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("method", "given", "message"),
    [
        ("gradops_static", {"weights": (1.0, 1.0)}, "weights must be 6 numbers"),
        ("gradops_static", {"weights": (7.0, -1.0, 0.0, 0.0, 0.0, 0.0)}, "weights must be"),
        ("krum", {"n_byzantine": 4}, "n_byzantine must be a whole number from 0 to 3"),
        ("krum", {"n_selected": 7}, "n_selected must be a whole number from 1 to 6"),
        ("trimmed_mean", {"trim_number": 3}, "trim_number must be a whole number from 0 to 2"),
    ],
)
def test_what_is_wrong_is_refused(method: str, given: dict[str, object], message: str) -> None:
    """As the reference refuses it."""
    with pytest.raises(ValueError, match=message):
        AGGREGATORS[method](torch.tensor(ROWS), **given)


def test_decimal_weights_add_up_within_their_rounding() -> None:
    """0.1 + 5.9 = 6, as floats are added."""
    weights = (0.1, 5.9, 0.0, 0.0, 0.0, 0.0)
    AGGREGATORS["gradops_static"](torch.tensor(ROWS), weights=weights)
