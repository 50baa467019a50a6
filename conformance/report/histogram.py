"""The picture of Recon's effect: how the cosines of task gradients are spread, before and after."""

from collections.abc import Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

BEFORE, AFTER = "#8a8f98", "#2a6fdb"
WIDTH = 0.38  # of a bar, where the intervals are 1 apart


def available() -> bool:
    """Whether the plotter is installed."""
    return find_spec("matplotlib") is not None


def intervals(edges: Sequence[float]) -> list[str]:
    """The intervals as the papers write them, with 0 in the first.

    >>> intervals((0.0, -0.01))
    ['[1, 0]', '(0, -0.01]', '(-0.01, -1]']
    """
    ends = ["1", *(f"{edge:g}" for edge in edges), "-1"]
    pairs = pairwise(ends)
    return [f"{'(' if place else '['}{a}, {b}]" for place, (a, b) in enumerate(pairs)]


def draw(
    path: Path, edges: Sequence[float], before: Sequence[float], after: Sequence[float], title: str
) -> None:
    """Write the histogram of two runs as an SVG file: shares in per cent of each interval."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.size": 10, "svg.fonttype": "none", "svg.hashsalt": "histogram"}):
        figure = Figure(figsize=(7.0, 3.8), layout="constrained")
        axes = figure.subplots()
        series = (
            ("before (plain)", before, BEFORE, -WIDTH / 2),
            ("with Recon", after, AFTER, WIDTH / 2),
        )
        for label, shares, colour, shift in series:
            places = [place + shift for place in range(len(shares))]
            bars = axes.bar(places, [100 * s for s in shares], WIDTH, color=colour, label=label)
            axes.bar_label(bars, fmt="%.1f", fontsize=8, padding=1)
        axes.set_xticks(range(len(before)), intervals(edges))
        axes.set(xlabel="cosine of two task gradients", ylabel="share of pairs, %", title=title)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
        figure.savefig(path, metadata={"Date": None, "Creator": None})
