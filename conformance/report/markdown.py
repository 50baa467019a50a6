"""The same report as Markdown, for terminals, issues and pull requests."""

import re
from collections.abc import Sequence

from conformance.report.reading import Failure, Run
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

SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#|!~&])")


def page(runs: Sequence[Run]) -> str:
    """The whole page as text."""
    blocks = ["# Conformance to exact references", *(_run(run) for run in runs)]
    return "\n\n".join(blocks) + "\n"


def plain(value: object) -> str:
    """A value as text that Markdown and HTML leave alone, on one line."""
    return SPECIAL.sub(r"\\\1", " ".join(visible(clipped(value)).split()))


def _run(run: Run) -> str:
    """One backend."""
    digest = (run.subject.get("digest") or {}).get("sha256")
    suite = (run.predicate.get("suite") or {}).get("version", "—")
    facts = [
        f"{plain(run.describe.get('version', '—'))}",
        f"digest `{short(digest)}`",
        f"suite {plain(suite)}",
        f"profile {plain(run.predicate.get('profile', '—'))}",
        f"seed {plain(run.predicate.get('seed', '—'))}",
    ]
    parts = [f"## {plain(run.name)}", " · ".join(facts)]
    if run.partial:
        parts.append("**The run was interrupted; what stands here is partial.**")
    parts += [_methods(run), _failures(run)]
    parts.append(f"Not tested: {plain(run.predicate.get('limits') or 'nothing is said')}")
    return "\n\n".join(parts)


def _methods(run: Run) -> str:
    """The table of methods."""
    lines = ["| method | verdict | grade | worst scaled error | laws | cases |"]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    for name, facts in run.methods.items():
        laws = facts.get("laws") or {}
        failed = [law for law, each in laws.items() if each.get("verdict") not in {"pass", "xfail"}]
        cases = sum(sum((each.get("counts") or {}).values()) for each in laws.values())
        told = f"{len(laws) - len(failed)} of {len(laws)}"
        told += f"; not {plain(', '.join(failed))}" if failed else ""
        verdict = str(facts.get("verdict"))
        lines.append(
            f"| {plain(name)} | {sign(verdict)} {spoken(verdict)} "
            f"| {plain(facts.get('grade') or '—')} "
            f"| {brief(facts.get('worst_scaled_error'))} | {told} | {cases} |"
        )
    return "\n".join([*lines, "", f"Totals: {counted(run.predicate.get('totals') or {})}."])


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
    return f"* **{_title(failure)}**{params}: {message}\n  `{reproduction(failure.path)}`"


def _title(failure: Failure) -> str:
    """Method, law and dtype."""
    return " / ".join(plain(failure.case.get(key)) for key in ("method", "law", "dtype"))
