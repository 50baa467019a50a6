"""What changed between versions: runs of one backend that differ in version or digest, in pairs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from conformance.gate import Change, compared
from conformance.report import anchors
from conformance.report.markup import Markup, element, joined
from conformance.report.matrix import mark
from conformance.report.reading import Run
from conformance.report.words import SIGNS, brief, short

KINDS = {"regression": "bad v-fail", "improvement": "good v-pass", "note": "mute"}
NONE = "Nothing that gates changed."
DRAWS = (
    "Each version met examples of its own, drawn from a seed that its digest goes into: a law that "
    "breaks rarely can differ by the draw. The failures of both stand below."
)


def pairs(runs: Sequence[Run]) -> list[tuple[int, int]]:
    """The places of each run and of the next one of the same backend that is another version."""
    kinds: dict[str, list[int]] = {}
    for at, run in enumerate(runs):
        kinds.setdefault(run.kind, []).append(at)
    return [
        (old, new)
        for places in kinds.values()
        for old, new in pairwise(places)
        if (runs[old].version, runs[old].digest) != (runs[new].version, runs[new].digest)
    ]


def section(runs: Sequence[Run], labels: Sequence[str]) -> Markup:
    """The section; nothing where no two runs are versions of one backend."""
    found = pairs(runs)
    if not found:
        return joined()
    return element(
        "section",
        element("h2", "What changed between versions", id="changes"),
        *(_pair(runs, labels, old, new) for old, new in found),
        aria_labelledby="changes",
    )


def _pair(runs: Sequence[Run], labels: Sequence[str], old: int, new: int) -> Markup:
    """Two runs: what was judged, what got worse, what got better, and what else moved."""
    title = element("h3", f"{labels[old]} → {labels[new]}")
    digests = f"digest {short(runs[old].digest)} → {short(runs[new].digest)}"
    facts = element("p", digests, class_="facts")
    try:
        changes = compared(*({"predicate": runs[at].predicate} for at in (old, new)))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return joined(title, facts, element("p", f"They cannot be compared: {error!r}."))
    told = [each for each in changes if each.kind != "note"]
    notes = [each for each in changes if each.kind == "note"]
    return joined(
        title,
        facts,
        element("p", _counted(changes)),
        element("p", DRAWS, class_="note") if told else None,
        _table(told, "Regressions and improvements", new) if told else None,
        _folded(f"What gates nothing ({len(notes)})", _table(notes, "Notes", new))
        if notes
        else None,
        _moved(runs[old], runs[new], labels[old], labels[new], new),
    )


def _counted(changes: Sequence[Change]) -> str:
    """How many changes of each kind there are."""
    kinds = [change.kind for change in changes]
    told = [
        f"{count} {kind}{'s' if count > 1 else ''}"
        for kind in KINDS
        if (count := kinds.count(kind))
    ]
    return f"{', '.join(told)}." if told else NONE


def _folded(summary: str, *children: Markup) -> Markup:
    return element("details", element("summary", summary), *children)


def _table(changes: Sequence[Change], caption: str, new: int) -> Markup:
    """Changes, one a row; a row leads to its method."""
    rows = [
        element(
            "tr",
            element("td", _kind(each.kind)),
            element("th", _link(each, new), scope="row"),
            element("td", each.law or each.what),
            element("td", _state(each.before)),
            element("td", _state(each.after)),
            data_m=each.method or None,
        )
        for each in changes
    ]
    return _framed(caption, ("change", "method", "what", "before", "after"), rows)


def _kind(kind: str) -> Markup:
    return element("span", kind, class_=f"mark {KINDS[kind]}")


def _link(change: Change, new: int) -> Markup:
    """The method of a change, leading to where the newer run tells of it."""
    if not change.method:
        return joined("the run")
    if change.after in {"absent", "unsupported"}:
        return joined(change.method)
    target = (
        anchors.law(change.law, change.method) if change.law else anchors.method(change.method, new)
    )
    return element("a", change.method, href=f"#{target}")


def _state(word: str) -> Markup:
    """A verdict with its sign; anything else as it is."""
    return mark(word) if word in SIGNS else joined(word)


def _moved(before: Run, after: Run, old: str, new: str, at: int) -> Markup:
    """Worst scaled errors that differ, method by method, folded."""
    rows = [
        element(
            "tr",
            element("th", element("a", name, href=f"#{anchors.method(name, at)}"), scope="row"),
            element("td", brief(first), class_="number"),
            element("td", brief(second), class_="number"),
            data_m=name,
        )
        for name, first, second in _errors(before.methods, after.methods)
    ]
    if not rows:
        return joined()
    table = _framed("Worst scaled errors that differ", ("method", old, new), rows)
    return _folded(f"Worst scaled errors that differ ({len(rows)})", table)


def _errors(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, object, object]]:
    for name in sorted({*before} & {*after}):
        errors = [facts[name].get("worst_scaled_error") for facts in (before, after)]
        if errors[0] != errors[1]:
            yield name, errors[0], errors[1]


def _framed(caption: str, heads: Sequence[str], rows: Sequence[Markup]) -> Markup:
    table = element(
        "table",
        element("caption", caption, class_="unseen"),
        element("thead", element("tr", *(element("th", each, scope="col") for each in heads))),
        element("tbody", *rows),
        class_="plain",
    )
    return element("div", table, class_="frame", role="region", aria_label=caption, tabindex="0")
