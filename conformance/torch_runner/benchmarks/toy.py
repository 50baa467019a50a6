"""CAGrad's toy: two losses on the plane, walked down by the methods with Adam from every start.

Liu, Liu, Jin, Stone, Liu, Conflict-averse gradient descent for multi-task learning, 2021, section
5.1 and appendix B. The second loss has another sign in the paper than in the released code, and the
starts differ too: ``sign`` is "paper" or "code" (the paper's puts the start (9, 9) on the floor of
a clamped valley, where its gradient is zero, so the code's is what was run). GradOPS's own toy is
lost; its figure is walked on this one.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from conformance.torch_runner.benchmarks.toy_directions import NAMES, Array, weighed

Point = tuple[float, float]

STARTS: Final[tuple[Point, ...]] = (  # (-8.5, -5) is the code's, which has the first and (9, 9) too
    (-8.5, 7.5), (-8.5, 5.0), (-8.5, -5.0), (0.0, 0.0), (9.0, 9.0), (10.0, -8.0),
)  # fmt: skip
PAPER: Final = (0, 1, 3, 4, 5)  # CAGrad, appendix B
CODE: Final = (0, 2, 4)  # its released code
FLOOR: Final = 5 / 10**6  # of the valleys, whose logarithms would have no end
STEPS, RATE = 100_000, 0.001  # of the released code; GradOPS takes 20,000 (appendix B)
MARKS: Final = (20_000, 100_000)
NEAR: Final = 0.01  # what two decimals tell from nothing
EVERY: Final = 100
DECAYS, SMALLEST = (0.9, 0.999), 1 / 10**8  # Adam's, as in torch


def _parts(points: Array, sign: str) -> tuple[Array, Array, Array, Array]:
    """The valleys' and the bowls' heights (N, 2), and how much of each counts (N,)."""
    x, y = points[:, 0], points[:, 1]
    turn = np.tanh(y) if sign == "paper" else -np.tanh(y)
    valleys = np.stack((0.5 * (-x - 7) + np.tanh(y), 0.5 * (-x + 3) + turn + 2), 1)
    bowls = (np.stack(((7 - x) ** 2, (x + 7) ** 2), 1) + 0.1 * ((y + 8) ** 2)[:, None]) / 10 - 20
    return valleys, bowls, np.maximum(np.tanh(y / 2), 0), np.maximum(np.tanh(-y / 2), 0)


def losses(points: Array, sign: str = "code") -> Array:
    """Both losses (N, 2) at points (N, 2)."""
    valleys, bowls, above, below = _parts(points, sign)
    logarithms = np.log(np.maximum(np.abs(valleys), FLOOR)) + 6
    both: Array = above[:, None] * logarithms + below[:, None] * bowls
    return both


def gradients(points: Array, sign: str = "code") -> Array:
    """The losses' gradients (N, 2, 2), rows by losses, as torch differentiates them.

    At a kink both sides' slopes pass: at height 0 that is their sum, not either of the true ones.
    """
    valleys, bowls, above, below = _parts(points, sign)
    x, y = points[:, 0], points[:, 1]
    slope = 1 - np.tanh(y) ** 2
    tilt = np.stack((slope, slope if sign == "paper" else -slope), 1)
    inside = np.where(np.abs(valleys) >= FLOOR, 1 / np.where(valleys == 0, 1, valleys), 0)
    logarithms = np.log(np.maximum(np.abs(valleys), FLOOR)) + 6
    rate = 0.5 * (1 - np.tanh(y / 2) ** 2)
    rises, falls = np.where(y >= 0, rate, 0)[:, None], np.where(y <= 0, -rate, 0)[:, None]
    across = -0.5 * above[:, None] * inside + below[:, None] * np.stack((x - 7, x + 7), 1) / 5
    upward = rises * logarithms + above[:, None] * inside * tilt + falls * bowls
    upward += below[:, None] * (0.02 * (y + 8))[:, None]
    return np.stack((across, upward), 2)


def directions(names: Sequence[str], jacobians: Array) -> Array:
    """Each method's direction (methods, N, 2) for its own jacobians (methods, N, 2, 2)."""
    first, second = jacobians[..., 0, :], jacobians[..., 1, :]
    a, b, c = (first**2).sum(-1), (first * second).sum(-1), (second**2).sum(-1)
    one, two = (np.concatenate(parts) for parts in zip(*weighed(names, a, b, c), strict=True))
    found: Array = one[..., None] * first + two[..., None] * second
    return found


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the methods went: paths (seen, methods, starts, 2), and where they were at a step."""

    names: tuple[str, ...]
    starts: tuple[Point, ...]
    sign: str
    paths: Array
    marks: Mapping[int, Array]


def walk(
    names: Sequence[str] = NAMES,
    starts: Sequence[Point] = STARTS,
    *,
    steps: int = STEPS,
    rate: float = RATE,
    sign: str = "code",
    every: int = EVERY,
) -> Walk:
    """Walk every method from every start with Adam; a method without an answer stays there."""
    points = np.tile(np.array(starts, dtype=np.float64), (len(names), 1, 1))
    shape, seen, marks = points.shape, [points.copy()], {}
    first, second, going = np.zeros(shape), np.zeros(shape), np.ones(shape[:2], dtype=bool)
    for step in range(1, steps + 1):
        jacobians = gradients(points.reshape(-1, 2), sign).reshape(*shape[:2], 2, 2)
        found = directions(names, jacobians)
        going &= np.isfinite(found).all(-1)
        found = np.where(going[..., None], found, 0)
        first = DECAYS[0] * first + (1 - DECAYS[0]) * found
        second = DECAYS[1] * second + (1 - DECAYS[1]) * found**2
        spread = np.sqrt(second / (1 - DECAYS[1] ** step)) + SMALLEST
        move = rate / (1 - DECAYS[0] ** step) * first / spread
        points = np.where(going[..., None], points - move, points)
        if step % every == 0 or step == steps:
            seen.append(points.copy())
        if step in MARKS or step == steps:
            marks[step] = points.copy()
    return Walk(tuple(names), tuple(starts), sign, np.stack(seen), marks)


def front(count: int = 2801) -> Array:
    """The Pareto set (count, 2): from the least L2 through the least mean to the least L1.

    On it w g_1 + (1 - w) g_2 = 0 with w = (x + 7)/14, and the weighed loss has no slope in y:
    tanh(-y/2) (y + 8)/50 = sech(y/2)^2 ((49 - x^2)/10 + (y + 8)^2/100 - 20)/2.
    """
    x = np.linspace(-7, 7, count)
    low, high = np.full(count, -9.0), np.full(count, -8.0)
    for _ in range(60):
        y = (low + high) / 2
        height = (49 - x**2) / 10 + (y + 8) ** 2 / 100 - 20
        slope = np.tanh(-y / 2) * (y + 8) / 50 - (1 - np.tanh(y / 2) ** 2) * height / 2
        low, high = np.where(slope < 0, y, low), np.where(slope < 0, high, y)
    return np.stack((x, (low + high) / 2), 1)


def distances(points: Array) -> Array:
    """How far points (..., 2) are from the Pareto set."""
    squares: Array = ((points[..., None, :] - front()) ** 2).sum(-1).min(-1)
    return np.sqrt(squares)


def table(found: Walk, starts: Sequence[int], mark: int) -> str:
    """Where the paths are at a step, in Markdown: the points, and below them the losses there.

    A point that is off the Pareto set by a hundredth or more has its distance behind it.
    """
    ends = found.marks[mark][:, list(starts)]
    away, both = distances(ends), losses(ends.reshape(-1, 2), found.sign).reshape(ends.shape)
    heads = [_told(found.starts[k]) for k in starts]
    points = [list(map(_placed, *row)) for row in zip(ends, away, strict=True)]
    heights = [[_told(pair) for pair in row] for row in both]
    lines = _rows("end", heads, found.names, points)
    return "\n".join([*lines, "", *_rows("L1, L2", heads, found.names, heights), ""])


def _rows(
    head: str, heads: Sequence[str], names: Sequence[str], cells: Sequence[Sequence[str]]
) -> list[str]:
    lines = [f"| {head} | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    rows = zip(names, cells, strict=True)
    return lines + [f"| {name} | " + " | ".join(row) + " |" for name, row in rows]


def _placed(end: Sequence[float], far: float) -> str:
    return _told(end) + (f" **{far:.2f}**" if far >= NEAR else "")


def _told(numbers: Sequence[float]) -> str:
    short = [f"{round(float(number), 2) + 0.0:g}" for number in numbers]  # and no -0
    return f"({', '.join(short)})"


def write(folder: Path, steps: int = STEPS) -> tuple[Path, ...]:
    """Walk, and write the pictures, the paths and the tables; returns the pictures."""
    from conformance.report import toy as drawn

    folder.mkdir(parents=True, exist_ok=True)
    found = {sign: walk(steps=steps, sign=sign) for sign in ("code", "paper")}
    for sign, each in found.items():
        told = {"steps": steps, "rate": RATE, "every": EVERY, "starts": each.starts}
        paths = {name: each.paths[:, k].round(4).tolist() for k, name in enumerate(each.names)}
        (folder / f"toy-{sign}.json").write_text(json.dumps({**told, "paths": paths}), "utf-8")
        starts = PAPER if sign == "paper" else range(len(STARTS))
        marks = "\n".join(f"{mark} steps\n\n{table(each, starts, mark)}" for mark in each.marks)
        (folder / f"toy-{sign}.md").write_text(marks, "utf-8")
    return drawn.pictures(folder, found["code"], (PAPER, CODE), losses, front())


if __name__ == "__main__":
    for picture in write(Path(sys.argv[1]), *map(int, sys.argv[2:])):
        sys.stdout.write(f"{picture}\n")
