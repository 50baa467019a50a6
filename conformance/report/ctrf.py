"""ctrf.json: a run in the Common Test Report Format (ctrf.io, specification 0.0.0)."""

from collections import Counter
from typing import Any

from conformance.printable import printable
from conformance.report.outcomes import Outcome, Told

FILE = "ctrf.json"
VERSION = "0.0.0"
STATUSES = {"error": "failed", "told": "other"}
COUNTED = ("passed", "failed", "skipped", "pending", "other")


def document(run: Told) -> dict[str, Any]:
    """The whole file as a JSON value; times are milliseconds, the start is reckoned backwards."""
    statement = run.certificate.statement
    predicate = statement["predicate"]
    tests = [_test(each) for each in run.outcomes]
    counts = Counter(test["status"] for test in tests)
    stop = round(run.finished * 1000)
    summary = {
        "tests": len(tests),
        **{name: counts[name] for name in COUNTED},
        "suites": len(run.methods),
        "start": stop - sum(test["duration"] for test in tests),
        "stop": stop,
    }
    environment = {
        "appName": printable(statement["subject"][0]["name"]),
        "osPlatform": printable(predicate["environment"].get("os", "")),
        "testEnvironment": predicate["profile"],
    }
    return {
        "reportFormat": "CTRF",
        "specVersion": VERSION,
        "generatedBy": "mtl-conformance",
        "results": {
            "tool": {"name": "mtl-conformance", "version": predicate["suite"]["version"]},
            "summary": summary,
            "tests": tests,
            "environment": environment,
        },
    }


def _test(outcome: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": printable(f"{outcome.method}/{outcome.law}/{outcome.name}"),
        "status": STATUSES.get(outcome.status, outcome.status),
        "duration": round(outcome.seconds * 1000),
        "suite": [printable(outcome.method), printable(outcome.law)],
        "rawStatus": printable(outcome.verdict),
    }
    if outcome.status != "passed":
        found["message"] = outcome.said
    if outcome.case is not None:
        found["filePath"] = printable(f"failures/{outcome.case}/case.json")
    return found
