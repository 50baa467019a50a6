"""The pictures of CAGrad's toy, after the papers' figures: losses, paths from every start, ends."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

INKS = 24  # along a path, from red at its start to yellow at its end
NEAR = 0.06  # points of a path that are closer than that are one in a picture
SPAN = 11.0
GRID = 81
LEVELS = 10
FIRST = ("GD", "MGDA", "PCGrad", "CAGrad 0.5")
THIRD = (*FIRST, "CAGrad 0", "CAGrad 0.2", "CAGrad 0.8", "CAGrad 10")
SECOND = (
    "GD", "MGDA", "PCGrad", "IMTL-G", "Nash-MTL",
    "GradOPS 2", "GradOPS 0", "GradOPS -1", "GradOPS -2", "GradOPS -5",
)  # fmt: skip


class Walked(Protocol):
    """What is drawn of a walk: paths (seen, methods, starts, 2) by the methods' names."""

    @property
    def names(self) -> Sequence[str]:
        """The methods."""

    @property
    def paths(self) -> Array:
        """The paths."""


Losses = Callable[[Array], Array]


def pictures(
    folder: Path, walked: Walked, starts: tuple[Sequence[int], Sequence[int]], losses: Losses,
    front: Array, short: int = 201,
) -> tuple[Path, ...]:  # fmt: skip
    """Write the three pictures; GradOPS's is drawn up to point number ``short`` of the paths."""
    paper, code = starts
    sheets = {
        "toy.svg": sheet(("L1", "L2", "mean", "losses", *FIRST), 4, walked, code, losses, front),
        "toy-starts.svg": sheet(THIRD, 4, walked, paper, losses, front),
        "toy-gradops.svg": sheet(SECOND, 5, walked, code, losses, front, short),
    }
    written = []
    for name, text in sheets.items():
        (folder / name).write_text(text, "utf-8")
        written.append(folder / name)
    return tuple(written)


def sheet(
    panels: Sequence[str], columns: int, walked: Walked, starts: Sequence[int], losses: Losses,
    front: Array, last: int | None = None,
) -> str:  # fmt: skip
    """A picture as SVG text: a panel a name, of levels alone where no method has that name."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    rows = -(-len(panels) // columns)
    with rc_context(
        {"svg.hashsalt": "toy", "svg.fonttype": "none", "path.simplify_threshold": 0.5}
    ):
        figure = Figure(figsize=(2.9 * columns, 2.95 * rows), layout="constrained")
        FigureCanvasSVG(figure)
        heights = _heights(losses)
        for place, name in enumerate(panels, start=1):
            axes = figure.add_subplot(rows, columns, place)
            axes.set_title("losses at the ends" if name == "losses" else name, fontsize=10)
            axes.tick_params(labelsize=7)
            if name == "losses":
                _ends(axes, walked, starts, losses, front)
                continue
            _levels(axes, *heights.get(name, heights["mean"]))
            axes.plot(*front.T, color="#6b6b6b", linewidth=2.2, solid_capstyle="round")
            axes.set(xlim=(-SPAN, SPAN), ylim=(-SPAN, SPAN))
            if name in walked.names:
                for path in _paths(walked, name, starts, last):
                    _draw(axes, path)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return _shorter(text.getvalue())


def _shorter(text: str) -> str:
    """The same drawing in less text: a tenth of a point is enough, a line needs no group."""
    text = re.sub(r"(\.\d)\d+", r"\1", text)
    text = re.sub(r'<g id="line2d_\d+">\s*(<path[^>]*clip-path[^>]*/>)\s*</g>', r"\1", text)
    return re.sub(r"\s*\n\s*([ML])\s*", r"\1", text)


def _levels(axes: "Axes", *heights: Array) -> None:
    """Contours, as plain lines: those are thinned out where they are straight."""
    found = axes.contour(*heights, levels=LEVELS)
    for line in (line for lines in found.allsegs for line in lines):
        axes.plot(*line.T, color="#9fb4cc", linewidth=0.6)
    found.remove()


def _heights(losses: Losses) -> dict[str, tuple[Array, Array, Array]]:
    """Both losses and their mean over the square."""
    span = np.linspace(-SPAN, SPAN, GRID)
    x, y = np.meshgrid(span, span)
    both = losses(np.stack((x.ravel(), y.ravel()), 1))
    found = {"L1": both[:, 0], "L2": both[:, 1], "mean": both.mean(1)}
    return {name: (x, y, height.reshape(x.shape)) for name, height in found.items()}


def _paths(walked: Walked, name: str, starts: Sequence[int], last: int | None) -> Iterator[Array]:
    place = list(walked.names).index(name)
    for start in starts:
        yield walked.paths[:last, place, start]


def _thin(path: Array) -> Array:
    """A path without points too close to be seen apart."""
    kept = [path[0]]
    for point in path[1:]:
        if np.hypot(*(point - kept[-1])) > NEAR:
            kept.append(point)
    return np.array([*kept, path[-1]])


def _draw(axes: "Axes", path: Array) -> None:
    """One path, its start a black dot, its end a cross, the colour telling how far along."""
    from matplotlib import colormaps

    points = _thin(path)
    cuts = np.linspace(0, len(points) - 1, min(INKS, len(points) - 1) + 1).astype(int)
    for place, (here, there) in enumerate(pairwise(cuts)):
        ink = colormaps["autumn"](place / max(1, len(cuts) - 2))
        axes.plot(*points[here : there + 1].T, color=ink, linewidth=1.6)
    axes.plot(*points[0], marker="o", color="#000000", markersize=4)
    axes.plot(*points[-1], marker="x", color="#000000", markersize=6, markeredgewidth=1.4)


MARKS = {"GD": "s", "MGDA": "v", "PCGrad": "D", "CAGrad 0.5": "o"}


def _ends(
    axes: "Axes", walked: Walked, starts: Sequence[int], losses: Losses, front: Array
) -> None:
    """The ends in the plane of the two losses, beside the Pareto front."""
    axes.plot(*losses(front).T, color="#6b6b6b", linewidth=2.2)
    for name, mark in MARKS.items():
        ends = np.array([path[-1] for path in _paths(walked, name, starts, None)])
        axes.plot(*losses(ends).T, linestyle="", marker=mark, markersize=5, label=name,
                  fillstyle="none")  # fmt: skip
    axes.set_xlabel("L1", fontsize=8)
    axes.set_ylabel("L2", fontsize=8)
    axes.legend(fontsize=7, loc="center right")
