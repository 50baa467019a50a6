"""The jobs of a run as test reports tell them: passed, failed, in error, skipped or told only.

Beside its jobs each method has an outcome of its own, "certified", so that a reader of JUnit alone
sees what the certificate says: a law may be too weak, or without a pass, and no job have failed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance import journal
from conformance.certificate import Certificate
from conformance.printable import shortened
from conformance.verdict import Verdict, gates
from properties.checks import Job

Line = Mapping[str, Any]
CERTIFIED = "certified"
LONGEST = 2000

STATUS: Mapping[str, str] = {
    Verdict.PASS: "passed",
    Verdict.FAIL: "failed",
    Verdict.REFUSED: "failed",
    Verdict.XPASS: "failed",
    Verdict.CRASH: "error",
    Verdict.TIMEOUT: "error",
    Verdict.PROTOCOL: "error",
    Verdict.NOT_RUN: "error",
    Verdict.XFAIL: "skipped",
    Verdict.SKIPPED: "skipped",
    Verdict.UNSUPPORTED: "skipped",
    Verdict.UNDECIDED: "told",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One job, or one method's standing: what it is, how it ended, why, and how long it took."""

    method: str
    law: str
    name: str
    verdict: str
    gates: bool
    message: str
    seconds: float = 0.0
    case: str | None = None

    @property
    def status(self) -> str:
        """Passed, failed, error, skipped, or told: nobody's test fails by what does not gate."""
        found = STATUS.get(self.verdict, "error")
        return "told" if found in {"failed", "error"} and not self.gates else found

    @property
    def said(self) -> str:
        """The verdict and the reason, on one printable line."""
        aside = "" if self.gates else " (does not gate)"
        return shortened(f"{self.verdict}{aside}: {self.message}".removesuffix(": "), LONGEST)


@dataclass(frozen=True, slots=True)
class Told:
    """A run as a test report needs it."""

    backend: str
    certificate: Certificate
    outcomes: tuple[Outcome, ...]
    finished: float

    @property
    def methods(self) -> list[str]:
        """The methods that have outcomes."""
        return sorted({each.method for each in self.outcomes})


def told(folder: Path) -> Told:
    """Read a result folder: its certificate, results and durations; ValueError where broken."""
    certificate, path = Certificate.load(folder), folder / journal.RESULTS
    lines = [line for line in journal.lines_of(path) if line["record"] in {"header", "job"}]
    timings = folder / journal.TIMINGS
    durations = journal.lines_of(timings) if timings.is_file() else ()
    seconds = {line["job"]: float(line["seconds"]) for line in durations}
    jobs = [_job(line, seconds) for line in lines if line["record"] == "job"]
    backend = next((str(line["backend"]) for line in lines if line["record"] == "header"), "")
    outcomes = (*sorted(jobs, key=_place), *_methods(certificate))
    return Told(backend, certificate, outcomes, path.stat().st_mtime)


def _place(outcome: Outcome) -> tuple[str, str, str]:
    return outcome.method, outcome.law, outcome.name


def _job(line: Line, seconds: Mapping[str, float]) -> Outcome:
    about = (line[name] for name in ("method", "law", "dtype", "params", "block"))
    name = Job("", "", *about).id.split("/", 2)[2]
    return Outcome(
        line["method"],
        line["law"],
        name,
        line["verdict"],
        gates(line["law"]),
        line["message"],
        seconds.get(line["job"], 0.0),
        line["case"],
    )


def _methods(certificate: Certificate) -> Iterator[Outcome]:
    """Each judged method's standing."""
    for name, facts in certificate.methods.items():
        if facts["verdict"] == "unsupported":
            continue
        verdict = {"certified": Verdict.PASS, "partial": Verdict.NOT_RUN}.get(facts["verdict"])
        if verdict is None:
            verdict = Verdict.XFAIL if certificate.excuses(name) else Verdict.FAIL
        message = "; ".join(facts["reasons"])
        yield Outcome(name, CERTIFIED, facts["verdict"], verdict, gates=True, message=message)
