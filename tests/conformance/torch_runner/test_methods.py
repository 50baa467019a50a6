"""Tests of what is peculiar to one torch aggregator: supports, dependent rows, draws."""

import pytest

torch = pytest.importorskip("torch")

from conformance.torch_runner.aggregators import AGGREGATORS  # noqa: E402  (torch may be missing)
from mtl_reference import METHODS  # noqa: E402  (the same)

torch.set_num_threads(1)


def direction(method: str, rows: object, **params: object) -> list[float]:
    """The direction for rows in float64."""
    jacobian = torch.as_tensor(rows, dtype=torch.float64)
    return AGGREGATORS[method](jacobian, **params).direction.tolist()


@pytest.mark.parametrize(
    "rows",
    [
        [[1.0, 0.0], [1.0, 0.0]],
        [[1.0, 0.0], [-2.0, 0.0]],
        [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [3.0, -1.0]],
        [[1.0, 2.0, 0.0], [2.0, 4.0, 0.0], [-1.0, 1.0, 3.0], [-1.0, 1.0, 3.0]],
        [[3.0, 0.0, 0.0], [0.0, 0.0, 0.0], [1.0, 1.0, 0.0]],
    ],
    ids=["duplicate", "antiparallel", "tall", "two pairs", "zero row"],
)
def test_mgda_on_dependent_rows(rows: list[list[float]]) -> None:
    """Dependent rows have many weights and one shortest vector."""
    right = METHODS["mgda"].direction(rows).to_float64()
    assert direction("mgda", rows) == pytest.approx(right, abs=4e-16)


@pytest.mark.parametrize("seed", range(20))
def test_mgda_keeps_the_optimality_conditions_at_forty_tasks(seed: int) -> None:
    """At the shortest vector no row has a smaller product with it than its own square."""
    noise = torch.Generator().manual_seed(seed)
    rows = torch.randn((40, 60), generator=noise, dtype=torch.float64) + (seed % 3) / 5
    rows *= torch.logspace(-3, 3, 40, dtype=torch.float64)[:, None]
    found = AGGREGATORS["mgda"](rows)
    least = (rows @ found.direction).min()
    assert float(least) >= float(found.direction @ found.direction) * (1 - 1e-9)
    assert float(found.weights.min()) >= 0
    assert float(found.weights.sum()) == pytest.approx(1)


@pytest.mark.parametrize("c", [0.25, 0.5, 1.0, 4.0])
@pytest.mark.parametrize("seed", range(10))
def test_cagrad_has_no_duality_gap_at_twenty_tasks(seed: int, c: float) -> None:
    """The worst task's product equals the dual's value, on the sphere around the mean."""
    noise = torch.Generator().manual_seed(seed)
    rows = torch.randn((20, 30), generator=noise, dtype=torch.float64) + 0.2
    found = AGGREGATORS["cagrad"](rows, c=c)
    mean = rows.mean(0)
    ray = found.weights - 1 / len(rows)
    dual = ray / ray.sum()
    value = dual @ rows @ mean + c * mean.norm() * (dual @ rows).norm()
    assert float((rows @ found.direction).min()) == pytest.approx(float(value), rel=1e-9, abs=1e-12)
    assert float((found.direction - mean).norm()) == pytest.approx(c * float(mean.norm()))


def test_cagrad_with_c_zero_is_the_mean_at_every_scale() -> None:
    """No constant in a denominator bends c = 0."""
    for scale in (1e-200, 1.0, 1e200):
        rows = torch.tensor([[3.0, 1.0], [-1.0, 2.0]], dtype=torch.float64) * scale
        mean = AGGREGATORS["mean"](rows).direction
        assert AGGREGATORS["cagrad"](rows, c=0.0).direction.tolist() == mean.tolist()


@pytest.mark.parametrize(
    ("rows", "c", "right"),
    [
        ([[1.0, 0.0], [-1.0, 0.0]], 0.5, [0.0, 0.0]),
        ([[2.0], [-1.0]], 0.5, [0.25]),
        ([[2.0], [-1.0]], 2.0, [0.0]),
        ([[1.0, 0.0], [-1.0, 0.0], [0.0, 3.0]], 0.5, [0.0, 1.0]),
        ([[3.0, 4.0]], 0.5, [4.5, 6.0]),
        ([[2.0, 0.0], [2.0, 0.0]], 1.0, [4.0, 0.0]),
    ],
    ids=["mean zero", "stationary", "stationary, wide", "nearest", "one task", "identical"],
)
def test_cagrad_at_its_degenerate_points(
    rows: list[list[float]], c: float, right: list[float]
) -> None:
    """Pareto-stationary hulls, a mean of zero, one task and identical rows."""
    assert direction("cagrad", rows, c=c) == pytest.approx(right, abs=1e-15)


@pytest.mark.parametrize(
    "rows",
    [
        [[1, 2], [-2.5, -4], [1, 0]],
        [[1, 0, 0, 0, 0], [-7, -2, -2, -0.5, 0.5], [3, 1, 1, 0, -1], [0, 0, 0, 1, 3]],
        [[0, 1, 0, 0], [-1, 0, 0, -3], [-7, -1, -4, 2], [4, 0, 2, 0], [0, 0, 0, 1]],
        [[-2, 0.0029296875], [1.5, -1], [0, 0], [2, 4]],
        [[-0.5, -0.001953125], [2, 0], [-0.001953125, 0], [0, 0], [1, 0]],
    ],
)
def test_cagrad_with_zero_in_the_hull(rows: list[list[float]]) -> None:
    """Rounding must not take dependent rows for a support, nor a zero row for a huge bound."""
    right = METHODS["cagrad"].direction(rows, c=0.5).to_float64()
    assert direction("cagrad", rows, c=0.5) == pytest.approx(right, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("exponent", [-10, -20, -24])
def test_cagrad_of_rows_that_nearly_cancel(exponent: int) -> None:
    """The mean is all that is left of the rows, and d = (1 + c) g0 keeps its digits."""
    rows = [[1.0, 2.0**exponent], [-1.0, 2.0**exponent]]
    right = [0.0, 1.5 * 2.0**exponent]
    assert direction("cagrad", rows, c=0.5) == pytest.approx(right, rel=1e-6, abs=1e-12)


def test_pcgrad_never_projects_on_a_zero_gradient() -> None:
    """A zero row conflicts with nobody, and nobody divides by it."""
    rows = [[1.0, 0.0], [0.0, 0.0], [-1.0, 1.0]]
    assert direction("pcgrad", rows, orders=((1, 2), (0, 2), (0, 1))) == [0.5, 1.5]


def test_pcgrad_projects_on_the_original_gradients_in_order() -> None:
    """Both orders of the first task's projections give different, exactly known gradients."""
    rows = [[4.0, 0.0], [-1.0, 1.0], [-1.0, -2.0]]
    for first in ((1, 2), (2, 1)):
        orders = (first, (0, 2), (0, 1))
        right = METHODS["pcgrad"].direction(rows, orders=orders).to_float64()
        assert direction("pcgrad", rows, orders=orders) == pytest.approx(right)


def test_pcgrad_draws_every_order_and_only_from_its_generator() -> None:
    """Draws repeat under one seed, reach all outcomes, and leave the global generator alone."""
    rows = torch.tensor([[4.0, 0.0], [-1.0, 1.0], [-1.0, -2.0]], dtype=torch.float64)
    state = torch.get_rng_state()
    noise = torch.Generator().manual_seed(0)
    found = {
        tuple(AGGREGATORS["pcgrad"](rows, generator=noise).task_gradients[0].tolist())
        for _ in range(50)
    }
    assert len(found) == 2
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("orders", [((1,), ()), ((0,), (0,)), ((1,),), ((1, 1), (0, 0))])
def test_pcgrad_refuses_orders_that_are_none(orders: object) -> None:
    """Each task's order lists each other task once."""
    with pytest.raises(ValueError, match="orders"):
        direction("pcgrad", [[1.0, 0.0], [0.0, 1.0]], orders=orders)


@pytest.mark.parametrize("alpha", [0.0, -1.0, 2.0, -0.5])
@pytest.mark.parametrize("fallback", ["mgda", "none"])
def test_gradops_beside_dependent_rows(alpha: float, fallback: str) -> None:
    """Rows 0 and 1 lie in each other's span with row 2; row 3 does not, and keeps its part."""
    rows = [[1.0, 0.0, 0.0], [-1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 2.0]]
    answer = METHODS["gradops"].direction(rows, alpha=alpha, fallback=fallback)
    found = direction("gradops", rows, alpha=alpha, fallback=fallback)
    right = answer.to_float64() if answer.kind == "exact" else [0.0, 0.0, 0.0]
    assert found == pytest.approx(right, abs=1e-14)


def test_gradops_without_a_projection_takes_the_limit() -> None:
    """Zero to a negative power: the tasks without a projection share the weight of all."""
    rows = torch.tensor([[1.0, 0.0], [-2.0, 0.0], [0.0, 1.0]], dtype=torch.float64)
    found = AGGREGATORS["gradops"](rows, alpha=-1.0, fallback="none")
    assert found.weights.tolist() == [1.5, 1.5, 0.0]
    assert found.direction.tolist() == [0.0, 0.0]


def test_gradops_projects_on_zero_exactly() -> None:
    """Products that are zero by construction are zeros: with alpha = -1 both tasks gain alike."""
    rows = torch.tensor([[1e6, 1.0], [-1.0, 1e-3]], dtype=torch.float64)
    found = AGGREGATORS["gradops"](rows, alpha=-1.0)
    gains = (rows @ found.direction) / rows.norm(dim=1)
    assert float(gains[0]) == pytest.approx(float(gains[1]), rel=1e-6)
    assert float(found.weights.sum()) == 2.0


def test_gradops_weights_do_not_overflow() -> None:
    """Projections 200 decades apart under alpha = -3 give all weight to the smaller one."""
    rows = torch.tensor([[1e100, 0.0], [0.0, 1e-100]], dtype=torch.float64)
    assert AGGREGATORS["gradops"](rows, alpha=-3.0).weights.tolist() == [0.0, 2.0]


def test_imtl_g_on_more_rows_than_columns_is_zero() -> None:
    """Where the lengths are outside the range of the Gramian, equal projections are zero."""
    found = direction("imtl_g", [[1.0, 0.0], [0.0, 2.0], [3.0, 4.0]])
    assert found == pytest.approx([0.0, 0.0], abs=1e-15)


def test_imtl_g_on_nearly_dependent_rows_keeps_what_their_combination_leaves() -> None:
    """The combination of no length is known well; what it leaves of the rows is the answer."""
    rows = [[-1.0, 1.0, 0.0], [2.0, 0.0, 2.0**-40], [1.0, 1.0, 0.0]]
    right = METHODS["imtl_g"].direction(rows).to_float64()
    assert direction("imtl_g", rows) == pytest.approx(right, rel=1e-3, abs=1e-15)


def test_imtl_g_on_duplicate_rows_is_defined() -> None:
    """A duplicate changes the weights and not the direction."""
    pair = direction("imtl_g", [[3.0, 0.0], [1.0, 2.0]])
    assert direction("imtl_g", [[3.0, 0.0], [1.0, 2.0], [1.0, 2.0]]) == pytest.approx(pair)


def test_imtl_g_says_where_it_is_undefined() -> None:
    """A zero row has no direction to project on."""
    with pytest.raises(ValueError, match="jacobian row 1"):
        direction("imtl_g", [[1.0, 0.0], [0.0, 0.0]])


def test_direction_stays_on_the_jacobians_device() -> None:
    """On a machine with CUDA the answer is where the rows are, and the same."""
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device here")
    rows = torch.tensor([[1.0, 0.5], [-0.5, 1.0]], dtype=torch.float64)
    for method in (AGGREGATORS[name] for name in ("cagrad", "imtl_g", "mgda", "pcgrad")):
        found = method(rows.cuda()).direction
        assert found.is_cuda
        assert found.cpu().tolist() == pytest.approx(method(rows).direction.tolist())
