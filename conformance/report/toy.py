"""The picture of CAGrad's toy: one panel a method, its paths from every start on the mean loss."""

import io
from collections.abc import Mapping, Sequence

Path = Sequence[tuple[float, float]]

COLUMNS = 4
INKS = ("#c10101", "#0101c1", "#01810f")
MINIMUM = (0.0, -8.3551)  # of the mean loss


def picture(
    paths: Mapping[str, Sequence[Path]], span: Sequence[float], heights: Sequence[Sequence[float]]
) -> str:
    """SVG text; ``heights`` are the mean loss on the square of ``span``, row by row upwards."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    rows = -(-len(paths) // COLUMNS)
    figure = Figure(figsize=(3 * COLUMNS, 3 * rows), layout="constrained")
    FigureCanvasSVG(figure)
    for place, (name, walked) in enumerate(paths.items(), start=1):
        axes = figure.add_subplot(rows, COLUMNS, place)
        axes.contour(span, span, heights, levels=8, colors="#c8c8c8", linewidths=0.6)
        for path, ink in zip(walked, INKS, strict=False):
            axes.plot(*zip(*path, strict=True), color=ink, linewidth=1.2)
            axes.plot(*path[0], marker="o", color=ink, markersize=4)
            axes.plot(*path[-1], marker="x", color=ink, markersize=6)
        axes.plot(*MINIMUM, marker="*", color="#000000", markersize=7)
        axes.set_title(name, fontsize=10)
    text = io.StringIO()
    with rc_context({"svg.hashsalt": "toy", "svg.fonttype": "none"}):
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()
