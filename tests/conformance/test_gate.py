"""The regression gate."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main
from conformance.gate import compared, regressed

ZERO = "sha256:" + "0" * 64


def law(verdict: str = "pass", *, gates: bool = True) -> dict[str, Any]:
    """One law's entry."""
    return {
        "verdict": verdict, "gates": gates, "counts": {verdict: 1}, "worst_margin": None,
        "worst_margin_infinite": False, "message": "", "counterexample": None,
    }  # fmt: skip


def statement() -> dict[str, Any]:
    """A certificate with one certified method and two laws."""
    method = {
        "verdict": "certified", "grade": "A", "worst_scaled_error": 0.5, "claim_kept": True,
        "worst_relative_error": 1e-16, "reasons": [],
        "laws": {"accuracy": law(), "homogeneous-range": law(gates=False)},
    }  # fmt: skip
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "x", "digest": {"sha256": "0" * 64}}],
        "predicateType": "urn:mtl-reference:certificate:v1",
        "predicate": {
            "suite": {"version": "0.1.0", "digest": ZERO}, "reference": {}, "profile": "quick",
            "seed": 0, "environment": {}, "methods": {"mgda": method}, "totals": {"pass": 2},
            "expected": [], "limits": "none", "results": ZERO,
        },
    }  # fmt: skip


def changed(**of_method: object) -> dict[str, Any]:
    """The certificate with other facts of its method."""
    other = deepcopy(statement())
    other["predicate"]["methods"]["mgda"] |= of_method
    return other


@pytest.mark.parametrize(
    ("new", "kind", "what"),
    [
        (changed(verdict="not-certified"), "regression", "verdict"),
        (changed(grade="B"), "regression", "grade"),
        (changed(laws={"accuracy": law("fail")}), "regression", "law"),
        (changed(laws={"accuracy": law("crash")}), "regression", "law"),
        (changed(laws={"accuracy": law("undecided")}), "note", "law"),
        (changed(laws={"accuracy": law(), "homogeneous-range": law("fail", gates=False)}),
         "note", "law"),
    ],
)  # fmt: skip
def test_losses_are_regressions(new: dict[str, Any], kind: str, what: str) -> None:
    """A verdict, a grade or a gating law that got worse; what doesn't gate is a note."""
    found = compared(statement(), new)
    assert (kind, what) in {(change.kind, change.what) for change in found}
    assert regressed(found) == (kind == "regression")
    assert not regressed(compared(new, statement()))


def test_a_method_that_is_gone_is_a_regression() -> None:
    """And a new one that is not certified is, too; a new certified one is not."""
    other = deepcopy(statement())
    other["predicate"]["methods"] = {}
    assert regressed(compared(statement(), other))
    assert not regressed(compared(other, statement()))
    assert regressed(compared(other, changed(verdict="not-certified")))


def test_the_command_tells_by_its_exit_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 where nothing got worse, 1 for a regression, 2 for a file that is no certificate."""
    old, new, none = (tmp_path / name for name in ("old.json", "new.json", "none.json"))
    old.write_text(json.dumps(statement()))
    new.write_text(json.dumps(changed(grade="F")))
    none.write_text('{"_type": 1}')
    assert main(["diff", str(old), str(old)]) == 0
    assert main(["diff", str(old), str(new)]) == 1
    assert "mgda" in capsys.readouterr().out
    assert main(["diff", str(old), str(none)]) == 2
    assert "is no certificate" in capsys.readouterr().err
    assert main(["diff", str(old), str(tmp_path / "gone.json")]) == 2
