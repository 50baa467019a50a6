"""CAGrad's toy: the losses at the printed starts, where they are least, and short walks."""

import pytest

torch = pytest.importorskip("torch")

from conformance.torch_runner.benchmarks import toy  # noqa: E402  (torch may be missing)

LEAST = (0.0, -8.35510977675626)
AT_STARTS = [
    ("paper", (-8.5, 7.5), (6.55236, 8.16002)),
    ("code", (-8.5, 7.5), (6.55236, 7.90080)),
    ("paper", (9.0, 9.0), (7.94395, -6.20454)),
    ("code", (9.0, 9.0), (7.94395, 6.69150)),
    ("code", (10.0, -8.0), (-19.08719, 8.89403)),
    ("code", (-8.5, -5.0), (4.05992, -19.42150)),
    ("paper", (0.0, 0.0), (0.0, 0.0)),
]


@pytest.mark.parametrize(("sign", "start", "expected"), AT_STARTS)
def test_the_losses_at_the_starts(
    sign: str, start: tuple[float, float], expected: tuple[float, float]
) -> None:
    """In either sign of the second loss, to the digits that are known."""
    found = toy.losses(torch.tensor(start, dtype=torch.float64), sign).tolist()
    assert found == pytest.approx(expected, abs=6 / 10**5)


def test_the_mean_is_least_where_both_are_equal() -> None:
    """At (0, -8.3551) its gradient vanishes, and both losses are -15.09163845."""
    point = torch.tensor(LEAST, dtype=torch.float64)
    assert toy.losses(point).tolist() == pytest.approx([-15.09163845] * 2, abs=1 / 10**7)
    assert toy.jacobian(point).mean(0).abs().max() < 1 / 10**6


def test_the_gradients_are_those_of_differences() -> None:
    """A central difference in each coordinate, in both regions of the plane."""
    for place in ((3.0, 2.0), (-4.0, -6.0)):
        point, step = torch.tensor(place, dtype=torch.float64), 2.0**-20
        for axis in range(2):
            move = step * torch.eye(2, dtype=torch.float64)[axis]
            slope = (toy.losses(point + move) - toy.losses(point - move)) / (2 * step)
            assert toy.jacobian(point)[:, axis].tolist() == pytest.approx(slope.tolist(), rel=1e-3)


@pytest.mark.parametrize("name", toy.METHODS)
def test_every_method_walks(name: str) -> None:
    """A few steps from the easiest start lower the sum, and leave the plane's numbers finite."""
    path = toy.trajectory(name, (-8.5, -5.0), steps=40, rate=0.01, every=20)
    before, after = (float(toy.losses(torch.tensor(p)).sum()) for p in (path[0], path[-1]))
    assert len(path) == 3
    assert after < before
