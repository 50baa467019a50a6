"""Tests of the two passes over a jacobian: every way through them, against float64."""

from collections.abc import Iterator

import pytest

torch = pytest.importorskip("torch")

from conformance.torch_runner.passes import (  # noqa: E402  (torch may be missing)
    DOT,
    PIECE,
    products,
    weighted,
)

FEW = [(1, DOT), (2, PIECE + 1), (3, 3 * PIECE), (10, 10_000), (12, DOT + 7)]
MANY = [(13, 5000), (40, 10_000), (40, 70_000), (16, 100)]


@pytest.fixture(params=[1, 2], ids=["one thread", "two threads"])
def threads(request: pytest.FixtureRequest) -> Iterator[None]:
    """Torch on one thread, where pairs are formed by dot products, and on two."""
    torch.set_num_threads(request.param)
    yield
    torch.set_num_threads(1)


def drawn(tasks: int, width: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Normal numbers."""
    noise = torch.Generator().manual_seed(0)
    return torch.randn((tasks, width), generator=noise, dtype=torch.float32).to(dtype)


def error(values: torch.Tensor) -> float:
    """The largest error of an entry, in products of lengths."""
    right = values.double() @ values.double().T
    lengths = right.diagonal().sqrt()
    wrong = torch.from_numpy(products(values)) - right
    return float((wrong.abs() / torch.outer(lengths, lengths)).max())


@pytest.mark.parametrize("size", FEW + MANY, ids=str)
def test_entries_are_right_to_a_ten_millionth(size: tuple[int, int]) -> None:
    """Blocks of float32 summed in float64 are off by less than 1e-7 n_i n_j at any width."""
    assert error(drawn(*size)) < 1e-7


@pytest.mark.parametrize("size", FEW, ids=str)
def test_sums_that_round_one_way_are_as_good(size: tuple[int, int]) -> None:
    """Equal numbers and bfloat16 ones, whose roundings do not cancel, keep the same bound."""
    assert error(torch.full(size, 0.1)) < 1e-7
    assert error(drawn(*size, torch.bfloat16)) < 1e-7


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize("size", FEW + MANY, ids=str)
def test_bfloat16_is_summed_in_wider_numbers(size: tuple[int, int]) -> None:
    """The products of bfloat16 rows have nothing of bfloat16's error."""
    assert error(drawn(*size, torch.bfloat16)) < 2e-6


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize("size", FEW + MANY, ids=str)
def test_float64_stays_float64(size: tuple[int, int]) -> None:
    """float64 rows are multiplied in float64."""
    assert error(drawn(*size, torch.float64)) < 1e-13


@pytest.mark.parametrize("size", [(3, 5000), (20, 5000)], ids=str)
def test_a_transposed_matrix_is_as_good(size: tuple[int, int]) -> None:
    """Columns that lie together in memory change no product."""
    values = drawn(*size)
    found = products(values.T.contiguous().T)
    assert found == pytest.approx(products(values), rel=1e-6, abs=1e-2)
    assert (found == found.T).all()


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("rows", [1, 2])
def test_sums_come_in_the_dtype_of_the_rows(dtype: torch.dtype, rows: int) -> None:
    """Each weighted sum is rounded once, from float32 at least, piece after piece."""
    values = drawn(3, PIECE + 5, dtype)
    weights = torch.tensor([[1.0, -2.0, 0.5], [0.0, 1.0, 0.0]], dtype=torch.float64)[:rows]
    right = (weights @ values.double()).to(dtype)
    found = weighted(values, weights.squeeze(0).numpy())
    assert found.dtype == dtype
    torch.testing.assert_close(found, right.squeeze(0))


def test_a_mean_is_divided_before_it_is_rounded() -> None:
    """A third of a bfloat16 sum that bfloat16 cannot hold is still rounded correctly."""
    values = torch.tensor([[256.0], [1.0], [1.0]], dtype=torch.bfloat16)
    ones = torch.ones(3, dtype=torch.float64).numpy()
    assert weighted(values, ones, 3).item() == 86.0
