"""The same report as Markdown, for terminals, issues and pull requests."""

import re
from collections.abc import Sequence

from conformance.report.reading import Failure, Record, Run
from conformance.report.words import (
    assigned,
    brief,
    clipped,
    counted,
    reproduction,
    short,
    sign,
    spoken,
    visible,
)

SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#|!~&]|:(?=//)|(?<=www)\.)")  # the last two make links
CALLING = re.compile(r"([@#])(?=\w)")  # of a person or an issue, where a comment shows the page


def page(runs: Sequence[Run]) -> str:
    """The whole page as text."""
    blocks = ["# Conformance to exact references", *(_run(run) for run in runs)]
    return "\n\n".join(blocks) + "\n"


def plain(value: object) -> str:
    """A value as text that Markdown and HTML leave alone, on one line.

    Nothing in it becomes a link; @name and #1 call nobody (a space of no width stands between).
    """
    line = " ".join(visible(clipped(value)).split())
    return CALLING.sub(r"\1&#8203;", SPECIAL.sub(r"\\\1", line))


def code(value: object) -> str:
    """A value as a span of code on one line, whatever backticks it holds."""
    line = " ".join(visible(clipped(value)).split())
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def _run(run: Run) -> str:
    """One backend."""
    digest = (run.subject.get("digest") or {}).get("sha256")
    suite = (run.predicate.get("suite") or {}).get("version", "—")
    facts = [
        f"{plain(run.describe.get('version', '—'))}",
        f"digest {code(short(digest))}",
        f"suite {plain(suite)}",
        f"profile {plain(run.predicate.get('profile', '—'))}",
        f"seed {plain(run.predicate.get('seed', '—'))}",
    ]
    parts = [f"## {plain(run.name)}", " · ".join(facts)]
    if run.partial:
        parts.append("**The run was interrupted; what stands here is partial.**")
    parts += [_methods(run), *_expected(run), _failures(run)]
    parts.append(f"Not tested: {plain(run.predicate.get('limits') or 'nothing is said')}")
    return "\n\n".join(parts)


def _methods(run: Run) -> str:
    """The table of methods."""
    lines = ["| method | verdict | grade | worst scaled error | laws | cases |"]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    offered = {
        name: facts for name, facts in run.methods.items() if facts.get("verdict") != "unsupported"
    }
    lines += [_method(name, facts) for name, facts in offered.items()]
    missing = len(run.methods) - len(offered)
    aside = f" {missing} methods are not offered." if missing else ""
    totals = plain(counted(run.predicate.get("totals") or {}))
    return "\n".join([*lines, "", f"Totals: {totals}.{aside}"])


def _method(name: str, facts: Record) -> str:
    """The row of a method."""
    laws = facts.get("laws") or {}
    failed = [law for law, each in laws.items() if each.get("verdict") not in {"pass", "xfail"}]
    foreseen = [law for law, each in laws.items() if each.get("verdict") == "xfail"]
    cases = sum(sum((each.get("counts") or {}).values()) for each in laws.values())
    told = f"{len(laws) - len(failed) - len(foreseen)} of {len(laws)}"
    told += f"; not {plain(', '.join(failed))}" if failed else ""
    told += f"; as expected not {plain(', '.join(foreseen))}" if foreseen else ""
    verdict = str(facts.get("verdict"))
    cells = [
        plain(name),
        f"{sign(verdict)} {plain(spoken(verdict))}",
        plain(facts.get("grade") or "—"),
        plain(brief(facts.get("worst_scaled_error"))),
        told,
        str(cases),
    ]
    return f"| {' | '.join(cells)} |"


def _expected(run: Run) -> list[str]:
    """The expected failures that were honoured."""
    entries = run.predicate.get("expected") or []
    lines = [
        f"* {plain(each.get('kind'))} {plain(each.get('id'))}: {plain(each.get('reason'))}"
        + (f" ({plain(each['issue'])})" if each.get("issue") else "")
        for each in entries
    ]
    return ["\n".join(["### Expected failures", "", *lines])] if lines else []


def _failures(run: Run) -> str:
    """The failures, each with its command."""
    if not run.failures:
        return "No failure was recorded."
    return "\n".join(["### Failures", "", *map(_failure, sorted(run.failures, key=_title))])


def _failure(failure: Failure) -> str:
    """One failure as an item."""
    case = failure.case
    message = plain(failure.observed.get("message") or "")
    params = f" ({plain(assigned(case['params']))})" if case.get("params") else ""
    return f"* **{_title(failure)}**{params}: {message}\n  {code(reproduction(failure.path))}"


def _title(failure: Failure) -> str:
    """Method, law and dtype."""
    return " / ".join(plain(failure.case.get(key)) for key in ("method", "law", "dtype"))
