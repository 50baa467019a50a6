"""The plots of a report as SVG: relative error against condition, one dot an answer, log-log.

A drawing is written here, by hand and small: dots of one dtype are one path on a grid of whole
pixels, so that the plots of sixty methods on several backends fit in one page. Colours are the
style sheet's. The bound 30 u B / |x*| is a line of slope one for each dtype; what lies above it is
too wrong. Answers that are exactly right lie on the line "0", those without a number on "∞".
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import final

from conformance.report.markup import Markup, element, joined
from conformance.report.reading import Point
from conformance.report.words import RAISED, brief
from conformance.tolerance import FORMATS, LIMIT

Link = Callable[[Point], str | None]  # where the failure of a point stands, if it has one

SHOWN = 400
WORST = 3
DTYPES = ("float64", "float32", "bfloat16")
WIDTH, HEIGHT = 400, 270
LEFT, RIGHT, TOP, BOTTOM = 52, 392, 40, 212
EXACT, BROKEN = 224, 28  # where errors of 0 and of no finite size lie
TICKS = 6
ROOM = 10  # what a figure needs
CONDITION, ERROR = "condition B / ‖x*‖", "relative error ‖x − x*‖ / ‖x*‖"


@final
@dataclass(frozen=True, slots=True)
class Frame:
    """The window of a plot: first and last decade of condition and of error."""

    across: tuple[int, int]
    up: tuple[int, int]

    def x(self, power: float) -> float:
        """Where a condition of a power of ten lies, in pixels from the left."""
        return LEFT + (RIGHT - LEFT) * _share(power, self.across)

    def y(self, power: float) -> float:
        """Where an error of a power of ten lies, in pixels from the top."""
        return BOTTOM - (BOTTOM - TOP) * _share(power, self.up)


def _share(value: float, ends: tuple[int, int]) -> float:
    return (value - ends[0]) / (ends[1] - ends[0])


def drawable(points: Iterable[Point]) -> list[Point]:
    """The points that have a place: a finite condition above zero and an error."""
    return [
        each
        for each in points
        if each.condition and 0 < each.condition < math.inf
        and each.dtype in DTYPES and _relative(each) is not None
    ]  # fmt: skip


def _relative(point: Point) -> float | None:
    """The relative error; where it is not told, e u times the condition, which is the same."""
    if point.relative is not None or point.scaled is None or point.condition is None:
        return point.relative
    return point.scaled * point.condition * 2.0 ** -FORMATS[point.dtype].digits


def worst(points: Sequence[Point], *, drawn: bool = True) -> list[Point]:
    """Points of greatest scaled error, at most three different ones, the worst first.

    Of those that have a place in the plot, unless ``drawn`` is false.
    """
    placed = drawable(points) if drawn else points
    ranked = sorted((each for each in placed if each.scaled), key=_badness, reverse=True)
    distinct = {(str(each.scaled), each.condition): each for each in reversed(ranked)}
    return sorted(distinct.values(), key=_badness, reverse=True)[:WORST]


def _badness(point: Point) -> float:
    """The scaled error to sort by; one that is no number is beyond all."""
    return math.inf if point.scaled is None or math.isnan(point.scaled) else point.scaled


def frame(points: Sequence[Point]) -> Frame:
    """The window that holds all points, and where the bound of each of their dtypes begins."""
    across = [math.log10(point.condition or 1) for point in points]
    errors = [math.log10(size) for each in points if 0 < (size := _error(each)) < math.inf]
    bounds = [_bound(dtype, min(across)) + 1 for dtype in {each.dtype for each in points}]
    return Frame(_decades(across), _decades([*errors, *bounds]))


def _error(point: Point) -> float:
    """The relative error; infinite where it is no number."""
    told = _relative(point)
    size = math.inf if told is None else abs(told)
    return math.inf if math.isnan(size) else size


def _decades(powers: Sequence[float]) -> tuple[int, int]:
    """Whole decades around some powers of ten, at least one of them."""
    lowest, highest = math.floor(min(powers)), math.floor(max(powers)) + 1
    return lowest, max(highest, lowest + 1)


def _bound(dtype: str, power: float) -> float:
    """The relative error, 30 u times the condition, that grade A allows; both powers of ten."""
    return math.log10(LIMIT) + power - FORMATS[dtype].digits * math.log10(2)


def thinned(points: Sequence[Point], window: Frame) -> list[Point]:
    """At most ``SHOWN`` points of different places, the worst always among them."""
    ranked = sorted(drawable(points), key=_badness, reverse=True)
    places = {(_place(each, window), each.dtype): each for each in reversed(ranked)}
    kept = sorted(places.values(), key=_badness, reverse=True)
    first, rest = kept[: SHOWN // 2], kept[SHOWN // 2 :]
    rest.sort(key=lambda each: each.condition or 0)
    stride = -(-len(rest) // (SHOWN // 2)) or 1
    return first + rest[::stride]


def _place(point: Point, window: Frame) -> tuple[int, int]:
    """A point's place on the grid of pixels; 0 and what is no number lie beside the axis."""
    size = _error(point)
    beside = EXACT if not size else BROKEN if math.isinf(size) else None
    x = window.x(math.log10(point.condition or 1))
    return round(x), round(window.y(math.log10(size))) if beside is None else beside


def plot(points: Sequence[Point], window: Frame, label: str, link: Link) -> Markup:
    """The drawing; the worst points are links where ``link`` knows their failure."""
    shown = thinned(points, window)
    groups = {dtype: [each for each in shown if each.dtype == dtype] for dtype in DTYPES}
    groups = {dtype: those for dtype, those in groups.items() if those}
    drawing = element(
        "g",
        *_axes(window, shown),
        *(_bound_line(dtype, window) for dtype in groups),
        *(_dots(dtype, those, window) for dtype, those in groups.items()),
        *_legend(groups),
        role="img",
        aria_label=label,
    )
    return element("svg", drawing, *_numbers(points, window, link), viewBox=f"0 0 {WIDTH} {HEIGHT}")


def _axes(window: Frame, points: Sequence[Point]) -> Iterator[Markup]:
    """Grid, ticks and titles."""
    grid = [f"M{window.x(power):.0f} {TOP}V{BOTTOM}" for power in _ticks(window.across)]
    grid += [f"M{LEFT} {window.y(power):.0f}H{RIGHT}" for power in _ticks(window.up)]
    yield element("path", d="".join(grid), class_="grid-lines")
    for power in _ticks(window.across):
        yield _text(_power(power), window.x(power), EXACT + 16, "middle")
    for power in _ticks(window.up):
        yield _text(_power(power), LEFT - 6, window.y(power) + 4, "end")
    heights = {_place(each, window)[1] for each in points}
    for name, height in (("0", EXACT), ("∞", BROKEN)):
        if height in heights:
            yield element("path", d=f"M{LEFT} {height}H{RIGHT}", class_="grid-lines dash")
            yield _text(name, LEFT - 6, height + 4, "end")
    yield _text(CONDITION, (LEFT + RIGHT) / 2, HEIGHT - 8, "middle")
    yield _text(ERROR, 0, 0, "middle", transform=f"translate(12 {(TOP + BOTTOM) / 2}) rotate(-90)")


def _ticks(ends: tuple[int, int]) -> list[int]:
    """Decades to write at an axis, evenly spaced and few."""
    stride = -(-(ends[1] - ends[0]) // TICKS)
    return list(range(ends[0], ends[1] + 1, stride))


def _power(power: int) -> str:
    return f"10{str(power).translate(RAISED)}"


def _text(text: str, x: float, y: float, at: str, **more: str) -> Markup:
    where = {} if "transform" in more else {"x": f"{x:.0f}", "y": f"{y:.0f}"}
    return element("text", text, **where, text_anchor=at, **more)


def _bound_line(dtype: str, window: Frame) -> Markup:
    """The bound of a dtype, over the conditions at which it lies in the window."""
    (x1, x2), (y1, y2) = (
        map(window.x, window.across),
        (window.y(_bound(dtype, end)) for end in window.across),
    )
    slope = (y2 - y1) / (x2 - x1)
    if y2 < TOP:
        x2, y2 = x1 + (TOP - y1) / slope, TOP
    if y1 > BOTTOM:
        x1, y1 = x2 + (BOTTOM - y2) / slope, BOTTOM
    line = element("path", d=f"M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}", class_=f"bound {dtype}")
    leaves = y2 < TOP + ROOM and x2 < RIGHT - 9 * ROOM  # through the top: the name stands beside it
    place = (x2 + 5, TOP + ROOM, "start") if leaves else (x2 - 4, y2 - 6, "end")
    return joined(line, _text(f"bound, {dtype}", *place, class_="bound-name"))


def _dots(dtype: str, points: Sequence[Point], window: Frame) -> Markup:
    """The points of one dtype, told apart by shape and by colour."""
    path, at = [], (0, 0)
    shape = "l-3 5h6z" if dtype == "bfloat16" else "h0"
    for place in sorted({_place(each, window) for each in points}):
        dx, dy = place[0] - at[0], place[1] - at[1]
        path.append(f"m{dx}{'' if dy < 0 else ' '}{dy}{shape}")
        at = place
    return element("path", d="".join(path), class_=f"dots {dtype}")


def _legend(groups: Iterable[str]) -> Iterator[Markup]:
    """Which shape is which dtype, above the plot."""
    for place, dtype in enumerate(groups):
        x = LEFT + 6 + 84 * place
        shape = "l-3 5h6z" if dtype == "bfloat16" else "h0"
        yield element("path", d=f"M{x} 10{shape}", class_=f"dots {dtype} shown")
        yield _text(dtype, x + 8, 14, "start")


def _numbers(points: Sequence[Point], window: Frame, link: Link) -> Iterator[Markup]:
    """1, 2, 3 beside the worst points, each a link to its failure where it has one."""
    taken: list[tuple[int, int]] = []
    for rank, point in enumerate(worst(points), start=1):
        x, y = _place(point, window)
        near = sum(abs(x - other) + abs(y - height) < 2 * ROOM for other, height in taken)
        taken.append((x, y))
        side = -1 if x > RIGHT - 4 * ROOM else 1
        ring = element("circle", cx=x, cy=y, r=5)
        figure = _text(str(rank), x + side * (ROOM + 13 * near), y - 4, "middle")
        says = f"worst point {rank}: scaled error {brief(point.scaled)}"
        if (target := link(point)) is None:
            yield element("g", ring, figure, role="img", aria_label=says, class_="worst-point")
        else:
            yield element("a", ring, figure, href=target, aria_label=says, class_="worst-point")
