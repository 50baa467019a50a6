"""One self-contained HTML page on one or many runs: no network, no script needed to read it."""

from collections.abc import Sequence
from importlib.resources import files

from conformance.report import claims, failures, papers, plots
from conformance.report.markup import Markup, element, joined
from conformance.report.matrix import glance, grid, law_table, mark
from conformance.report.reading import Point, Record, Run
from conformance.report.words import (
    assigned,
    brief,
    clipped,
    counted,
    headline,
    short,
    sign,
    spoken,
    tone,
)

LEGEND = ("pass", "fail", "crash", "undecided", "refused", "unsupported", "not-applicable")
READING = (
    "A scaled error is e = ‖x − x*‖ / (u B), where x* is the exact answer, u the unit roundoff of "
    "the dtype, and B = ω + √( Σ_{i≤j} ‖∂x/∂K_ij · n_i n_j‖² + Σ_i ‖∂x/∂C_ii‖² ) · s(d) says how "
    "far the answer moves when the inner products of the gradients are rounded once "
    "(ω = Σ |w_i| n_i). The same error can be right for a hard question and wrong for an easy one."
)
GRADES = (
    "Grades are accuracy alone, from the worst e: A up to 30, B up to max(30, u^−½), C up to "
    "10⁻² / u, F beyond. A method is certified if no law fails, every gating law passes at "
    "least once, nothing valid was refused, and its errors are within its claim."
)


def page(runs: Sequence[Run]) -> str:
    """The whole page as text."""
    title = "Conformance: " + ", ".join(run.name for run in runs)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", _asset("page.css")),
    )
    body = element(
        "body",
        element("a", "Skip to the results", href="#results", class_="skip"),
        _header(runs),
        element("main", *map(Markup, _sections(runs)), id="results"),
        element("script", _asset("page.js")),
    )
    return f'<!doctype html>\n<html lang="en">{head}{body}</html>\n'


def _asset(name: str) -> Markup:
    """A style sheet or script that is part of the page; it is ours, so it is not escaped."""
    return Markup((files("conformance.report") / name).read_text(encoding="utf-8"))


def _sections(runs: Sequence[Run]) -> list[Markup]:
    """What stands below the header."""
    return [
        element("section", element("h2", "At a glance"), glance(runs), class_="glance"),
        *(_backend(run, at) for at, run in enumerate(runs)),
        claims.section({name for run in runs for name in run.methods}),
        papers.section(),
        _how_to_read(),
    ]


def _header(runs: Sequence[Run]) -> Markup:
    """What was judged, by what, and how it ended."""
    first = runs[0].predicate if runs else {}
    suite = first.get("suite") or {}
    facts = [
        f"suite {suite.get('version', '—')}",
        f"profile {first.get('profile', '—')}",
        f"seed {first.get('seed', '—')}",
    ]
    return element(
        "header",
        element("p", "mtl-reference", class_="eyebrow"),
        element("h1", "Conformance to exact references"),
        element("p", " · ".join(facts), class_="facts"),
        element("ul", *(_headline(run, at) for at, run in enumerate(runs)), class_="headline"),
        *(_partial(run) for run in runs if run.partial),
    )


def _headline(run: Run, at: int) -> Markup:
    """How one backend fared, in a sentence that leads to it."""
    name = element("a", run.name, href=f"#b{at}")
    return element("li", element("b", name), ": ", headline(run.methods))


def _partial(run: Run) -> Markup:
    """The warning that a run did not end."""
    text = f"{run.name}: the run was interrupted; what stands here is partial."
    return element("p", mark("partial"), " ", text, class_="banner", role="note")


def _backend(run: Run, at: int) -> Markup:
    """One backend: who it is, its matrix, its methods, its failures, what was not tested."""
    return element(
        "section",
        element("h2", run.name, id=f"b{at}"),
        _identity(run),
        element("h3", "Laws by method"),
        grid(run, at),
        _legend(),
        element("h3", "Methods"),
        *(_method(run, at, name, facts) for name, facts in run.methods.items()),
        failures.section(run, at),
        element("h3", "What was not tested"),
        _untested(run),
        class_="backend",
    )


def _identity(run: Run) -> Markup:
    """Name, version, digest and environment of a backend."""
    digest = (run.subject.get("digest") or {}).get("sha256") or run.header.get("artifact")
    environment = run.predicate.get("environment") or {}
    rows = {
        "version": run.describe.get("version"),
        "language": run.describe.get("language"),
        "subject": run.subject.get("name"),
        "totals": counted(run.predicate.get("totals") or {}),
        "environment": assigned(environment),
    }
    shown = [
        joined(element("dt", name), element("dd", clipped(value)))
        for name, value in rows.items()
        if value
    ]
    code = element("code", short(digest), title=str(digest or ""))
    return element("dl", *shown, element("dt", "digest"), element("dd", code), class_="identity")


def _legend() -> Markup:
    """What the signs mean."""
    signs = (element("span", mark(each), f" {spoken(each)}") for each in LEGEND)
    return element(
        "p", *signs, element("span", "outlined: informs, does not gate"), class_="legend"
    )


def _method(run: Run, at: int, name: str, facts: Record) -> Markup:
    """One method of one backend: verdict, plots, worst points, laws."""
    verdict = str(facts.get("verdict"))
    if verdict == "unsupported":
        return element("p", mark(verdict), " ", element("b", name), " not offered", class_="thin")
    summary = element(
        "summary",
        element("span", sign(verdict), class_=f"sign {tone(verdict)}", aria_hidden="true"),
        element("b", name),
        element("span", spoken(verdict), class_=f"verdict {tone(verdict)}"),
        *_accuracy(facts),
    )
    claim = None if facts.get("claim_kept", True) else "The backend's own claim was not kept."
    return element(
        "details",
        summary,
        element("p", claim, class_="banner") if claim else None,
        _plots(run, at, name),
        law_table(run, at, name),
        id=f"b{at}-{name}",
        open="open" if verdict != "certified" else None,
    )


def _accuracy(facts: Record) -> list[Markup]:
    """Grade and worst error, where errors could be measured."""
    if facts.get("grade") is None:
        return [element("span", "judged by membership: no grade")]
    worst = f"worst scaled error {brief(facts.get('worst_scaled_error'))}"
    return [element("span", "grade ", element("b", facts["grade"])), element("span", worst)]


def _plots(run: Run, at: int, name: str) -> Markup:
    """Both plots of a method, or the reason why there are none."""
    points = [each for each in run.points if each.method == name]
    drawn = plots.drawable(points)
    if not drawn:
        return element("p", "No answer of this method has a finite bound to plot.", class_="note")
    if not plots.available():
        note = "Plots need matplotlib: pip install 'mtl-reference[plots]', then report again."
        return element("p", note, class_="note")
    salt = f"p{at}-{name}"
    left, right = plots.relative(points, f"{salt}-r"), plots.scaled(points, f"{salt}-s")
    shown = min(len(drawn), plots.SHOWN)
    caption = f"Drawn are {shown} of {len(points)} judged answers, those of finite condition, the "
    caption += "worst always among them. Answers on the lowest line are exactly right."
    return joined(
        element("figure", _drawing(left, f"{name}: relative error against condition")),
        element("figure", _drawing(right, f"{name}: scaled error against condition")),
        element("p", caption, class_="note"),
        _worst(points, at),
    )


def _drawing(svg: str, label: str) -> Markup:
    """A drawing with its name for those who do not see it."""
    return element("div", Markup(svg), role="img", aria_label=label, class_="plot")


def _worst(points: Sequence[Point], at: int) -> Markup:
    """The worst points in words, numbered as in the plots."""
    items = []
    for each in plots.worst(points):
        params = f", {assigned(each.params)}" if each.params else ""
        drawn = "" if plots.drawable([each]) else " (not drawn: the exact answer is 0)"
        text = f"e = {brief(each.scaled)}, {each.dtype}, {each.law}{params}{drawn}"
        link = f"#b{at}-failure-{each.failure}" if each.failure else None
        items.append(element("li", text, " ", element("a", "case", href=link) if link else None))
    return element("ol", *items, class_="worst") if items else joined()


def _untested(run: Run) -> Markup:
    """What a certificate does not cover, in its own words, and what was left undecided."""
    limits = run.predicate.get("limits") or "Nothing is said about the limits of this run."
    expected = run.predicate.get("expected") or []
    unsupported = [name for name, facts in run.methods.items() if _missing(facts)]
    lines = [str(limits)]
    if unsupported:
        lines.append(f"Not offered by the backend: {', '.join(unsupported)}.")
    lines += [f"Expected to fail: {clipped(each)}" for each in expected]
    return element("ul", *(element("li", clipped(line)) for line in lines))


def _missing(facts: Record) -> bool:
    """Whether the backend does not offer a method."""
    return facts.get("verdict") == "unsupported"


def _how_to_read() -> Markup:
    """What the figures mean."""
    return element(
        "section",
        element("h2", "How to read this page"),
        element("p", READING),
        element("p", GRADES),
        class_="reading",
    )
