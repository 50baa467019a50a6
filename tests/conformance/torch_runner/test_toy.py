"""CAGrad's toy: the losses at the printed starts, where they are least, the methods, the walks."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from conformance.report.toy import sheet  # noqa: E402  (torch may be missing)
from conformance.torch_runner.aggregators import AGGREGATORS  # noqa: E402
from conformance.torch_runner.benchmarks import toy  # noqa: E402
from conformance.torch_runner.benchmarks.toy_directions import KINDS, NAMES, kind  # noqa: E402

LEAST = (0.0, -8.35510977675626)
ENDS = ((7.0, -8.43445985551610), (-7.0, -8.43445985551610))
AT_STARTS = [
    ("paper", (-8.5, 7.5), (6.55236, 8.16002)),
    ("code", (-8.5, 7.5), (6.55236, 7.90080)),
    ("paper", (9.0, 9.0), (7.94395, -6.20454)),
    ("code", (9.0, 9.0), (7.94395, 6.69150)),
    ("code", (10.0, -8.0), (-19.08719, 8.89403)),
    ("code", (-8.5, -5.0), (4.05992, -19.42150)),
    ("paper", (0.0, 0.0), (0.0, 0.0)),
]
METHODS = {"GD": "mean", "IMTL-G": "imtl_g", "Nash-MTL": "nash_mtl"}
PAIRS = (
    ((1, 0), (-3, 0.5)), ((4, 1), (-2, 3)), ((1, 2), (2, 1)), ((3, 4), (-4, 3)),
    ((9, 1), (-1, 0.25)), ((0.5, 0), (-8, 1)), ((1, 1), (1, 1)),
)  # fmt: skip


@pytest.mark.parametrize(("sign", "start", "expected"), AT_STARTS)
def test_the_losses_at_the_starts(
    sign: str, start: tuple[float, float], expected: tuple[float, float]
) -> None:
    """In either sign of the second loss, to the digits that are known."""
    found = toy.losses(np.array([start]), sign)[0]
    assert found == pytest.approx(expected, abs=6 / 10**5)


def test_the_pareto_set_ends_where_each_loss_is_least() -> None:
    """It runs from the least L2 through the least mean, (0, -8.3551), to the least L1."""
    front = toy.front()
    for place, point in ((-1, ENDS[0]), (0, ENDS[1]), (len(front) // 2, LEAST)):
        assert front[place] == pytest.approx(point, abs=1 / 10**9)
    assert toy.losses(np.array([LEAST]))[0] == pytest.approx([-15.09163845] * 2, abs=1 / 10**7)
    assert abs(toy.gradients(np.array([LEAST])).mean(1)).max() < 1 / 10**6


@pytest.mark.parametrize("sign", ["code", "paper"])
def test_the_gradients_are_those_of_differences(sign: str) -> None:
    """A central difference in each coordinate, in both regions of the plane."""
    points, step = np.array([[3.0, 2.0], [-4.0, -6.0], [-8.5, 7.5], [6.0, 0.5]]), 2.0**-20
    for axis in range(2):
        move = step * np.eye(2)[axis]
        slope = (toy.losses(points + move, sign) - toy.losses(points - move, sign)) / (2 * step)
        assert toy.gradients(points, sign)[:, :, axis] == pytest.approx(slope, rel=1e-3)


def test_at_the_kink_both_slopes_pass() -> None:
    """At (0, 0) torch's derivative in height is 10.8564 for both losses, the sum of both sides'."""
    assert toy.gradients(np.zeros((1, 2)))[0, :, 1] == pytest.approx([10.8564] * 2, abs=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_the_closed_forms_are_the_aggregators(name: str) -> None:
    """For two gradients each form gives what the torch aggregator of its method gives."""
    method = METHODS.get(kind(name), kind(name).lower())
    given = {KINDS[kind(name)][1]: float(name.split()[1])} if " " in name else {}
    orders = {"orders": ((1,), (0,))} if method == "pcgrad" else {}
    found = toy.directions([name], np.array(PAIRS, dtype=np.float64)[None])[0]
    for rows, direction in zip(PAIRS, found, strict=True):
        jacobian = torch.tensor(rows, dtype=torch.float64)
        wanted = AGGREGATORS[method](jacobian, **given, **orders).direction.numpy()
        assert direction == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_adam_is_torchs() -> None:
    """Thirty steps of descent on the mean end where torch.optim.Adam ends."""
    point = torch.tensor([-8.5, -5.0], dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([point], lr=0.01)
    for _ in range(30):
        where = point.detach().numpy()[None]
        point.grad = torch.from_numpy(toy.gradients(where).mean(1)[0])
        adam.step()
    found = toy.walk(["GD"], [(-8.5, -5.0)], steps=30, rate=0.01)
    assert found.marks[30][0, 0] == pytest.approx(point.detach().numpy(), rel=1e-12)


def test_every_method_walks_and_is_told() -> None:
    """A few steps lower the sum of the losses, and the table tells every method's ends."""
    walked = toy.walk(steps=40, rate=0.01)
    before, after = (toy.losses(walked.paths[k, :, 2]).sum(1) for k in (0, -1))
    assert (after < before).all()
    told = toy.table(walked, toy.CODE, 40)
    assert all(told.count(f"| {name} |") == 2 for name in NAMES)


def test_a_walk_is_drawn() -> None:
    """One panel of levels alone, one of paths; the text is SVG."""
    walked = toy.walk(["GD"], steps=40)
    drawn = sheet(("L1", "GD"), 2, walked, toy.CODE, toy.losses, toy.front(9))
    assert drawn.startswith("<?xml")
    assert drawn.count("<path") > 20
