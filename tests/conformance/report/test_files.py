"""Files for other programs: JUnit as a CI server reads it, CTRF and the badge by their schemas."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import junitparser
import pytest
import xmlschema

from conformance import certificate, journal
from conformance.backend import BackendSpec
from conformance.report import badge, ctrf, junit, write_own
from conformance.report.outcomes import told
from conformance.schemas import validator
from conformance.verdict import MethodResult, Standing, law_result, method_result
from conformance.verification import Verification

EVIL = "]]> <![CDATA[ &amp; \x00\x1b[31m\u202e\uffff <x a='\"'>\n"
VERDICTS = ("pass", "fail", "undecided", "refused", "unsupported", "skipped", "xfail", "xpass",
            "crash", "timeout", "protocol")  # fmt: skip
SPEC = BackendSpec(EVIL, ("one",), "pkg:generic/one", "0" * 64, ())
HEADER = {
    "record": "header", "backend": EVIL, "suite": {"version": "1", "digest": f"sha256:{'1' * 64}"},
    "profile": "quick", "seed": 0, "environment": {"os": "linux"},
}  # fmt: skip


def lines(law: str, verdict: str) -> list[dict[str, Any]]:
    """One job of a law, of one example."""
    key = hashlib.sha256(f"{law}{verdict}".encode()).hexdigest()
    about = {"job": key, "method": "mean", "law": law, "dtype": "float64", "params": {"c": verdict}}
    about |= {"block": 0, "verdict": verdict, "message": EVIL, "case": None}
    figures = {"scaled_error": None, "relative_error": None, "worst_margin": None}
    return [{"record": "verdict", **about, **figures}, {"record": "job", **about}]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A result folder with every verdict under a law that gates and one that does not."""
    return made(tmp_path, ("accuracy", "invalid-input"))


def made(place: Path, laws: Sequence[str], verdicts: Sequence[str] = VERDICTS) -> Path:
    """A result folder with these verdicts under each of these laws."""
    every = {law: [line for verdict in verdicts for line in lines(law, verdict)] for law in laws}
    records = [HEADER, *(line for law in every.values() for line in law)]
    results = place / journal.RESULTS
    results.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    found = {law: law_result(law, own[::2], own[1::2], 0) for law, own in every.items()}
    methods = {"mean": method_result("mean", found, [])}
    certificate.certificate(SPEC, HEADER, methods, results, "limits").write(place)
    return place


def test_junit_keeps_its_schema_and_its_counts(run: Path) -> None:
    """Every verdict and any text: valid, and the counts are those of the cases."""
    write_own(run)
    xmlschema.XMLSchema(Path(__file__).parent / "junit.xsd").validate(run / junit.FILE)
    suites = junitparser.JUnitXml.fromfile(str(run / junit.FILE))
    (suite,) = suites
    counts = (suite.tests, suite.failures, suite.errors, suite.skipped)
    suite.update_statistics()  # counted again by the reader
    assert counts == (suite.tests, suite.failures, suite.errors, suite.skipped)
    assert (suites.tests, suites.failures, suites.errors) == counts[:3] == (23, 4, 3)


def test_junit_turns_red_for_what_gates_and_nothing_else(run: Path) -> None:
    """Fail, refused and xpass fail, breakdowns are errors; what informs or was expected is not."""
    write_own(run)
    ended: dict[str, set[str]] = {}
    for case in next(iter(junitparser.JUnitXml.fromfile(str(run / junit.FILE)))):
        law = case.classname.partition(".")[2]
        for result in case.result:
            ended.setdefault(f"{law} {type(result).__name__}", set()).add(result.type)
    assert ended == {
        "accuracy Failure": {"fail", "refused", "xpass"},
        "accuracy Error": {"crash", "timeout", "protocol"},
        "accuracy Skipped": {"undecided", "unsupported", "skipped", "xfail"},
        "invalid-input Skipped": set(VERDICTS) - {"pass"},
        "certified Failure": {"fail"},
    }


def test_a_law_without_a_pass_turns_junit_red(tmp_path: Path) -> None:
    """No job failed, and the method is not certified: its own case says so, with the reason."""
    write_own(made(tmp_path, ["accuracy"], ["xfail"]))
    (suite,) = junitparser.JUnitXml.fromfile(str(tmp_path / junit.FILE))
    (failure,) = [result for case in suite for result in case.result if result.type != "xfail"]
    assert isinstance(failure, junitparser.Failure)
    assert "accuracy: no example passed" in failure.message


def test_ctrf_keeps_its_schema_and_its_counts(run: Path) -> None:
    """Valid, each test counted once, and nobody's text in it is a control character."""
    write_own(run)
    text = (run / ctrf.FILE).read_text()
    document = json.loads(text)
    validator("ctrf").validate(document)
    summary, tests = document["results"]["summary"], document["results"]["tests"]
    for status in ("passed", "failed", "skipped", "pending", "other"):
        assert summary[status] == sum(test["status"] == status for test in tests)
    assert summary["tests"] == len(tests)
    assert text.replace("\n", "").isprintable()


def test_durations_come_from_the_timings(run: Path) -> None:
    """Seconds in JUnit, milliseconds in CTRF; a run without timings has none."""
    first = told(run).outcomes[0]
    assert first.seconds == 0
    key = hashlib.sha256(b"accuracycrash").hexdigest()
    journal.timings(run, {key: 1.25})
    assert sum(each.seconds for each in told(run).outcomes) == 1.25
    write_own(run)
    summary = json.loads((run / ctrf.FILE).read_text())["results"]["summary"]
    assert summary["stop"] - summary["start"] == 1250
    assert ' time="1.250"' in (run / junit.FILE).read_text()


def test_a_folder_that_does_not_verify_has_no_badge(run: Path) -> None:
    """An old badge is taken away."""
    (run / badge.FILE).write_text("{}")
    assert badge.FILE not in [path.name for path in write_own(run)]
    assert not (run / badge.FILE).exists()


@pytest.mark.parametrize(
    ("standings", "message", "colour"),
    [
        ((Standing.CERTIFIED, Standing.UNSUPPORTED), "1 of 1 certified", "brightgreen"),
        ((Standing.CERTIFIED, Standing.NOT_CERTIFIED), "1 of 2 certified", "orange"),
        ((Standing.NOT_CERTIFIED,), "0 of 1 certified", "red"),
        ((Standing.UNSUPPORTED,), "", ""),
    ],
)
def test_the_badge_says_what_the_certificate_says(
    tmp_path: Path, standings: Sequence[Standing], message: str, colour: str
) -> None:
    """By its schema; none where nothing was judged."""
    results = tmp_path / journal.RESULTS
    results.write_bytes(b"")
    methods = {
        name: MethodResult(name, standing) for name, standing in zip("abc", standings, strict=False)
    }
    statement = certificate.certificate(SPEC, HEADER, methods, results, "limits").statement
    found = badge.document(Verification(statement, ()))
    if not message:
        assert found is None
        return
    validator("badge").validate(found)
    assert (found["message"], found["color"]) == (message, colour)
