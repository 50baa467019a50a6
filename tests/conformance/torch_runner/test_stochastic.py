"""GradVac and GradDrop in torch: against the reference, over steps, and by their own draws."""

import pytest

torch = pytest.importorskip("torch")

import numpy as np  # noqa: E402  (torch may be missing)

from conformance.torch_runner.aggregators import AGGREGATORS  # noqa: E402  (the same)
from mtl_reference import METHODS  # noqa: E402  (the same)

DTYPES = (torch.float64, torch.float32, torch.bfloat16)
UNIFORMS = (0.25, 0.75, 0.5, 0.875, 0.125)
gradvac, graddrop = AGGREGATORS["gradvac"], AGGREGATORS["graddrop"]


def drawn(tasks: int, width: int, seed: int) -> tuple[torch.Tensor, list[list[int]]]:
    """A jacobian of whole eighths, which every dtype holds, and orders."""
    noise = np.random.default_rng(seed)
    rows = torch.tensor(noise.integers(-8, 9, (tasks, width)) / 8)
    orders = [noise.permutation([j for j in range(tasks) if j != i]).tolist() for i in range(tasks)]
    return rows, orders


def far(found: torch.Tensor, right: object, terms: float = 1.0) -> float:
    """The largest error in units of the roundoff of the dtype and of the terms."""
    gap = (found.double() - torch.as_tensor(right, dtype=torch.float64)).abs().max()
    return float(gap) / (torch.finfo(found.dtype).eps / 2) / terms


@pytest.mark.parametrize("layers", [None, ((0, 5), (5, 11))])
@pytest.mark.parametrize("tasks", [2, 3, 6])
def test_gradvac_follows_the_reference_step_by_step(tasks: int, layers: object) -> None:
    """Three steps: direction and task gradients, each from the state before."""
    exact_state, state = None, None
    for seed in range(3):
        rows, orders = drawn(tasks, 11, seed)
        given = {"orders": orders, "beta": 0.25, "layers": layers}
        right = METHODS["gradvac"].direction(rows.tolist(), **given, state=exact_state)
        found = gradvac(rows, **given, state=state)
        exact_state, state = right.state, found.state
        assert far(found.direction, right.to_float64()) < 100
        made = [[float(x.enclosure(60)) if hasattr(x, "enclosure") else int(x.p) / int(x.q)
                 for x in row] for row in right.outputs["task_gradients"]]  # fmt: skip
        assert far(found.task_gradients, made) < 100


def test_gradvac_moves_its_target_at_every_visit_by_the_cosine_before() -> None:
    """Cosines of 1/sqrt(2) without an update, of -1/sqrt(5) with one."""
    rows = torch.tensor([[1.0, 0.0], [1.0, 1.0]])
    assert gradvac(rows, beta=0.5).state["targets"][0, 0, 1] == pytest.approx(8**-0.5)
    rows = torch.tensor([[1.0, 0.0], [-0.5, 1.0]])
    assert gradvac(rows, beta=0.5).state["targets"][0, 1, 0] == pytest.approx(-(20**-0.5))


def test_gradvac_leaves_zero_gradients_alone() -> None:
    """There is no cosine with them; a task that is solved stops nobody."""
    rows = torch.tensor([[1.0, 0.0], [0.0, 0.0], [-1.0, 1.0]], dtype=torch.float64)
    found = gradvac(rows, orders=((1, 2), (0, 2), (0, 1)))
    assert found.direction.tolist() == [0.5, 1.5]
    assert not found.state["targets"][0, 1].any()


def test_gradvac_does_not_write_into_its_state() -> None:
    """The state that goes in may be kept."""
    rows, orders = drawn(3, 4, 0)
    first = gradvac(rows, orders=orders, beta=0.5).state
    kept = first["targets"].copy()
    gradvac(rows, orders=orders, beta=0.5, state=first)
    assert (first["targets"] == kept).all()


def test_gradvac_draws_its_orders_from_the_generator() -> None:
    """The same seed, the same answer; another one, sooner or later, another."""
    rows, _ = drawn(5, 4, 3)
    one, two = (gradvac(rows, generator=torch.Generator().manual_seed(7)) for _ in range(2))
    assert torch.equal(one.direction, two.direction)
    others = (gradvac(rows, generator=torch.Generator().manual_seed(k)) for k in range(20))
    assert any(not torch.equal(one.direction, other.direction) for other in others)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"beta": -0.5}, "beta must lie"),
        ({"layers": ((0, 1), (2, 4))}, "layers must part the columns 0 to 4"),
        ({"state": {"targets": np.zeros((1, 2, 2))}}, "targets must have shape"),
    ],
)
def test_gradvac_refuses_what_is_wrong(given: dict[str, object], message: str) -> None:
    """Parameters, layers and states."""
    with pytest.raises(ValueError, match=message):
        gradvac(drawn(3, 4, 0)[0], **given)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("f", ["identity", "smoothstep"])
@pytest.mark.parametrize("leak", [0.0, 0.25, (0.0, 0.5, 1.0)])
def test_graddrop_is_the_reference(leak: object, f: str, dtype: torch.dtype) -> None:
    """Every leak and shape, in every dtype."""
    rows, _ = drawn(3, 5, 1)
    right = METHODS["graddrop"].direction(rows.tolist(), uniforms=UNIFORMS, leak=leak, f=f)
    uniforms = torch.tensor(UNIFORMS, dtype=dtype)
    found = graddrop(rows.to(dtype), uniforms=uniforms, leak=leak, f=f).direction
    assert found.dtype == dtype
    assert far(found, right.to_float64(), 3) < 2


def test_graddrop_picks_signs_of_units() -> None:
    """The form with a representation of two samples of two units."""
    rows, _ = drawn(3, 4, 2)
    signs, uniforms = [[1.0, -2.0], [-0.5, 3.0]], (0.25, 0.75)
    right = METHODS["graddrop"].direction(
        rows.tolist(), representation=signs, uniforms=uniforms, leak=0.5
    )
    found = graddrop(rows, representation=torch.tensor(signs), uniforms=torch.tensor(uniforms),
                     leak=0.5)  # fmt: skip
    assert found.direction.tolist() == list(right.to_float64())


@pytest.mark.parametrize("width", [3, 70_000])
def test_graddrop_keeps_what_has_one_sign_exactly(width: int) -> None:
    """In every piece of the columns, whatever the uniform; zeros stay zeros."""
    noise = torch.Generator().manual_seed(0)
    rows = torch.rand((5, width), generator=noise) * torch.linspace(1e-3, 1e3, width)
    rows[:, ::2] *= -1
    rows[:, 2] = 0
    uniforms = torch.rand(width, generator=noise).clamp(1e-6, 1 - 1e-6)
    found = graddrop(rows, uniforms=uniforms).direction
    ones = torch.ones(5)
    assert torch.allclose(found, ones @ rows, rtol=1e-6, atol=0)
    assert found[2] == 0


def test_graddrop_draws_one_number_a_coordinate_for_all_tasks() -> None:
    """Each coordinate is one of its two sums, as often as its purity says."""
    rows = torch.tensor([[3.0], [-1.0], [1.0], [-1.0]]).repeat(1, 40_000)
    found = graddrop(rows, generator=torch.Generator().manual_seed(1)).direction
    assert set(found.tolist()) == {4.0, -2.0}
    assert float((found > 0).double().mean()) == pytest.approx(2 / 3, abs=0.02)


def test_graddrop_adds_up_what_overflows_on_the_way() -> None:
    """Sums of magnitudes beyond the largest number do not matter where the answer is one."""
    rows = torch.tensor([[1e38, 2e38], [1e38, 1e38], [-2e38, 0.0]]).repeat(1, 30_000)
    uniforms = torch.full((60_000,), 0.9)
    found = graddrop(rows, uniforms=uniforms).direction[:2]
    assert found.tolist() == pytest.approx([-2e38, 3e38])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"uniforms": torch.tensor([0.5, 0.5])}, "uniforms must have shape"),
        ({"uniforms": torch.tensor([0.5, 0.0, 0.5])}, "strictly inside"),
        ({"leak": 2.0}, "leak must be"),
        ({"leak": (0.5,)}, "leak must be"),
        ({"f": "cube"}, "f must be one of"),
        ({"representation": torch.ones((2, 2))}, "representation must be"),
    ],
)
def test_graddrop_refuses_what_is_wrong(given: dict[str, object], message: str) -> None:
    """Uniforms, leaks, names and representations."""
    with pytest.raises(ValueError, match=message):
        graddrop(torch.ones((2, 3)), **given)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("method", ["graddrop", "trimmed_mean"])
def test_what_is_not_finite_is_named(method: str, bad: float) -> None:
    """Masks and trimming must not hide it."""
    rows = torch.ones((3, 70_000))
    rows[1, 65_000] = bad
    params = {"trim_number": 1} if method == "trimmed_mean" else {}
    with pytest.raises(ValueError, match=r"jacobian\[1, 65000\]"):
        AGGREGATORS[method](rows, **params)
