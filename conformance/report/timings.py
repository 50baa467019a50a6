"""The picture of the bench: at every size each method's time over the physical limit."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

COLOURS = {
    "torch": "#2a6fdb",
    "torchjd": "#d9822b",
    "libmtl": "#3a9a5b",
    "conflictfree": "#a05ab5",
}
OTHER, LIMIT = "#8a8f98", "#444444"
LABELS = {"torch": "this repository"}
SHIFT = 0.17  # between the columns of two sides, where sizes are 1 apart


def draw(path: Path, record: Mapping[str, Any]) -> None:
    """Write a dot for each method of each side, and the limit's line, as SVG or PNG."""
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, NullFormatter

    sides = ["torch", *sorted({each["peer"] for at in record["sizes"] for each in at["peers"]})]
    with mpl.rc_context({"font.size": 10, "svg.fonttype": "none", "svg.hashsalt": "timings"}):
        figure = Figure(figsize=(9.0, 4.6), layout="constrained")
        axes = figure.subplots()
        for rank, side in enumerate(sides):
            shift = SHIFT * (rank - (len(sides) - 1) / 2)
            places = [(x + shift, y) for x, y in dots(record, side)]
            axes.plot(
                [x for x, _ in places], [y for _, y in places], "o", label=LABELS.get(side, side),
                color=COLOURS.get(side, OTHER), markersize=4.2, markeredgewidth=0, alpha=0.75,
            )  # fmt: skip
        axes.axhline(1, color=LIMIT, linewidth=1)
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_xticks(
            range(len(record["sizes"])),
            [f"{at['tasks']} × {power(at['width'])}" for at in record["sizes"]],
        )
        axes.set(xlabel="tasks × width", ylabel="time over the limit G Gᵀ, wᵀG")
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, ncols=len(sides), loc="lower left", bbox_to_anchor=(0, 1))
        metadata = {"Date": None, "Creator": None} if path.suffix == ".svg" else None
        figure.savefig(path, metadata=metadata, dpi=160)


def dots(record: Mapping[str, Any], side: str) -> list[tuple[int, float]]:
    """The place of a size and the ratio of a method, for all methods of a side."""
    own = side == "torch"
    return [
        (place, each["ratio"])
        for place, at in enumerate(record["sizes"])
        for each in at["methods" if own else "peers"]
        if own or each["peer"] == side
    ]


def power(width: int) -> str:
    """A width as a power of ten where it is one.

    >>> power(10000), power(500)
    ('10⁴', '500')
    """
    zeros = len(str(width)) - 1
    raised = str(zeros).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{raised}" if width == 10**zeros and zeros > 2 else str(width)  # noqa: PLR2004
