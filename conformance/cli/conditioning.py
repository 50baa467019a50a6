"""How exactly an answer can be known in floats: its bound in each dtype, and how near its branches.

The bound and the branches are those of `conformance.tolerance`; nothing is decided here.
"""

from collections.abc import Mapping
from typing import Any

from flint import arb, ctx

from conformance import perturbation, tolerance
from conformance.expectation import setting_of
from conformance.question import Question
from conformance.setting import Setting
from mtl_reference.enclosure import Vector, decide, enclose

Record = dict[str, Any]

DTYPES = ("float64", "float32")


def conditioning(asked: Question, answer: Vector) -> Record:
    """Bound and condition of the main output in each dtype, and every branch with its margin."""
    length = _length(answer)
    settings = {dtype: setting_of(asked, dtype) for dtype in DTYPES}
    return {
        "bounds": {dtype: _bound(setting, length) for dtype, setting in settings.items()},
        "branches": _branches(settings),
    }


def _bound(setting: Setting, length: arb) -> Record:
    """B, the condition B / |x|, how far an honest answer may lie, and how many answers are."""
    found = perturbation.analysis(setting)
    if not found.outcomes:
        return {"B": None, "condition": None, "allowed": None, "outcomes": 0}
    first = found.outcomes[0]
    with ctx.workprec(tolerance.BITS):
        size = first.bounds.total(setting.method.main)
        allowed = tolerance.LIMIT * arb(tolerance.roundoff(setting.dtype)) * size
        return {
            "B": float(size),
            "condition": float(size / length) if length > 0 else None,
            "allowed": float(allowed),
            "outcomes": len(found.outcomes),
            "decided": found.complete and not found.excessive,
        }


def _length(direction: Vector) -> arb:
    """Euclidean length of exact numbers; exactly zero where all of them are."""
    with ctx.workprec(tolerance.BITS):
        balls = [enclose(each, tolerance.BITS) for each in direction if decide(each) != 0]
        return sum((ball * ball for ball in balls), arb(0)).sqrt()


def _branches(settings: Mapping[str, Setting]) -> list[Record]:
    """Each decision of the exact run: its outcome, its value, and its margin in each dtype.

    A margin is the tested quantity over the farthest that rounding can move it: above 1 the
    branch is resolved.
    """
    records: list[Record] = []
    with ctx.workprec(tolerance.BITS):
        for decision, turn in perturbation.turns(next(iter(settings.values()))):
            value = arb(0) if decision.value.contains(0) else decision.value
            record: Record = {
                "decision": decision.name,
                "outcome": decision.outcome,
                "value": float(value),
            }
            for dtype, setting in settings.items():
                reach = turn * arb(tolerance.worst_case(setting.width, dtype))
                record[dtype] = None if reach.is_zero() else float(abs(value) / reach)
            records.append(record)
    return records
