"""The regression gate."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main
from conformance.gate import compared, regressed
from conformance.schemas import validator

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


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("xfail", "fail", "regression"),
        ("pass", "xfail", "regression"),
        ("pass", "absent", "regression"),
        ("xfail", "crash", "regression"),
        ("xfail", "pass", "improvement"),
        ("xfail", "xpass", "improvement"),
        ("fail", "pass", "improvement"),
        ("fail", "xfail", "note"),
        ("xpass", "pass", "note"),
        ("pass", "skipped", "note"),
        ("undecided", "fail", "note"),
        ("absent", "fail", "note"),
    ],
)
def test_expected_failures_have_a_place_between(old: str, new: str, kind: str) -> None:
    """Worse than a pass, better than a failure; what comes to be expected is no progress."""
    before, after = (
        changed(laws={} if verdict == "absent" else {"accuracy": law(verdict)})
        for verdict in (old, new)
    )
    (change,) = compared(before, after)
    assert (change.kind, change.before, change.after) == (kind, old, new)


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


def test_the_table_is_for_people_and_the_document_for_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At most 80 columns, both subjects named, nobody's control characters; JSON by its schema."""
    for name, each in (("old", statement()), ("new", changed(laws={"\x1b[2J" * 40: law("fail")}))):
        each["subject"][0]["name"] = f"pkg:pypi/\x1b[31m{name * 40}"
        (tmp_path / name).mkdir()
        (tmp_path / name / "certificate.json").write_text(json.dumps(each))
    words = ["diff", str(tmp_path / "old"), str(tmp_path / "new"), "--notes"]
    assert main(words) == 1
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert text.replace("\n", "").isprintable()
    assert "baseline  pkg:pypi/" in text
    assert main([*words, "--json"]) == 1
    validator("diff").validate(json.loads(capsys.readouterr().out))


def test_a_new_run_that_is_partial_is_told(tmp_path: Path) -> None:
    """Nothing got worse as far as it went: exit 3."""
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(changed(verdict="partial")))
    new.write_text(json.dumps(changed(verdict="partial")))
    assert main(["diff", str(old), str(new)]) == 3
