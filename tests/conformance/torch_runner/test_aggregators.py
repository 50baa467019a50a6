"""Tests of the torch aggregators: against exact answers, at every scale, and on bad input."""

from collections.abc import Sequence

import pytest

torch = pytest.importorskip("torch")

from conformance.torch_runner.aggregation import Aggregation  # noqa: E402  (torch may be missing)
from conformance.torch_runner.aggregators import AGGREGATORS  # noqa: E402  (the same)
from mtl_reference import METHODS  # noqa: E402  (the same)

torch.set_num_threads(1)

ORDERS = ((1, 2), (2, 0), (0, 1))
GENERIC = ((3.0, 1.0, -2.0, 0.5), (-1.0, 2.0, 0.25, 1.0), (-2.0, -3.0, 1.0, 0.75))
DTYPES = (torch.float64, torch.float32, torch.bfloat16)
FIRST = ("cagrad", "gradops", "imtl_g", "mean", "mgda", "pcgrad", "sum", "upgrad")


def answered(method: str, rows: object, **params: object) -> Aggregation:
    """The aggregation of rows, with orders where the method takes them."""
    jacobian = rows if isinstance(rows, torch.Tensor) else torch.tensor(rows, dtype=torch.float64)
    if method == "pcgrad" and len(jacobian) == len(ORDERS):
        params["orders"] = ORDERS
    return AGGREGATORS[method](jacobian, **params)


def exact(method: str, rows: Sequence[Sequence[float]], **params: object) -> torch.Tensor:
    """The exact direction, rounded correctly to float64."""
    if method == "pcgrad":
        params["orders"] = ORDERS
    return torch.tensor(METHODS[method].direction(rows, **params).to_float64(), dtype=torch.float64)


def error(found: torch.Tensor, right: torch.Tensor) -> float:
    """Relative distance in units of the roundoff of the dtype of ``found``."""
    size = right.abs().max()
    distance = (found.double() / size - right / size).norm() / (right / size).norm()
    return float(distance) / (torch.finfo(found.dtype).eps / 2)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("method", FIRST)
def test_answer_is_the_exact_one_nearly_rounded(method: str, dtype: torch.dtype) -> None:
    """On a well-conditioned input each answer is the exact one to a few units of its dtype."""
    found = answered(method, torch.tensor(GENERIC, dtype=dtype)).direction
    assert found.dtype == dtype
    assert error(found, exact(method, GENERIC)) < 8


@pytest.mark.parametrize("method", FIRST)
def test_float32_answer_of_a_small_jacobian_is_correctly_rounded(method: str) -> None:
    """The Gramian and the combination of small float32 jacobians are float64's."""
    found = answered(method, torch.tensor(GENERIC, dtype=torch.float32)).direction
    assert found.tolist() == exact(method, GENERIC).float().tolist()


@pytest.mark.parametrize("exponent", [-130, -100, -60, 60, 100, 120])
@pytest.mark.parametrize("method", FIRST)
def test_homogeneous_in_float32_far_beyond_its_squares(method: str, exponent: int) -> None:
    """A scale of a power of two goes through unchanged, bit for bit, from 1e-39 to 1e36."""
    rows = torch.tensor(GENERIC, dtype=torch.float32)
    found = answered(method, torch.ldexp(rows, torch.tensor(exponent))).direction
    right = torch.ldexp(answered(method, rows).direction.double(), torch.tensor(exponent))
    assert found.tolist() == right.float().tolist()


@pytest.mark.parametrize("width", [4, 40_000])
@pytest.mark.parametrize("scale", [1e-30, 1e30])
@pytest.mark.parametrize("method", FIRST)
def test_homogeneous_whichever_pass_is_taken(method: str, scale: float, width: int) -> None:
    """Scales of 1e-30 and 1e30 leave the direction, for small and for blocked jacobians."""
    noise = torch.Generator().manual_seed(0)
    rows = torch.randn((3, width), generator=noise, dtype=torch.float64).float()
    found = answered(method, (rows.double() * scale).float()).direction
    right = answered(method, rows).direction.double() * scale
    assert error(found, right) < 30


@pytest.mark.parametrize("exponent", [-660, 660])
@pytest.mark.parametrize("method", FIRST)
def test_homogeneous_in_float64_beyond_its_squares(method: str, exponent: int) -> None:
    """Rows of 1e-199 and 1e199, whose squares no float64 holds, are scaled by powers of two."""
    rows = torch.tensor(GENERIC, dtype=torch.float64)
    found = answered(method, torch.ldexp(rows, torch.tensor(exponent))).direction
    right = torch.ldexp(answered(method, rows).direction, torch.tensor(exponent))
    assert error(found, right) < 4


@pytest.mark.parametrize("method", FIRST)
def test_badly_scaled_rows(method: str) -> None:
    """Rows sixteen decades apart are seen by their cosines, so the small ones still count."""
    rows = [[1e8 * x for x in GENERIC[0]], list(GENERIC[1]), [1e-8 * x for x in GENERIC[2]]]
    found = answered(method, rows).direction
    assert error(found, exact(method, rows)) < 30


def test_zero_row_beside_normal_ones_in_float32() -> None:
    """A row of zeros is told from a row whose squares underflow."""
    tiny = torch.tensor([[1e-30, 0.0], [0.0, 2e-30]], dtype=torch.float32)
    assert answered("mgda", tiny).direction.tolist() == pytest.approx([8e-31, 4e-31], rel=1e-6)
    zero = torch.tensor([[0.0, 0.0], [0.0, 2.0]], dtype=torch.float32)
    assert answered("mgda", zero).direction.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("method", FIRST)
@pytest.mark.parametrize("width", [3, 70_000])
def test_blocks_say_the_same_as_one_product(method: str, width: int) -> None:
    """Columns of zeros move a jacobian from the plain to the blocked product, and no answer."""
    rows = torch.zeros((3, width), dtype=torch.float32)
    rows[:, [0, width // 2, -1]] = torch.tensor(GENERIC, dtype=torch.float32)[:, :3]
    found = answered(method, rows).direction[[0, width // 2, -1]]
    assert error(found, exact(method, [row[:3] for row in GENERIC])) < 30


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ([[1.0, 2.0], [3.0, float("nan")]], r"jacobian\[1, 1\] is nan"),
        ([[1.0, float("-inf")], [3.0, 4.0]], r"jacobian\[0, 1\] is -inf"),
        ([1.0, 2.0], r"shape \(T, d\) \(got \(2,\)\)"),
        (torch.zeros((0, 3)), "at least one row"),
    ],
)
@pytest.mark.parametrize("method", FIRST)
def test_what_is_no_jacobian_is_refused(method: str, bad: object, message: str) -> None:
    """NaN and infinities are named by row and column; so are wrong shapes."""
    with pytest.raises(ValueError, match=message):
        AGGREGATORS[method](torch.as_tensor(bad))


@pytest.mark.parametrize("method", FIRST)
def test_integers_are_refused(method: str) -> None:
    """A jacobian of integers is somebody's mistake."""
    with pytest.raises(TypeError, match="floating-point"):
        AGGREGATORS[method](torch.ones((2, 2), dtype=torch.int64))


@pytest.mark.parametrize("method", FIRST)
def test_the_jacobian_is_read_only(method: str) -> None:
    """No aggregator writes into its input, and a view that is not contiguous is as good."""
    rows = torch.tensor(GENERIC, dtype=torch.float64)
    kept = rows.clone()
    transposed = rows.T.contiguous().T
    assert torch.equal(answered(method, rows).direction, answered(method, transposed).direction)
    assert torch.equal(rows, kept)


@pytest.mark.parametrize("method", ["cagrad", "imtl_g", "mean", "mgda", "sum"])
def test_a_sum_that_overflows_only_on_the_way_is_finite(method: str) -> None:
    """Rows near the largest number have an answer wherever that answer is a number."""
    rows = torch.tensor([[1e308, 1e308], [1e308, -1e308], [-1e308, 5e307]], dtype=torch.float64)
    found = answered(method, rows).direction / 2.0**1000
    assert found.tolist() == pytest.approx(answered(method, rows / 2.0**1000).direction.tolist())
