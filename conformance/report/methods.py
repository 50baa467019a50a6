"""The method pages: what every run says of one method, its plots side by side, and its laws."""

from collections.abc import Iterator, Mapping, Sequence

from conformance.report import anchors, plots
from conformance.report.markup import Markup, element, joined
from conformance.report.matrix import accuracy, gates, judged, laws, mark, names, offered, standing
from conformance.report.reading import Point, Record, Run, last
from conformance.report.words import assigned, brief, clipped, counted
from mtl_reference import METHODS

REASONS = 4
NOTES = 2
STATEMENTS = {
    "in-training": "At real steps of a real training the direction is the reference's.",
    "vector": "The answer to each frozen vector lies within 30 u times its bound.",
    "vector-beyond": "The same for vectors that are invalid, or too large or small to gate.",
}
INFORMS = "informs, does not gate"


def section(runs: Sequence[Run], labels: Sequence[str]) -> Markup:
    """All methods that a run offers, closed but for the first that is in trouble."""
    found = [name for name in names(runs) if offered(runs, name)]
    bad = (name for name in found for run in runs if standing(run, name) == "not-certified")
    first = next(bad, found[0] if found else "")
    points = [_by_method(run.points) for run in runs]
    return element(
        "section",
        element("h2", "Methods", id="methods"),
        *(_method(runs, labels, name, points, shown=name == first) for name in found),
        aria_labelledby="methods",
    )


def _by_method(points: Sequence[Point]) -> dict[str, list[Point]]:
    """A run's points, sorted by method."""
    found: dict[str, list[Point]] = {}
    for each in points:
        found.setdefault(each.method, []).append(each)
    return found


def _method(
    runs: Sequence[Run],
    labels: Sequence[str],
    name: str,
    points: Sequence[Mapping[str, Sequence[Point]]],
    *,
    shown: bool,
) -> Markup:
    """One method."""
    own = [those.get(name, ()) for those in points]
    placed = plots.drawable(each for those in own for each in those)
    window = plots.frame(placed) if placed else None
    parts = (
        _of_run(run, labels[at], at, name, own[at], window)
        for at, run in enumerate(runs)
        if judged(run, name)
    )
    return element(
        "details",
        element("summary", element("h3", name), *_standings(runs, labels, name)),
        _source(name),
        element("div", *parts, class_="side-by-side"),
        _laws(runs, labels, name),
        id=anchors.method(name),
        class_="method",
        data_m=name,
        open="open" if shown else None,
    )


def _standings(runs: Sequence[Run], labels: Sequence[str], name: str) -> Iterator[Markup]:
    """How each run ended, for the line that stays when the method is closed."""
    for at, (run, label) in enumerate(zip(runs, labels, strict=True)):
        verdict = standing(run, name)
        if not judged(run, name):
            continue
        who = element("span", f"{label} ", class_="small") if len(runs) > 1 else None
        parts = joined(who, mark(verdict), *accuracy(run.methods[name]))
        yield element("span", parts, class_="standing", data_b=at, data_v=verdict)


def _source(name: str) -> Markup:
    """Where the method comes from."""
    return element("p", METHODS[name].paper, class_="note") if name in METHODS else joined()


def _of_run(
    run: Run, label: str, at: int, name: str, points: Sequence[Point], window: plots.Frame | None
) -> Markup:
    """One run's part: the plot, the worst points, why it is not certified."""
    facts, link = run.methods[name], _linking(run, at)
    return element(
        "section",
        element("h4", label),
        _plot(points, window, f"{name}, {label}", link),
        _worst(points, link),
        _why(facts),
        id=anchors.method(name, at),
        data_b=at,
        aria_label=f"{name}, {label}",
        tabindex="-1",
    )


def _why(facts: Record) -> Markup:
    """The reasons that a certificate gives, the first few of them."""
    if facts.get("verdict") != "not-certified":
        return joined()
    found = [str(each) for each in facts.get("reasons") or []]
    shown = [element("li", clipped(each)) for each in found[:REASONS]]
    if len(found) > REASONS:
        shown.append(element("li", f"and {len(found) - REASONS} more; see the laws below"))
    if not facts.get("claim_kept", True) and not found:
        shown.append(element("li", "the errors are not within the backend's own claim"))
    if not shown:
        return joined()
    return joined(element("p", "Why it is not certified"), element("ul", *shown, class_="reasons"))


def _linking(run: Run, at: int) -> plots.Link:
    """What leads from a point to its failure, where that was kept."""
    kept = {each.id for each in run.failures}

    def link(point: Point) -> str | None:
        known = point.failure in kept
        return f"#{anchors.failure(at, point.failure)}" if known and point.failure else None

    return link


def _plot(
    points: Sequence[Point], window: plots.Frame | None, label: str, link: plots.Link
) -> Markup:
    """The drawing with its caption, or the reason why there is none."""
    placed = plots.drawable(points)
    if not placed or window is None:
        note = "No answer here has an error and a finite condition to plot."
        return element("p", note, class_="note")
    says = f"{label}: relative error against condition, {len(placed)} answers"
    drawing = plots.plot(points, window, says, link)
    most = f", at most {plots.SHOWN} of them" if len(placed) > plots.SHOWN else ""
    caption = f"Drawn{most}: the {len(placed)} of {len(points)} judged answers that have an error"
    caption += " and a finite condition."
    return element("figure", drawing, element("figcaption", caption), class_="plot")


def _worst(points: Sequence[Point], link: plots.Link) -> Markup:
    """The worst points in words, numbered as in the plot, and what is worse without a place."""
    shown = plots.worst(points)
    drawn = set(map(id, plots.drawable(points)))
    worse = plots.worst([each for each in points if id(each) not in drawn], drawn=False)[:1]
    if not shown and not worse:
        return joined()
    items = (element("li", *_told(each, link)) for each in shown)
    parts = [element("ol", *items, class_="worst")] if shown else []
    for each in worse:
        note = "Without a place in the plot, as it has no finite condition: "
        parts.append(element("p", note, *_told(each, link), class_="worst-beside"))
    return joined(element("p", "Worst scaled errors"), *parts)


def _told(point: Point, link: plots.Link) -> tuple[str, Markup | None]:
    """A point in words, and the link to its failure."""
    params = f", {assigned(point.params)}" if point.params else ""
    target = link(point)
    to = element("a", "failure", href=target) if target else None
    return f"e = {brief(point.scaled)}, {point.dtype}, {point.law}{params} ", to


def _laws(runs: Sequence[Run], labels: Sequence[str], name: str) -> Markup:
    """The laws of a method, one column a run that offers it."""
    whole = [at for at, run in enumerate(runs) if judged(run, name)]
    heads = [element("th", labels[at], scope="col", data_b=at) for at in whole]
    rows = [
        element(
            "tr",
            _law(law, informs=not gates(runs, name, law)),
            *(_cell(runs[at], at, labels[at], name, law) for at in whole),
            id=anchors.law(law, name),
            data_l=law,
            tabindex="-1",
        )
        for law in laws(runs, name)
    ]
    caption = f"Laws of {name}"
    found = element(
        "table",
        element("caption", caption, class_="unseen"),
        element("thead", element("tr", element("th", "law", scope="col"), *heads)),
        element("tbody", *rows),
        class_="laws",
    )
    return element("div", found, class_="frame", role="region", aria_label=caption, tabindex="0")


def _law(law: str, *, informs: bool) -> Markup:
    """A law's name and its sentence."""
    tag = element("span", INFORMS, class_="tag") if informs else None
    says = element("span", statement(law), class_="statement")
    return element("th", element("b", law), tag, says, scope="row")


def _cell(run: Run, at: int, label: str, name: str, law: str) -> Markup:
    """One law on one run: verdict, counts, margin, counterexample, and what the jobs say."""
    facts: Mapping[str, object] = (run.methods[name].get("laws") or {}).get(law) or {}
    if not facts:
        return element("td", "not asked", class_="mute", data_b=at)
    verdict, counts = str(facts.get("verdict")), facts.get("counts")
    case = facts.get("counterexample")
    link = f"#{anchors.failure(at, last(case))}"
    return element(
        "td",
        element("span", f"{label} ", class_="whose"),
        mark(verdict),
        element("a", "counterexample", href=link) if case and last(case) in _kept(run) else None,
        element("span", counted(counts if isinstance(counts, Mapping) else {}), class_="small"),
        _margin(facts),
        *_notes(run.notes.get((name, law), ())),
        data_b=at,
        data_v=verdict,
    )


def _margin(facts: Mapping[str, object]) -> Markup:
    """The worst margin, where one was measured."""
    margin = "−∞" if facts.get("worst_margin_infinite") else brief(facts.get("worst_margin"))
    return element("span", f"worst margin {margin}", class_="small") if margin != "—" else joined()


def _notes(said: Sequence[str]) -> Iterator[Markup]:
    """What the jobs say of what did not pass, the first few."""
    for note in said[:NOTES]:
        yield element("span", clipped(note), class_="statement")
    if len(said) > NOTES:
        yield element("span", f"and {len(said) - NOTES} more", class_="statement")


def _kept(run: Run) -> set[str]:
    """The failures whose folder is there: a link needs something to lead to."""
    return {each.id for each in run.failures}


def statement(law: str) -> str:
    """The sentence of a law; empty for one that this version does not know."""
    from properties.laws import LAWS

    return STATEMENTS.get(law) or (clipped(LAWS[law].statement) if law in LAWS else "")
