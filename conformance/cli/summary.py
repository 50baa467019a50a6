"""A certificate as a table that fits 80 columns, and the exit status that it means."""

import json
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance.cli import console
from conformance.cli.trouble import Exit
from conformance.printable import printable
from conformance.report.words import SIGNS, brief, headline, sign, spoken, tone

Record = Mapping[str, Any]
NAMED = 12  # more methods that are not offered are only counted
PASSED = frozenset({"pass", "xfail", "unsupported", "skipped", "not-applicable"})


def lines(name: str, statement: Record, place: Path) -> list[str]:
    """Method × verdict, grade, worst scaled error, laws, cases; then where to look."""
    predicate = statement["predicate"]
    methods = predicate["methods"]
    offered = {name: facts for name, facts in methods.items() if facts["verdict"] != "unsupported"}
    rows = [_row(method, facts) for method, facts in offered.items()]
    heads = ["", "method", "verdict", "grade", "worst e", "laws passed", "cases"]
    subject = (statement.get("subject") or [{}])[0].get("name", "")
    title = f"{console.paint(name, 'strong')}  {console.paint(str(subject), 'dim')}"
    return [
        title,
        *console.table(heads, rows, align="llllrrr"),
        *_losses(methods),
        *_expected(statement),
        "",
        *_tally(methods, [name for name in methods if name not in offered]),
        *_pointers(place, methods),
        "",
    ]


def status(statement: Record) -> Exit:
    """The exit status of one certificate: what fails as expected is as it should be."""
    from conformance.certificate import Certificate

    verdicts = {str(each["verdict"]) for each in statement["predicate"]["methods"].values()}
    judged = verdicts - {"unsupported"}
    if not judged or "partial" in judged:
        return Exit.BROKEN
    return Exit.OK if Certificate(statement).excused else Exit.NOT_CERTIFIED


def _row(method: str, facts: Record) -> list[console.Cell]:
    """One method."""
    verdict = str(facts["verdict"])
    style = tone(verdict)
    laws = facts.get("laws") or {}
    cases = sum(sum(each["counts"].values()) for each in laws.values())
    return [
        (sign(verdict) if verdict in SIGNS else "·", style),
        method,
        (spoken(verdict), style),
        str(facts.get("grade") or "—"),
        brief(facts.get("worst_scaled_error")).replace(" ", ""),
        f"{len(laws) - len(_failed(facts)) - _foreseen(laws)}/{len(laws)}" if laws else "—",
        str(cases),
    ]


def _foreseen(laws: Record) -> int:
    """How many laws failed as expected."""
    return sum(each["verdict"] == "xfail" for each in laws.values())


def _failed(facts: Record) -> list[str]:
    """The laws of a method that did not pass, with what is not plain: verdict, no gate."""
    told = []
    for law, each in (facts.get("laws") or {}).items():
        verdict = str(each["verdict"])
        notes = [spoken(verdict)] if verdict != "fail" else []
        if verdict == "fail" and not each["counts"].get("fail"):
            notes = ["too few decided"]
        notes += [] if each.get("gates", True) else ["informs"]
        if verdict not in PASSED:
            told.append(f"{law} ({', '.join(notes)})" if notes else law)
    return told


def _losses(methods: Record) -> list[str]:
    """What did not pass, one line for each method."""
    span = max(map(len, methods), default=0)
    told = []
    for method, facts in methods.items():
        if failed := _failed(facts):
            head = f"  {method:<{span}}  not passed: "
            body = textwrap.wrap(
                ", ".join(failed), console.width() - len(head), break_on_hyphens=False
            ) or [""]
            told += [head + body[0], *(" " * len(head) + line for line in body[1:])]
    return ["", *told] if told else []


def _expected(statement: Record) -> list[str]:
    """The expected failures that were honoured, and what they come to."""
    entries = statement["predicate"].get("expected") or []
    told = []
    for each in entries:
        kind = {"skip": "not run", "xfail": "expected to fail"}[each["kind"]]
        jobs = "1 job" if each["matched"] == 1 else f"{each['matched']} jobs"
        issue = f" ({each['issue']})" if each["issue"] else ""
        text = printable(f"  {kind}: {each['id']}, {jobs}: {each['reason']}{issue}")
        told += textwrap.wrap(
            text, console.width(), subsequent_indent="    ", break_on_hyphens=False
        )
    return ["", *told, *_outcome(statement)] if told else []


def _outcome(statement: Record) -> list[str]:
    """Whether expected failures are all that keeps methods from being certified."""
    from conformance.certificate import Certificate

    if statement["predicate"]["totals"].get("xpass"):
        text = "  Something passed that was expected to fail: take its entry out of the file."
    elif not Certificate(statement).certified and Certificate(statement).excused:
        text = "  Nothing else keeps a method from being certified: the exit status is 0."
    else:
        return []
    return textwrap.wrap(text, console.width(), subsequent_indent="  ")


def _tally(methods: Record, absent: Sequence[str]) -> list[str]:
    """How many methods are certified, and which the backend does not offer."""
    names = f": {', '.join(absent)}" if 0 < len(absent) <= NAMED else ""
    text = f"  {headline(methods)}{names}."
    return textwrap.wrap(text, console.width(), subsequent_indent="    ")


def _pointers(place: Path, methods: Record) -> list[str]:
    """The command that reproduces the first failure, if there is one."""
    cases = sorted(place.glob("failures/*/case.json"))
    if not cases:
        return []
    failed = [name for name, facts in methods.items() if facts["verdict"] == "not-certified"]
    first = next((each for each in cases if _method_of(each) in failed), cases[0])
    count = f"{len(cases)} failures are recorded; " if len(cases) > 1 else ""
    return [f"  {count}reproduce the first:", f"    mtl-conformance reproduce {first}"]


def _method_of(case: Path) -> str:
    """The method that a recorded failure is about."""
    return str(json.loads(case.read_text(encoding="utf-8")).get("method"))
