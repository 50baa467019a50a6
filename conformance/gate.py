"""The regression gate: what changed between two certificates, and whether any of it is a loss."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

STANDINGS = ("certified", "partial", "unsupported", "not-certified")
GRADES = ("A", "B", "C", "F")
# How well a law fares: what failed as expected is better than what failed, worse than what passed.
FARES = {"pass": 2, "xpass": 2, "xfail": 1}
SILENT = frozenset({"skipped", "unsupported", "undecided", "absent"})

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: of a method (``law`` empty) or of a law on it, or of the run itself.

    ``kind`` is "regression", "improvement" or "note"; a note changes nothing about the gate.
    """

    kind: str
    method: str
    law: str
    what: str
    before: str
    after: str


def compared(baseline: Record, new: Record) -> tuple[Change, ...]:
    """All differences between two statements, regressions first."""
    old, now = baseline["predicate"], new["predicate"]
    found = [*_runs(old, now), *_methods(old["methods"], now["methods"])]
    order = ("regression", "improvement", "note")
    return tuple(sorted(found, key=lambda each: order.index(each.kind)))


def regressed(changes: tuple[Change, ...]) -> bool:
    """Whether any of the changes is a loss."""
    return any(change.kind == "regression" for change in changes)


def _runs(old: Record, now: Record) -> Iterator[Change]:
    """What makes the two runs less comparable: another suite, seed or profile."""
    for name in ("profile", "seed"):
        if old[name] != now[name]:
            yield Change("note", "", "", name, str(old[name]), str(now[name]))
    for name in ("version", "digest"):
        if old["suite"][name] != now["suite"][name]:
            what = f"suite {name}"
            yield Change("note", "", "", what, old["suite"][name], now["suite"][name])


def _methods(old: Record, now: Record) -> Iterator[Change]:
    for method in sorted({*old, *now}):
        before, after = old.get(method), now.get(method)
        if before is None:
            verdict = str(after["verdict"]) if after else ""
            kind = "regression" if verdict == "not-certified" else "note"
            yield Change(kind, method, "", "method", "absent", verdict)
        elif after is None:
            kind = "note" if before["verdict"] == "unsupported" else "regression"
            yield Change(kind, method, "", "method", str(before["verdict"]), "absent")
        else:
            yield from _method(method, before, after)


def _method(method: str, before: Record, after: Record) -> Iterator[Change]:
    old, new = str(before["verdict"]), str(after["verdict"])
    if old != new:
        yield Change(_kind(STANDINGS, old, new), method, "", "verdict", old, new)
    marks = before.get("grade"), after.get("grade")
    if marks[0] != marks[1] and None not in marks:
        kind = _kind(GRADES, *map(str, marks))
        yield Change(kind, method, "", "grade", str(marks[0]), str(marks[1]))
    for law in sorted({*before["laws"], *after["laws"]}):
        yield from _law(method, law, before["laws"].get(law), after["laws"].get(law))


def _kind(order: tuple[str, ...], old: str, new: str) -> str:
    worse = order.index(new) > order.index(old)
    return "regression" if worse else "improvement"


def _law(method: str, law: str, before: Record | None, after: Record | None) -> Iterator[Change]:
    """A law that passed, or failed as expected, and fares worse now is a loss if it gates.

    What was skipped or undecided, now or then, tells nothing; that a failure has come to be
    expected is a change of opinion.
    """
    old = str(before["verdict"]) if before else "absent"
    new = str(after["verdict"]) if after else "absent"
    if old == new:
        return
    gates = bool((after or before or {}).get("gates", True))
    gained = FARES.get(new, 0) - FARES.get(old, 0)
    kind = "note"
    if gained < 0 and gates and (new not in SILENT or new == "absent"):
        kind = "regression"
    elif gained > 0 and old not in SILENT and new != "xfail":
        kind = "improvement"
    yield Change(kind, method, law, "law", old, new)
