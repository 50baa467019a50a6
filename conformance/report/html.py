"""One self-contained HTML page on one or many runs: no network, no script needed to read it."""

from collections.abc import Collection, Sequence
from importlib.resources import files
from pathlib import Path

from conformance.report import (
    anchors,
    backends,
    changes,
    claims,
    failures,
    filters,
    matrix,
    methods,
    papers,
)
from conformance.report.markup import Markup, element, joined
from conformance.report.matrix import mark
from conformance.report.reading import Run, labels
from conformance.report.words import headline

ERRORS = (
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
DOTS = (
    "In a plot, each dot is one judged answer: how wrong it was, over how hard its question was. "
    "Dots below the line of their dtype are within 30 u B."
)
MARGINS = (
    "A worst margin is the share of the allowance that was left: 1 for a value on the right side, "
    "0 at the limit, negative beyond, −∞ where nothing was allowed."
)


PLACES = {
    "matrix": "Matrix",
    "changes": "Changes",
    "methods": "Methods",
    "failures": "Failures",
    "backends": "Backends",
    "claims": "Claims",
    "papers": "Papers",
    "reading": "How to read this",
}


def page(runs: Sequence[Run], out: Path = Path(), *, tables: bool = False) -> str:
    """The whole page as text, to be written in the folder ``out``, from where it links files.

    With ``tables`` it recomputes the papers' printed tables too, which takes a second.
    """
    runs = failures.limited(runs)
    title = "Conformance: " + ", ".join(labels(runs))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", _asset("page.css"), Markup(matrix.style())),
    )
    body = element(
        "body",
        element("a", "Skip to the results", href="#results", class_="skip"),
        *_body(runs, labels(runs), out, tables=tables),
        element("script", _asset("page.js")),
    )
    return f'<!doctype html>\n<html lang="en">{head}{body}</html>\n'


def _asset(name: str) -> Markup:
    """A style sheet or script that is part of the page; it is ours, so it is not escaped."""
    return Markup((files("conformance.report") / name).read_text(encoding="utf-8"))


def _body(runs: Sequence[Run], told: Sequence[str], out: Path, *, tables: bool) -> list[Markup]:
    """Header, navigation and sections."""
    changed, printed = changes.section(runs, told), papers.section() if tables else Markup()
    sections = (
        _results(runs, told),
        changed,
        methods.section(runs, told),
        failures.section(runs, told, out),
        backends.section(runs, told),
        claims.section({name for run in runs for name in run.methods}),
        printed,
        _how_to_read(),
    )
    main = element("main", *sections, id="results", tabindex="-1")
    absent = {name for name, part in (("changes", changed), ("papers", printed)) if not part}
    return [_header(runs, told), _navigation(absent), main]


def _navigation(absent: Collection[str]) -> Markup:
    """Links to the sections."""
    items = (
        element("li", element("a", says, href=f"#{at}"))
        for at, says in PLACES.items()
        if at not in absent
    )
    return element("nav", element("ul", *items), aria_label="Sections")


def _header(runs: Sequence[Run], told: Sequence[str]) -> Markup:
    """What was judged, by what, and how it ended."""
    lines = (
        _headline(run, label, at) for at, (run, label) in enumerate(zip(runs, told, strict=True))
    )
    return element(
        "header",
        element("p", "mtl-reference", class_="eyebrow"),
        element("h1", "Conformance to exact references"),
        element("p", _facts(runs), class_="facts"),
        element("ul", *lines, class_="headline"),
        *(_partial(label) for run, label in zip(runs, told, strict=True) if run.partial),
    )


def _facts(runs: Sequence[Run]) -> str:
    """Suite, profile and seed where all runs share them."""
    facts = {
        "suite": [(run.predicate.get("suite") or {}).get("version", "—") for run in runs],
        "profile": [run.predicate.get("profile", "—") for run in runs],
        "seed": [run.predicate.get("seed", "—") for run in runs],
    }
    told = {
        name: values[0] if len(set(map(str, values))) == 1 else "differs"
        for name, values in facts.items()
    }
    return " · ".join(f"{name} {value}" for name, value in told.items())


def _headline(run: Run, label: str, at: int) -> Markup:
    """How one backend fared, in a sentence that leads to it."""
    name = element("a", label, href=f"#{anchors.run(at)}")
    version = element("span", f" {run.version}", class_="small")
    told = None if run.version in label else version
    return element("li", element("b", name), told, ": ", headline(run.methods), data_b=at)


def _partial(label: str) -> Markup:
    """The warning that a run did not end."""
    text = f"{label}: the run was interrupted; what stands here is partial."
    return element("p", mark("partial"), " ", text, class_="banner", role="note")


def _results(runs: Sequence[Run], told: Sequence[str]) -> Markup:
    """The matrix and its filters."""
    nothing = element("p", "Nothing matches these filters.", id="nothing", hidden="")
    return element(
        "section",
        element("h2", "Matrix", id="matrix"),
        filters.form(runs, told),
        matrix.table(runs, told),
        nothing,
        aria_labelledby="matrix",
    )


def _how_to_read() -> Markup:
    """What the figures mean."""
    return element(
        "section",
        element("h2", "How to read this page", id="reading"),
        joined(*(element("p", each) for each in (ERRORS, GRADES, DOTS, MARGINS))),
        aria_labelledby="reading",
    )
