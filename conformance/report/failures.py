"""The failures in a page: smallest input, expected against got, and the command to reproduce."""

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.report.markup import Markup, element, joined
from conformance.report.matrix import mark
from conformance.report.reading import Failure, Run
from conformance.report.words import assigned, brief, clipped, decimal, reproduction

WIDEST = 12
TITLE = ("method", "law", "dtype")
DRAWING = ("dtype", "family", "draws")  # how an input was found, no part of it
MOST = 4  # answers of one law that are shown


def section(run: Run, at: int) -> Markup:
    """All recorded failures of a run."""
    found = sorted(run.failures, key=lambda each: [str(each.case.get(key)) for key in TITLE])
    if not found:
        return joined(element("h3", "Failures"), element("p", "None was recorded."))
    return joined(
        element("h3", f"Failures ({len(found)})"),
        *(_failure(each, at, first=not rank) for rank, each in enumerate(found)),
    )


def _failure(failure: Failure, at: int, *, first: bool) -> Markup:
    """One failure; all but the first are closed until they are wanted."""
    case, observed = failure.case, failure.observed
    verdict = str(observed.get("verdict", "fail"))
    title = [str(case.get(key)) for key in TITLE if case.get(key)]
    params = case.get("params") or {}
    summary = element(
        "summary",
        mark(verdict),
        element("b", " / ".join(title)),
        element("span", assigned(params), class_="small") if params else None,
    )
    command = reproduction(failure.path)
    return element(
        "details",
        summary,
        element("p", clipped(observed.get("message") or ""), class_="message"),
        _input(case),
        _outputs(observed),
        element("p", "Reproduce it:"),
        element("pre", element("code", command), tabindex="0", class_="copy"),
        id=f"b{at}-failure-{failure.id}",
        open="open" if first else None,
        class_="failure",
    )


def _input(case: Mapping[str, Any]) -> Markup:
    """The smallest input as a matrix."""
    named = _named(case.get("inputs"))
    drawn, earlier = case.get("extra") or {}, case.get("earlier") or []
    extra = {name: value for name, value in drawn.items() if name not in DRAWING}
    return joined(
        element("p", "The smallest input found, one gradient a row:"),
        _numbers(named[:WIDEST]),
        element("p", f"after {len(earlier)} steps before it") if earlier else None,
        element("p", f"with {assigned(extra)}", class_="small") if extra else None,
        element("p", f"first {WIDEST} of {len(named)} rows") if len(named) > WIDEST else None,
    )


def _named(inputs: object) -> list[tuple[str, object]]:
    """The rows of inputs by name: those of the jacobian are g1, g2 and so on."""
    found: list[tuple[str, object]] = []
    for name, values in inputs.items() if isinstance(inputs, Mapping) else ():
        nested = isinstance(values, list) and values and isinstance(values[0], list)
        for i, row in enumerate(values if nested else [values]):
            short = f"g{i + 1}" if name == "jacobian" else f"{name} {i + 1}"
            found.append((short if nested else name, row))
    return found


def _outputs(observed: Mapping[str, Any]) -> Markup:
    """What is right, and what the backend answered: to the input, and to others that a law made."""
    seen = observed.get("observed") or []
    answers = [each for each in seen if isinstance(each, Mapping)] if isinstance(seen, list) else []
    first = answers[0] if answers else {}
    return joined(
        _compared(observed, first.get("outputs") or {}),
        _said(first),
        *(_other(each, rank) for rank, each in enumerate(answers[1:MOST], start=2)),
    )


def _compared(observed: Mapping[str, Any], got: Mapping[str, Any]) -> Markup:
    """Each output of the first answer below what is right."""
    expected = dict(observed.get("expected") or {})
    nearest = {"direction": observed.get("float64")} if expected else {}
    kinds = (("expected", expected), ("nearest float64", nearest), ("got", got))
    parts = []
    for name in dict.fromkeys([*expected, *got]):
        rows = [(label, values[name]) for label, values in kinds if values.get(name) is not None]
        parts += [element("p", f"{name}:"), _numbers(rows)]
    if reason := observed.get("reason"):
        parts.append(element("p", clipped(reason), class_="small"))
    return joined(*parts)


def _said(answer: Mapping[str, Any]) -> Markup:
    """What became of a request that has no outputs."""
    if not answer or answer.get("status") == "answered":
        return joined()
    text = f"the backend: {answer.get('status')}: {answer.get('message')}"
    return element("p", clipped(text), class_="message")


def _other(answer: Mapping[str, Any], rank: int) -> Markup:
    """An answer to an input that the law made of the first."""
    rows = _named(answer.get("inputs"))[:WIDEST]
    outputs = list((answer.get("outputs") or {}).items())
    return joined(
        element("p", f"request {rank} of this law, its gradients and the answer:"),
        _numbers([*rows, *outputs]),
        _said(answer),
    )


def _numbers(rows: Sequence[tuple[str, object]]) -> Markup:
    """Named rows of numbers as a table that scrolls sideways."""
    body = [
        element("tr", element("th", name, scope="row"), *_cells(_flat(values)))
        for name, values in rows
    ]
    table = element("table", element("tbody", *body), class_="numbers")
    return element("div", table, class_="frame", tabindex="0")


def _flat(values: object) -> Sequence[object]:
    """An output's numbers in one row."""
    if not isinstance(values, list):
        return [values]
    return [cell for each in values for cell in (each if isinstance(each, list) else [each])]


def _cells(values: Sequence[object]) -> list[Markup]:
    """Numbers as cells, the rest of a long row told by its count."""
    shown = [element("td", _number(value)) for value in values[:WIDEST]]
    more = len(values) - WIDEST
    return [*shown, element("td", f"… {more} more")] if more > 0 else shown


def _number(value: object) -> str:
    """A number of a case; long fractions give way to their size."""
    text = clipped(decimal(value))
    return text if len(text) <= 28 else brief(value) if "/" not in text else f"{text[:25]}…"  # noqa: PLR2004  (what a cell holds)
