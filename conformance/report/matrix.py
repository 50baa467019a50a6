"""The matrix of a page: methods and their laws down, one column a run, every cell a verdict."""

from collections.abc import Iterator, Sequence

from conformance.report import anchors
from conformance.report.markup import Markup, element, joined
from conformance.report.reading import Record, Run
from conformance.report.words import SIGNS, brief, counted, spoken, tone

CAPTION = "Verdicts: methods and their laws down, one column a run"
LEGEND = (
    "pass", "fail", "crash", "timeout", "protocol", "undecided", "refused", "xfail", "skipped",
    "unsupported",
)  # fmt: skip
INFORMS = "This law does not gate: it informs."


def mark(verdict: str) -> Markup:
    """A verdict as a word in its tone; the style sheet puts its sign before it."""
    known = f" v-{verdict}" if verdict in SIGNS else ""
    return element("span", spoken(verdict), class_=f"mark {tone(verdict)}{known}")


def style() -> str:
    """The rules that put signs before verdicts; a screen reader is told the word alone."""
    rules = (
        f'.v-{verdict}::before {{ content: "{sign}"; content: "{sign}" / ""; }}'
        for verdict, (sign, _) in SIGNS.items()
    )
    return "\n".join(rules) + "\n"


def names(runs: Sequence[Run]) -> list[str]:
    """The methods that any of the runs is about, in order."""
    return sorted({name for run in runs for name in run.methods})


def offered(runs: Sequence[Run], method: str) -> bool:
    """Whether any of the runs could judge a method."""
    return any(judged(run, method) for run in runs)


def judged(run: Run, method: str) -> bool:
    """Whether a run asked a method and the backend offers it."""
    return standing(run, method) not in {"", "unsupported"}


def standing(run: Run, method: str) -> str:
    """What a run says of a method as a whole; nothing if it did not ask."""
    return str((run.methods.get(method) or {}).get("verdict") or "")


def laws(runs: Sequence[Run], method: str) -> list[str]:
    """The laws that any of the runs asked of a method; accuracy first."""
    found = {law for run in runs for law in (run.methods.get(method) or {}).get("laws") or {}}
    return sorted(found, key=lambda law: (law != "accuracy", law))


def table(runs: Sequence[Run], labels: Sequence[str]) -> Markup:
    """The matrix: a group of rows for each method that one of the runs offers."""
    heads = [
        element("th", element("a", label, href=f"#{anchors.run(at)}"), scope="col", data_b=at)
        for at, label in enumerate(labels)
    ]
    groups = [_group(runs, name) for name in names(runs) if offered(runs, name)]
    found = element(
        "table",
        element("caption", CAPTION, class_="unseen"),
        element("thead", element("tr", element("th", "method and law", scope="col"), *heads)),
        *groups,
        class_="matrix",
    )
    return joined(
        element("div", found, class_="frame", role="region", aria_label=CAPTION, tabindex="0"),
        _absent(runs),
        _legend(),
    )


def _group(runs: Sequence[Run], method: str) -> Markup:
    """One method: a row for itself, then a row for each law."""
    link = element("a", method, href=f"#{anchors.method(method)}")
    head = element(
        "tr",
        element("th", link, scope="rowgroup"),
        *(_whole(run, at, method) for at, run in enumerate(runs)),
        class_="whole",
    )
    rows = (_law(runs, method, law) for law in laws(runs, method))
    return element("tbody", head, *rows, data_m=method)


def _whole(run: Run, at: int, method: str) -> Markup:
    """What a run says of a method: verdict, grade, worst error."""
    facts, verdict = run.methods.get(method) or {}, standing(run, method)
    if not verdict:
        return _unasked(at)
    if not judged(run, method):
        return element("td", mark(verdict), data_b=at, data_v=verdict)
    parts = joined(mark(verdict), *accuracy(facts))
    chip = element(
        "a", parts, href=f"#{anchors.method(method, at)}", class_=f"chip {tone(verdict)}"
    )
    return element("td", chip, data_b=at, data_v=verdict)


def accuracy(facts: Record) -> list[Markup]:
    """Grade and worst scaled error; a word where a method was judged by membership alone."""
    if facts.get("grade") is None:
        return [element("span", "no grade", class_="small")]
    grade = element("b", element("span", "grade ", class_="unseen"), facts["grade"])
    worst = f"e ≤ {brief(facts.get('worst_scaled_error'))}"
    return [grade, element("span", worst, class_="small", title="worst scaled error")]


def _law(runs: Sequence[Run], method: str, law: str) -> Markup:
    """One law of a method."""
    informs = not gates(runs, method, law)
    head = element(
        "th",
        element("a", law, href=f"#{anchors.law(law, method)}"),
        element("span", "informs", class_="tag", title=INFORMS) if informs else None,
        scope="row",
    )
    return element("tr", head, *_cells(runs, method, law), data_l=law)


def gates(runs: Sequence[Run], method: str, law: str) -> bool:
    """Whether a law gates, as far as the runs say."""
    found = [_facts(run, method, law) for run in runs]
    return all(facts.get("gates", True) for facts in found if facts)


def _facts(run: Run, method: str, law: str) -> Record:
    found: Record = ((run.methods.get(method) or {}).get("laws") or {}).get(law) or {}
    return found


def _cells(runs: Sequence[Run], method: str, law: str) -> Iterator[Markup]:
    for at, run in enumerate(runs):
        facts = _facts(run, method, law)
        if not facts:
            yield _unasked(at)
            continue
        verdict = str(facts.get("verdict"))
        cases = counted(facts.get("counts") or {})
        yield element(
            "td", mark(verdict), element("span", cases, class_="small"), data_b=at, data_v=verdict
        )


def _unasked(at: int) -> Markup:
    """A cell for what a run did not ask."""
    dash = element("span", "–", aria_hidden="true")
    return element(
        "td", dash, element("span", "not asked", class_="unseen"), class_="mute", data_b=at
    )


def _absent(runs: Sequence[Run]) -> Markup:
    """The methods that nobody offers, in one line."""
    missing = [name for name in names(runs) if not offered(runs, name)]
    if not missing:
        return joined()
    whom = "any of the backends" if len(runs) > 1 else "the backend"
    return element("p", f"Not offered by {whom}: {', '.join(missing)}.", class_="note")


def _legend() -> Markup:
    """What the signs mean."""
    signs = (element("li", mark(each)) for each in LEGEND)
    return element("ul", *signs, class_="legend", aria_label="What the signs mean")
