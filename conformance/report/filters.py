"""The filters of a page: by run, method, law and verdict; shown only where a script serves them."""

from collections.abc import Iterable, Sequence

from conformance.report.markup import Markup, element, joined
from conformance.report.matrix import laws, names, offered, standing
from conformance.report.reading import Run
from conformance.report.words import SIGNS, spoken, tone

PROBLEM = "problem"


def form(runs: Sequence[Run], labels: Sequence[str]) -> Markup:
    """The form, hidden until the script wakes it; the count is told as it changes."""
    methods = [name for name in names(runs) if offered(runs, name)]
    known = sorted({law for method in methods for law in laws(runs, method)})
    fields = (
        _field("backend", "Backend", "all", map(_option, labels)),
        _field("method", "Method", "all", map(_option, methods)),
        _field("law", "Law", "all", map(_option, known)),
        _field("verdict", "Verdict", "any", _verdicts(runs, methods)),
    )
    return element(
        "form",
        element("div", *fields, _button("reset", "Reset"), _button("unfold", "Show all laws"),
                class_="fields"),
        element("p", id="count", role="status", aria_live="polite"),
        id="filters", role="search", aria_label="Filters", hidden="",
    )  # fmt: skip


def _field(name: str, label: str, nothing: str, options: Iterable[Markup]) -> Markup:
    every = element("option", nothing, value="")
    choice = element("select", every, *options, name=name, id=f"filter-{name}")
    return element("p", element("label", label, for_=f"filter-{name}"), choice)


def _option(value: str) -> Markup:
    return element("option", value, value=value)


def _button(name: str, label: str) -> Markup:
    return element("button", label, type="button", id=name)


def _verdicts(runs: Sequence[Run], methods: Sequence[str]) -> Iterable[Markup]:
    """The verdicts that occur: all troubles together, those of methods, those of laws."""
    whole = {standing(run, method) for run in runs for method in methods} - {""}
    each = {
        str(facts.get("verdict"))
        for run in runs
        for method in run.methods.values()
        for facts in (method.get("laws") or {}).values()
    }
    bad = " ".join(verdict for verdict in SIGNS if tone(verdict) == "bad")
    yield element("option", "every problem", value=PROBLEM, data_of=bad)
    for label, found in (("of a law", each), ("of a method", whole)):
        words = sorted(found, key=lambda word: list(SIGNS).index(word) if word in SIGNS else -1)
        yield element("optgroup", *(_verdict(word) for word in words), label=label)


def _verdict(word: str) -> Markup:
    return joined(element("option", spoken(word), value=word))
