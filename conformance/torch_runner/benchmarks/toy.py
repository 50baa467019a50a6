"""CAGrad's toy: two losses on the plane, walked down by one method after the other with Adam.

Liu, Liu, Jin, Stone, Liu, Conflict-averse gradient descent for multi-task learning, 2021, section
5.1 and appendix B. The second loss has another sign in the paper than in the released code, and the
starts differ too: ``sign`` is "paper" or "code" (the paper's puts the start (9, 9) on the floor of
a clamped valley, so the code's is what was run). GradOPS's own toy is lost: it walks on this one.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from conformance.torch_runner.aggregators import AGGREGATORS

Point = tuple[float, float]

STARTS: Final[Mapping[str, tuple[Point, ...]]] = {
    "paper": ((-8.5, 7.5), (-8.5, 5.0), (0.0, 0.0), (9.0, 9.0), (10.0, -8.0)),
    "code": ((-8.5, 7.5), (-8.5, -5.0), (9.0, 9.0)),
}
FLOOR: Final = 5 / 10**6  # of the valleys, whose logarithms would have no end

METHODS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "GD": ("mean", {}),
    "MGDA": ("mgda", {}),
    "PCGrad": ("pcgrad", {}),
    "CAGrad 0": ("cagrad", {"c": 0.0}),
    "CAGrad 0.2": ("cagrad", {"c": 0.2}),
    "CAGrad 0.5": ("cagrad", {"c": 0.5}),
    "CAGrad 0.8": ("cagrad", {"c": 0.8}),
    "CAGrad 10": ("cagrad", {"c": 10.0}),
    "GradOPS 0": ("gradops", {"alpha": 0.0}),
    "GradOPS -1": ("gradops", {"alpha": -1.0}),
    "GradOPS -2": ("gradops", {"alpha": -2.0}),
    "GradOPS -5": ("gradops", {"alpha": -5.0}),
}


def losses(point: Tensor, sign: str = "code") -> Tensor:
    """Both losses (2,) at a point (2,)."""
    x, y = point
    turn = torch.tanh(-y) if sign == "paper" else -torch.tanh(-y)
    valleys = torch.stack((0.5 * (-x - 7) - torch.tanh(-y), 0.5 * (-x + 3) - turn + 2))
    logarithms = valleys.abs().clamp(min=FLOOR).log() + 6
    bowls = torch.stack(((-x + 7) ** 2, (-x - 7) ** 2)) + 0.1 * (-y - 8) ** 2
    above, below = torch.tanh(0.5 * y).clamp(min=0), torch.tanh(-0.5 * y).clamp(min=0)
    both: Tensor = above * logarithms + below * (bowls / 10 - 20)
    return both


def jacobian(point: Tensor, sign: str = "code") -> Tensor:
    """Gradients (2, 2) of the losses at a point (2,)."""
    here = point.detach().requires_grad_()
    both = losses(here, sign)
    return torch.stack(
        [torch.autograd.grad(loss, here, retain_graph=True)[0] for loss in both.unbind()]
    )


def trajectory(
    name: str,
    start: Point,
    *,
    steps: int = 20_000,
    rate: float = 0.001,
    sign: str = "code",
    every: int = 50,
) -> list[Point]:
    """The points that a method visits with Adam, the start, each ``every``-th and the last."""
    method, params = METHODS[name]
    point = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    adam, generator = torch.optim.Adam([point], lr=rate), torch.Generator().manual_seed(0)
    given = {**params, "generator": generator} if method == "pcgrad" else params
    seen = [start]
    for step in range(1, steps + 1):
        try:
            point.grad = AGGREGATORS[method](jacobian(point, sign), **given).direction
        except ValueError:  # the method has no answer here: it stops
            break
        adam.step()
        if step % every == 0 or step == steps:
            x, y = point.detach().tolist()
            seen.append((x, y))
    return seen


def walk(folder: Path, *, steps: int, rate: float, names: Sequence[str] = tuple(METHODS)) -> Path:
    """All trajectories from the code's starts, as JSON and as a picture; returns the picture."""
    from conformance.report.toy import picture

    paths = {
        name: [trajectory(name, start, steps=steps, rate=rate) for start in STARTS["code"]]
        for name in names
    }
    folder.mkdir(parents=True, exist_ok=True)
    told = {"steps": steps, "rate": rate, "sign": "code", "paths": paths}
    (folder / "toy.json").write_text(json.dumps(told), encoding="utf-8")
    target = folder / "toy.svg"
    span = [torch.linspace(-11, 11, 45, dtype=torch.float64).tolist()] * 2
    heights = [[float(losses(torch.tensor((x, y))).mean()) for x in span[0]] for y in span[1]]
    target.write_text(picture(paths, span[0], heights), encoding="utf-8")
    return target


if __name__ == "__main__":
    out, count, pace = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    sys.stdout.write(f"{walk(out, steps=count, rate=pace)}\n")
