"""Who was judged: each run's identity, what of it was not tested, and what was expected to fail."""

from collections.abc import Mapping, Sequence

from conformance.report import anchors
from conformance.report.markup import Markup, element, joined
from conformance.report.matrix import mark
from conformance.report.reading import Record, Run
from conformance.report.words import assigned, clipped, counted, short

FIELDS = ("id", "kind", "matched", "reason")


def section(runs: Sequence[Run], labels: Sequence[str]) -> Markup:
    """Every run."""
    return element(
        "section",
        element("h2", "Backends", id="backends"),
        *(
            _backend(run, label, at)
            for at, (run, label) in enumerate(zip(runs, labels, strict=True))
        ),
        aria_labelledby="backends",
    )


def _backend(run: Run, label: str, at: int) -> Markup:
    return element(
        "section",
        element("h3", label, id=anchors.run(at), tabindex="-1"),
        _identity(run),
        element("h4", "What was not tested"),
        _untested(run),
        _expected(run.predicate.get("expected") or []),
        data_b=at,
        aria_labelledby=anchors.run(at),
    )


def _identity(run: Run) -> Markup:
    """Name, version, digest and environment of a backend."""
    suite = run.predicate.get("suite") or {}
    judged = [
        f"suite {suite.get('version', '—')} ({short(suite.get('digest'))})",
        f"profile {run.predicate.get('profile', '—')}",
        f"seed {run.predicate.get('seed', '—')}",
    ]
    rows = {
        "calls itself": run.kind if run.kind != run.name else None,
        "version": run.describe.get("version"),
        "language": run.describe.get("language"),
        "subject": run.subject.get("name"),
        "judged by": ", ".join(judged),
        "verdicts": counted(run.predicate.get("totals") or {}),
        "environment": assigned(run.predicate.get("environment") or {}),
    }
    shown = [
        joined(element("dt", name), element("dd", clipped(value)))
        for name, value in rows.items()
        if value
    ]
    code = element("code", short(run.digest), title=run.digest)
    return element("dl", *shown, element("dt", "digest"), element("dd", code), class_="identity")


def _untested(run: Run) -> Markup:
    """What a certificate does not cover, in its own words, and what is not offered."""
    lines = [str(run.predicate.get("limits") or "Nothing is said about the limits of this run.")]
    missing = [name for name, facts in run.methods.items() if facts.get("verdict") == "unsupported"]
    if missing:
        lines.append(f"Not offered by the backend: {', '.join(missing)}.")
    return joined(*(element("p", clipped(line)) for line in lines))


def _expected(found: Sequence[object]) -> Markup:
    """The list of expected failures that the run honoured."""
    if not found:
        return joined()
    entries = [each if isinstance(each, Mapping) else {"id": each} for each in found]
    rows = [
        element(
            "tr",
            element("th", clipped(entry.get("id", "")), scope="row"),
            *(_field(name, entry) for name in FIELDS[1:]),
            element("td", _issue(entry.get("issue") or "")),
        )
        for entry in entries
    ]
    heads = (*FIELDS, "issue")
    table = element(
        "table",
        element("caption", "Expected failures", class_="unseen"),
        element("thead", element("tr", *(element("th", each, scope="col") for each in heads))),
        element("tbody", *rows),
        class_="plain",
    )
    return joined(
        element("h4", f"Expected to fail or skipped ({len(entries)})"),
        element(
            "div",
            table,
            class_="frame",
            role="region",
            aria_label="Expected failures",
            tabindex="0",
        ),
    )


def _field(name: str, entry: Record) -> Markup:
    value = str(entry.get(name, ""))
    return element("td", mark(value) if name == "kind" else clipped(value))


def _issue(address: object) -> Markup:
    """Where an issue stands: a link only if it is an https address, else text."""
    text = clipped(address)
    if not text.startswith("https://"):
        return joined(text)
    return element("a", text, href=text, rel="noopener noreferrer")
