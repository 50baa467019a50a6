"""Tests of what is peculiar to Nash-MTL, FairGrad, CAGrad-Fast, MGDA-UB, Aligned-MTL and ConFIG."""

import pytest

torch = pytest.importorskip("torch")

from conformance.torch_runner.aggregators import AGGREGATORS  # noqa: E402  (torch may be missing)
from mtl_reference import METHODS  # noqa: E402  (the same)

torch.set_num_threads(1)

PLAIN = [[3.0, 1.0, 2.0], [-1.0, 2.0, 2.0], [0.0, 1.0, -1.0]]
FOUR = [[2.0, 1.0, 0.0], [-1.0, 3.0, 1.0], [0.0, 1.0, -2.0], [1.0, 1.0, 1.0]]


def rows(values: object) -> torch.Tensor:
    """A jacobian in float64."""
    return torch.as_tensor(values, dtype=torch.float64)


@pytest.mark.parametrize("method", ["nash_mtl", "fairgrad", "aligned_mtl", "config"])
@pytest.mark.parametrize("seed", range(4))
def test_forty_tasks_meet_the_equations(method: str, seed: int) -> None:
    """At T = 40 the exact direction is met to rounding, whatever the lengths of the rows."""
    noise = torch.Generator().manual_seed(seed)
    jacobian = torch.randn((40, 60), generator=noise, dtype=torch.float64) + seed / 5
    jacobian *= torch.logspace(-3, 3, 40, dtype=torch.float64)[:, None] ** (seed % 2)
    found = AGGREGATORS[method](jacobian)
    gains, weights = jacobian @ found.direction, found.weights
    lengths = jacobian.norm(dim=1)
    if method in {"nash_mtl", "fairgrad"}:
        assert (weights * gains).tolist() == pytest.approx([1.0] * 40)
    elif method == "config":
        assert (gains / lengths).std() < 1e-9 * (gains / lengths).mean().abs()
        assert float(gains.sum()) == pytest.approx(float(found.direction @ found.direction))
    else:
        least = float(torch.linalg.svdvals(jacobian)[-1])
        assert float(found.direction.norm()) == pytest.approx(least / 40**0.5, rel=1e-6)


def test_nash_takes_any_lengths() -> None:
    """Rows 600 orders of magnitude apart have the direction of unit rows."""
    found = AGGREGATORS["nash_mtl"](rows([[1e300, 0.0], [1e-300, 1e-300]]))
    right = AGGREGATORS["nash_mtl"](rows([[1.0, 0.0], [1.0, 1.0]]))
    assert found.direction.tolist() == pytest.approx(right.direction.tolist())


@pytest.mark.parametrize("method", ["nash_mtl", "fairgrad"])
@pytest.mark.parametrize("wrong", [[[1.0, 0.0], [0.0, 0.0]], [[1.0, 2.0], [-2.0, -4.0]]])
def test_stationary_points_are_refused(method: str, wrong: list[list[float]]) -> None:
    """A zero row, and antiparallel rows, have no answer."""
    with pytest.raises(ValueError, match="undefined"):
        AGGREGATORS[method](rows(wrong))


def test_nash_reuses_weights_in_raw_lengths() -> None:
    """The second of two steps combines much longer rows with the first step's weights."""
    first = AGGREGATORS["nash_mtl"](rows([[2.0, 0.0], [0.0, 4.0]]), update_every=2)
    later = rows([[2e3, 0.0], [0.0, 4e3]])
    second = AGGREGATORS["nash_mtl"](later, update_every=2, state=first.state)
    assert second.direction.tolist() == pytest.approx([1e3, 1e3])
    third = AGGREGATORS["nash_mtl"](later, update_every=2, state=second.state)
    assert third.direction.tolist() == pytest.approx([1.0, 1.0])


def test_nash_clips_only_when_asked() -> None:
    """The length is the root of T, or max_norm if that is less."""
    assert float(AGGREGATORS["nash_mtl"](rows(PLAIN)).direction.norm()) == pytest.approx(3**0.5)
    clipped = AGGREGATORS["nash_mtl"](rows(PLAIN), max_norm=0.5)
    assert float(clipped.direction.norm()) == pytest.approx(0.5)


@pytest.mark.parametrize("alpha", [0.125, 0.5, 3.0])
def test_fairgrad_has_its_degree(alpha: float) -> None:
    """Rows times 2^200: the direction times 2^(200 (1 - alpha) / (1 + alpha))."""
    degree = (1 - alpha) / (1 + alpha)
    plain = AGGREGATORS["fairgrad"](rows(PLAIN), alpha=alpha).direction
    scaled = AGGREGATORS["fairgrad"](rows(PLAIN) * 2.0**200, alpha=alpha).direction
    assert (scaled / plain).log2().tolist() == pytest.approx([200 * degree] * 3)


@pytest.mark.parametrize("sample", [(), (2,), (3, 1), (0, 1, 2, 3)])
def test_cagrad_fast_uses_every_sampled_task(sample: tuple[int, ...]) -> None:
    """The exact direction, for samples of any size and order."""
    found = AGGREGATORS["cagrad_fast"](rows(FOUR), sample=sample)
    right = METHODS["cagrad_fast"].direction(FOUR, sample=sample).to_float64()
    assert found.direction.tolist() == pytest.approx(right)
    assert (found.weights @ rows(FOUR)).tolist() == pytest.approx(right)


def test_cagrad_fast_draws_from_its_generator() -> None:
    """One seed, one sample; other seeds, other samples; too few tasks, all of them."""
    seen = set()
    for seed in (0, 0, 1, 2, 3, 4):
        noise = torch.Generator().manual_seed(seed)
        found = AGGREGATORS["cagrad_fast"](rows(FOUR), size=1, generator=noise)
        seen.add(tuple(found.direction.tolist()))
    assert 1 < len(seen) <= 4
    full = AGGREGATORS["cagrad"](rows(FOUR)).direction
    assert AGGREGATORS["cagrad_fast"](rows(FOUR)).direction.tolist() == pytest.approx(full.tolist())


@pytest.mark.parametrize("normalization", ["l2", "loss", "loss+"])
def test_mgda_applies_normalised_weights_to_raw_rows(normalization: str) -> None:
    """The exact direction, for lengths and losses of any size."""
    losses = [1.0, 64.0, 0.125]
    values = [[3.0, 1.0, 2.0], [-1e5, 2e5, 2e5], [0.0, 1e-5, -1e-5]]
    found = AGGREGATORS["mgda"](rows(values), losses=rows(losses), normalization=normalization)
    right = METHODS["mgda"].direction(values, losses=losses, normalization=normalization)
    assert found.direction.tolist() == pytest.approx(right.to_float64())


@pytest.mark.parametrize(
    ("losses", "match"),
    [(None, "must be given"), ([1.0], "shape"), ([1.0, float("nan")], "nan"), ([1.0, 0.0], "1")],
)
def test_mgda_refuses_losses_that_nothing_is_divided_by(losses: object, match: str) -> None:
    """None, too few, no number, and zero."""
    given = None if losses is None else rows(losses)
    with pytest.raises(ValueError, match=match):
        AGGREGATORS["mgda"](rows(FOUR[:2]), losses=given, normalization="loss")


def test_mgda_ub_weighs_by_the_representation() -> None:
    """The printed theorem's counterexample: d = (1, 0), against the second row."""
    shared = rows([[1.0, 1.0], [1.0, -1.0]])
    found = AGGREGATORS["mgda_ub"](rows([[3.0, 1.0], [-1.0, -1.0]]), representation_jacobian=shared)
    assert found.direction.tolist() == pytest.approx([1.0, 0.0])
    with pytest.raises(ValueError, match="one row for each task"):
        AGGREGATORS["mgda_ub"](rows(FOUR), representation_jacobian=shared)


def test_aligned_mtl_keeps_what_is_small_beside_a_long_row() -> None:
    """Lengths 2^54 apart: the least singular value is right to rounding, not noise."""
    values = [[2.0**-27, 2.0**-28, 0.0], [-(2.0**26), 2.0**27, 1.0], [1.0, 2.0, 3.0]]
    found = AGGREGATORS["aligned_mtl"](rows(values)).direction
    right = METHODS["aligned_mtl"].direction(values).to_float64()
    assert found.tolist() == pytest.approx(right, rel=1e-9)


def test_config_of_dependent_rows() -> None:
    """Parallel rows add their lengths up; antiparallel ones are refused."""
    assert AGGREGATORS["config"](
        rows([[1.0, 2.0], [2.0, 4.0]])
    ).direction.tolist() == pytest.approx([3.0, 6.0])
    with pytest.raises(ValueError, match="no common projection"):
        AGGREGATORS["config"](rows([[1.0, 2.0], [-2.0, -4.0]]))
