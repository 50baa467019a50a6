"""The failure pages: smallest input, expected against got, and the command to reproduce."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any
from urllib.parse import quote

from conformance.report import anchors
from conformance.report.markup import Markup, element, joined
from conformance.report.matrix import laws, mark
from conformance.report.methods import statement
from conformance.report.reading import Failure, Run
from conformance.report.words import assigned, brief, clipped, decimal, reproduction

FULL = 600  # failures in a page
FOLDER = "failures"
WIDEST = 12
TITLE = ("method", "law", "dtype")
DRAWING = ("dtype", "family", "draws")  # how an input was found, no part of it
MOST = 4  # answers of one law that are shown
FILES = ("case.json", "observed.json", "reproduce.py")
LONGEST = 28  # characters that a cell holds


def limited(runs: Sequence[Run]) -> list[Run]:
    """The runs with as many failures as a page has room for, of each method and law the first."""
    room = FULL // max(1, len(runs))
    return [_limited(run, room) for run in runs]


def _limited(run: Run, room: int) -> Run:
    seen: Counter[tuple[object, object]] = Counter()
    ranked = []
    for each in run.failures:
        key = each.case.get("method"), each.case.get("law")
        ranked.append((seen[key], each))
        seen[key] += 1
    kept = [each for _, each in sorted(ranked, key=itemgetter(0))[:room]]
    return replace(run, failures=tuple(kept), left_out=len(run.failures) - len(kept))


def section(runs: Sequence[Run], labels: Sequence[str], out: Path) -> Markup:
    """All recorded failures, run by run; files are linked as they lie from ``out``."""
    count = sum(len(run.failures) + run.left_out for run in runs)
    return element(
        "section",
        element("h2", f"Failures ({count})", id="failures"),
        *(
            _run(run, label, at, out)
            for at, (run, label) in enumerate(zip(runs, labels, strict=True))
        ),
        aria_labelledby="failures",
    )


def _run(run: Run, label: str, at: int, out: Path) -> Markup:
    """The failures of one run."""
    found = sorted(run.failures, key=lambda each: [str(each.case.get(key)) for key in TITLE])
    body = [_failure(run, each, at, out, shown=not rank) for rank, each in enumerate(found)]
    count = len(found) + run.left_out
    title = f"{label}: {count or 'no'} failure{'s' if count != 1 else ''} recorded"
    more = f"{run.left_out} more have no room here; their folders lie in {run.path / FOLDER}."
    note = element("p", more, class_="note") if run.left_out else None
    return element("div", element("h3", title), *body, note, data_b=at)


def _failure(run: Run, failure: Failure, at: int, out: Path, *, shown: bool) -> Markup:
    """One failure; all but the first are closed until they are wanted."""
    case, observed = failure.case, failure.observed
    verdict = str(observed.get("verdict", "fail"))
    method, law = str(case.get("method")), str(case.get("law"))
    title = [str(case.get(key)) for key in TITLE if case.get(key)]
    params = case.get("params") or {}
    summary = element(
        "summary",
        element("h4", mark(verdict), " ", " / ".join(title)),
        element("span", assigned(params), class_="small") if params else None,
    )
    return element(
        "details",
        summary,
        element("p", _law(run, method, law), class_="note"),
        element("p", clipped(observed.get("message") or ""), class_="message"),
        _input(case),
        _outputs(observed),
        _again(failure, out),
        id=anchors.failure(at, failure.id),
        class_="failure",
        open="open" if shown else None,
        data_b=at,
        data_m=method,
        data_l=law,
        data_v=verdict,
        tabindex="-1",
    )


def _law(run: Run, method: str, law: str) -> Markup:
    """What the law says, leading to its row under the method where there is one."""
    known = law in laws([run], method)
    name = element("a", law, href=f"#{anchors.law(law, method)}") if known else law
    return joined("The law ", name, f": {statement(law)}" if statement(law) else "")


def _again(failure: Failure, out: Path) -> Markup:
    """How to see a failure again: the command, and the files where they lie beside the page."""
    command = element("code", reproduction(failure.path))
    place = Path(os.path.relpath(failure.path.parent, out))
    links = [
        element("a", name, href=quote((place / name).as_posix()))
        for name in FILES
        if ".." not in place.parts and (failure.path.parent / name).is_file()
    ]
    files = [joined(", " if rank else " ", link) for rank, link in enumerate(links)]
    return joined(
        element("p", "Reproduce it:"),
        element("pre", command, tabindex="0", class_="copy"),
        element("p", "Files beside this page:", *files, class_="small") if links else None,
    )


def _input(case: Mapping[str, Any]) -> Markup:
    """The smallest input as a matrix."""
    named = _named(case.get("inputs"))
    drawn, earlier = case.get("extra") or {}, case.get("earlier") or []
    random = case.get("random") or {}
    extra = {name: value for name, value in {**drawn, **random}.items() if name not in DRAWING}
    return joined(
        element("p", "The smallest input found, one gradient a row:"),
        _numbers(named[:WIDEST], "The smallest input"),
        element("p", f"after {len(earlier)} steps before it") if earlier else None,
        element("p", f"with {clipped(assigned(extra))}", class_="small") if extra else None,
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
    nearest = {next(iter(expected)): observed.get("float64")} if expected else {}
    kinds = (("expected", expected), ("nearest float64", nearest), ("got", got))
    parts = []
    for name in dict.fromkeys([*expected, *got]):
        rows = [(label, values[name]) for label, values in kinds if values.get(name) is not None]
        parts += [element("p", f"{name}:"), _numbers(rows, f"{name}, expected against got")]
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
        _numbers([*rows, *outputs], f"request {rank}"),
        _said(answer),
    )


def _numbers(rows: Sequence[tuple[str, object]], caption: str) -> Markup:
    """Named rows of numbers as a table that scrolls sideways."""
    body = [
        element("tr", element("th", name, scope="row"), *_cells(_flat(values)))
        for name, values in rows
    ]
    table = element("table", element("tbody", *body), class_="numbers")
    return element("div", table, class_="frame", tabindex="0", role="region", aria_label=caption)


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
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - 3]}…" if "/" in text else brief(value)
