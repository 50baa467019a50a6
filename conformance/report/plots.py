"""The plots of a report as SVG text: error against condition, drawn by matplotlib where it is.

Colours are written as CSS variables, so that one drawing suits a light and a dark page.
"""

import io
import math
import re
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from conformance.report.reading import Point
from conformance.report.words import RAISED
from conformance.tolerance import FORMATS, LIMIT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 400
WORST = 3
MARGINS = {"left": 0.14, "right": 0.98, "top": 0.91, "bottom": 0.14}
MARKERS = {"float64": "o", "float32": "s", "bfloat16": "^"}
# Stand-ins that a page's style sheet may colour: matplotlib writes them, `_themed` replaces them.
INK, PAPER, GRID, BAD = "#010101", "#fefefe", "#d1d1d1", "#c10101"
SERIES = {"float64": "#0101c1", "float32": "#01c101", "bfloat16": "#c101c1"}
THEME = {
    INK: "var(--ink)",
    PAPER: "var(--paper)",
    GRID: "var(--rule)",
    BAD: "var(--bad)",
    SERIES["float64"]: "var(--series-1)",
    SERIES["float32"]: "var(--series-2)",
    SERIES["bfloat16"]: "var(--series-3)",
}


def available() -> bool:
    """Whether plots can be drawn."""
    return find_spec("matplotlib") is not None


def drawable(points: Sequence[Point]) -> list[Point]:
    """The points that have a place: a finite condition above zero and both errors."""
    return [
        each
        for each in points
        if _finite(each.condition) and _finite(each.relative) and _finite(each.scaled)
        and each.condition
    ]  # fmt: skip


def worst(points: Sequence[Point]) -> list[Point]:
    """The points of greatest scaled error, at most three different ones, the worst first."""
    ranked = sorted((each for each in points if each.scaled), key=lambda each: -(each.scaled or 0))
    distinct = {(each.scaled, each.condition): each for each in reversed(ranked)}
    return sorted(distinct.values(), key=lambda each: -(each.scaled or 0))[:WORST]


def relative(points: Sequence[Point], salt: str) -> str:
    """Relative error against condition, log-log, with each dtype's bound 30 u B / |x|."""
    figure, axes = _axes(salt, "condition  B / ‖x*‖", "relative error  ‖x − x*‖ / ‖x*‖")
    shown = thinned(points)
    lowest = min(map(_roundoff, {each.dtype for each in shown})) / 100
    for dtype, those in _by_dtype(shown):
        _scatter(axes, dtype, [(p.condition, max(p.relative or 0, lowest)) for p in those])
        ends = [min(p.condition or 1 for p in those), max(p.condition or 1 for p in those)]
        bound = [LIMIT * _roundoff(dtype) * end for end in ends]
        axes.plot(ends, bound, color=BAD, linewidth=1.2, linestyle=_dash(dtype))
        axes.annotate(f"30 u B, {dtype}", (ends[1], bound[1]), color=BAD, ha="right", va="bottom")
    _number_worst(axes, points, lambda p: max(p.relative or 0, lowest))
    return _svg(figure, salt)


def scaled(points: Sequence[Point], salt: str) -> str:
    """Scaled error against condition, log-log, with the bound at 30."""
    figure, axes = _axes(salt, "condition  B / ‖x*‖", "scaled error  ‖x − x*‖ / (u B)")
    floor = 1e-3
    for dtype, those in _by_dtype(thinned(points)):
        _scatter(axes, dtype, [(p.condition, max(p.scaled or 0, floor)) for p in those])
    axes.axhline(LIMIT, color=BAD, linewidth=1.2)
    axes.annotate(
        "bound 30", (1, LIMIT), xycoords=("axes fraction", "data"), color=BAD, ha="right",
        va="bottom", xytext=(-4, 2), textcoords="offset points",
    )  # fmt: skip
    axes.set_ylim(bottom=floor / 2, top=max(axes.get_ylim()[1], 10 * LIMIT))
    _number_worst(axes, points, lambda p: max(p.scaled or 0, floor))
    return _svg(figure, salt)


def thinned(points: Sequence[Point]) -> list[Point]:
    """At most ``SHOWN`` points: the worst half, and of the rest every k-th by condition."""
    ranked = sorted(drawable(points), key=lambda each: -(each.scaled or 0))
    kept, rest = ranked[: SHOWN // 2], ranked[SHOWN // 2 :]
    rest.sort(key=lambda each: each.condition or 0)
    stride = -(-len(rest) // (SHOWN // 2)) or 1
    return kept + rest[::stride]


def _by_dtype(points: Sequence[Point]) -> list[tuple[str, list[Point]]]:
    """The points in groups of one dtype, in a fixed order."""
    groups = {dtype: [p for p in points if p.dtype == dtype] for dtype in MARKERS}
    return [(dtype, those) for dtype, those in groups.items() if those]


def _scatter(axes: "Axes", dtype: str, places: Sequence[tuple[Any, float]]) -> None:
    """Draw one dtype's points, told apart by shape and by colour."""
    axes.plot(
        [x for x, _ in places], [y for _, y in places], MARKERS[dtype], color=SERIES[dtype],
        markersize=3.4, markeredgewidth=0, alpha=0.55, label=dtype, linestyle="none",
    )  # fmt: skip


def _number_worst(axes: "Axes", points: Sequence[Point], height: Any) -> None:  # noqa: ANN401
    """Write 1, 2, 3 beside the worst points and show what the shapes mean."""
    for rank, point in enumerate(worst(points), start=1):
        if not drawable([point]):
            continue
        place = (point.condition or 1, height(point))
        axes.annotate(
            str(rank), place, xytext=(5, 4), textcoords="offset points", weight="bold", color=INK
        )
    if axes.get_legend_handles_labels()[1]:
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, labelcolor=INK,
            handletextpad=0.2, columnspacing=1.2, borderaxespad=0.2, markerscale=1.6,
        )  # fmt: skip


def _dash(dtype: str) -> str:
    """The dash of a dtype's bound, so that bounds are told apart without colour."""
    return {"float64": "-", "float32": "--"}.get(dtype, ":")


def _axes(salt: str, across: str, up: str) -> "tuple[Figure, Axes]":
    """An empty log-log plot in stand-in colours."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.size": 9.5, "font.family": "sans-serif"}):
        figure = Figure(figsize=(5.4, 3.7))
        axes = figure.subplots(gridspec_kw=MARGINS)
    figure.set_gid(f"figure-{salt}")
    figure.patch.set_alpha(0)
    axes.patch.set_alpha(0)
    axes.set(xscale="log", yscale="log", xlabel=across, ylabel=up)
    axes.xaxis.set_major_formatter(_power)
    axes.yaxis.set_major_formatter(_power)
    axes.tick_params(which="both", colors=INK, labelsize=9)
    axes.minorticks_off()
    axes.grid(color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)
    for side, spine in axes.spines.items():
        spine.set(color=GRID, visible=side in {"left", "bottom"})
    return figure, axes


def _power(value: float, _place: float) -> str:
    """A tick as a power of ten in plain text, which needs no parser of formulas."""
    return f"10{str(round(math.log10(value))).translate(RAISED)}" if value > 0 else ""


def _svg(figure: "Figure", salt: str) -> str:
    """The figure as one svg element that a page can hold: no prolog, no fixed size or colours."""
    import matplotlib as mpl

    out = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": salt}):
        figure.savefig(
            out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True
        )
    return _themed(out.getvalue(), salt)


def _themed(text: str, salt: str) -> str:
    """Cut an SVG file down to its svg element, its colours turned into CSS variables."""
    body = text[text.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", body, count=1)
    body = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", body, count=1)
    body = re.sub(r' xmlns(:xlink)?="[^"]*"', "", body)
    body = body.replace("xlink:href", "href")
    # ids of several drawings share one page
    body = re.sub(r'\bid="([^"]+)"', rf'id="{salt}-\1"', body)
    body = re.sub(r'href="#([^"]+)"', rf'href="#{salt}-\1"', body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{salt}-\1)", body)
    for colour, variable in THEME.items():
        body = body.replace(colour, variable)
    return re.sub(r"\n\s*", "\n", body)


def _roundoff(dtype: str) -> float:
    """Unit roundoff of a dtype as a float."""
    return 2.0 ** -FORMATS[dtype].digits


def _finite(value: float | None) -> bool:
    """Whether there is a finite number."""
    return value is not None and abs(value) < float("inf")
