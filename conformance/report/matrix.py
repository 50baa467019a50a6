"""The tables of verdicts in a page: methods by backends, laws by methods, and one method's laws."""

import re
from collections.abc import Sequence

from conformance.report.markup import Markup, element, joined
from conformance.report.reading import Record, Run
from conformance.report.words import brief, clipped, counted, sign, spoken, tone

GATING = "This law does not gate: it informs."


def mark(verdict: str) -> Markup:
    """The sign of a verdict in its tone, with the word for those who do not see it."""
    return element(
        "span",
        element("span", sign(verdict), aria_hidden="true"),
        element("span", spoken(verdict), class_="unseen"),
        class_=f"sign {tone(verdict)}",
    )


def slug(*words: str) -> str:
    """An anchor made of any words."""
    return "-".join(re.sub(r"[^A-Za-z0-9_]+", "_", word) for word in words)


def glance(runs: Sequence[Run]) -> Markup:
    """Methods by backends: verdict and grade."""
    methods = list(dict.fromkeys(name for run in runs for name in run.methods))
    heads = [
        element("th", element("a", run.name, href=f"#b{at}"), scope="col")
        for at, run in enumerate(runs)
    ]
    rows = [
        element(
            "tr",
            element("th", name, scope="row"),
            *(_glance_cell(run, at, name) for at, run in enumerate(runs)),
        )
        for name in methods
    ]
    return _framed("Verdict and grade of each method", joined(element("td"), *heads), rows)


def _glance_cell(run: Run, at: int, method: str) -> Markup:
    """One method of one backend, in one cell."""
    facts = run.methods.get(method) or {"verdict": "unsupported"}
    verdict = str(facts.get("verdict"))
    if tone(verdict) == "mute":
        return element("td", mark(verdict), class_="mute")
    link = element(
        "a",
        mark(verdict),
        *_chip(facts),
        href=f"#b{at}-{method}",
        class_=f"chip {tone(verdict)}",
    )
    return element("td", link)


def _chip(facts: Record) -> list[Markup]:
    """Grade and worst scaled error; a word where a backend was judged by membership alone."""
    if facts.get("grade") is None:
        return [element("span", "no grade", class_="small")]
    worst = f"e ≤ {brief(facts.get('worst_scaled_error'))}"
    grade = element("b", facts["grade"], class_="grade", title="grade")
    return [grade, element("span", worst, class_="small wide")]


def grid(run: Run, at: int) -> Markup:
    """Laws by methods of one backend; a cell leads to the law's row under its method."""
    methods = [name for name, facts in run.methods.items() if facts.get("laws")]
    laws = list(dict.fromkeys(law for name in methods for law in run.methods[name]["laws"]))
    heads = [element("th", element("span", name), scope="col") for name in methods]
    rows = [
        element(
            "tr",
            element("th", law, scope="row", title=statement(law)),
            *(_grid_cell(run.methods[name]["laws"].get(law), at, name, law) for name in methods),
        )
        for law in laws
    ]
    return _framed(f"Laws by method: {run.name}", joined(element("td"), *heads), rows, "grid")


def _grid_cell(facts: Record | None, at: int, method: str, law: str) -> Markup:
    """One law of one method, in one cell."""
    if facts is None:
        return element("td", mark("not-applicable"), class_="mute")
    verdict = str(facts.get("verdict"))
    says = f"{method}, {law}: {spoken(verdict)} ({counted(facts.get('counts') or {})})"
    link = element("a", mark(verdict), href=f"#{slug(f'b{at}-{method}', law)}", title=says)
    informs = "" if facts.get("gates", True) else " informs"
    return element("td", link, class_=tone(verdict) + informs)


def law_table(run: Run, at: int, method: str) -> Markup:
    """The laws of one method: verdict, counts, worst margin, and what the jobs say of weakness."""
    laws = run.methods[method].get("laws") or {}
    heads = joined(
        element("th", "law", scope="col"),
        element("th", "cases", scope="col"),
        element("th", "worst margin", scope="col", class_="number"),
    )
    rows = [
        _law_row(law, facts, f"b{at}", method, run.notes.get((method, law), ()))
        for law, facts in laws.items()
    ]
    return _framed(f"Laws of {method}", heads, rows, "laws")


def _law_row(law: str, facts: Record, anchor: str, method: str, notes: Sequence[str]) -> Markup:
    """One law of one method, as a row that cells and links lead to."""
    informs = not facts.get("gates", True)
    title = element(
        "th",
        mark(str(facts.get("verdict"))),
        element("b", law),
        element("span", "informs", class_="tag", title=GATING) if informs else None,
        element("span", statement(law), class_="statement"),
        scope="row",
    )
    case = facts.get("counterexample")
    link = element("a", "counterexample", href=f"#{anchor}-failure-{_last(case)}") if case else None
    said = [element("span", clipped(note), class_="statement") for note in notes]
    cases = element("td", counted(facts.get("counts") or {}), " " if link else None, link, *said)
    margin = element("td", brief(facts.get("worst_margin")), class_="number")
    return element("tr", title, cases, margin, id=slug(f"{anchor}-{method}", law), tabindex="-1")


def _last(case: object) -> str:
    """The id of a recorded failure: the last part of its path."""
    return str(case).rstrip("/").rpartition("/")[2]


def statement(law: str) -> str:
    """The sentence of a law; empty for one that this version does not know."""
    from properties.laws import LAWS

    if law == "in-training":
        return "At real steps of a real training the direction is the reference's."
    return clipped(LAWS[law].statement) if law in LAWS else ""


def _framed(caption: str, heads: Markup, rows: Sequence[Markup], kind: str = "") -> Markup:
    """A table in a frame that scrolls sideways where the page is narrow."""
    table = element(
        "table",
        element("caption", caption, class_="unseen"),
        element("thead", element("tr", heads)),
        element("tbody", *rows),
        class_=kind or None,
    )
    return element("div", table, class_="frame", tabindex="0", role="region", aria_label=caption)
