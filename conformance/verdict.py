"""Verdicts of examples folded into those of laws and of methods, with every count kept."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite
from typing import Any

from conformance import tolerance
from properties.checks import judged, weak
from properties.laws import LAWS


class Verdict(StrEnum):
    """What became of one example under one law."""

    PASS = "pass"  # noqa: S105  (a verdict)
    FAIL = "fail"
    UNDECIDED = "undecided"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"
    SKIPPED = "skipped"
    XFAIL = "xfail"
    XPASS = "xpass"
    CRASH = "crash"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    NOT_RUN = "not-run"


class Standing(StrEnum):
    """What a certificate says of a method."""

    CERTIFIED = "certified"
    NOT_CERTIFIED = "not-certified"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"


BARRED = (Verdict.FAIL, Verdict.XPASS, Verdict.CRASH, Verdict.TIMEOUT, Verdict.PROTOCOL)
GRAVEST = (
    Verdict.PROTOCOL,
    Verdict.CRASH,
    Verdict.TIMEOUT,
    Verdict.FAIL,
    Verdict.XPASS,
    Verdict.REFUSED,
    Verdict.NOT_RUN,
    Verdict.XFAIL,
    Verdict.PASS,
    Verdict.UNDECIDED,
    Verdict.UNSUPPORTED,
    Verdict.SKIPPED,
)
GRADES = "ABCF"
INFORMING = "vector-beyond"  # vectors of what a paper does not ask
ACCURACY = "accuracy"  # the law that holds a backend to its claim

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LawResult:
    """One law on one method: the gravest verdict of its jobs, and the counts of its examples.

    ``worst_margin`` is the smallest share of an allowance that was left; None where nothing was
    measured or, with ``infinite``, where something broke for which no error is allowed.
    ``spoiled`` counts the passes of jobs that were expected to fail, and did.
    """

    law: str
    verdict: Verdict
    gates: bool
    counts: Mapping[str, int]
    worst_margin: float | None
    infinite: bool = False
    message: str = ""
    counterexample: str | None = None
    spoiled: int = 0

    @property
    def passes(self) -> int:
        """The passes that count: those of jobs that did not fail, as expected or not."""
        return self.counts.get(str(Verdict.PASS), 0) - self.spoiled

    def record(self) -> dict[str, Any]:
        """The law's entry in a certificate."""
        return {
            "verdict": str(self.verdict),
            "gates": self.gates,
            "counts": dict(sorted(self.counts.items())),
            "worst_margin": self.worst_margin,
            "worst_margin_infinite": self.infinite,
            "message": self.message,
            "counterexample": self.counterexample,
        }


@dataclass(frozen=True, slots=True)
class MethodResult:
    """One method: its standing with the reasons, grade, worst errors, and its laws."""

    method: str
    standing: Standing
    grade: str | None = None
    worst_scaled_error: float | None = None
    worst_relative_error: float | None = None
    laws: Mapping[str, LawResult] = field(default_factory=dict)
    claim_kept: bool = False
    reasons: Sequence[str] = ()

    def record(self) -> dict[str, Any]:
        """The method's entry in a certificate."""
        return {
            "verdict": str(self.standing),
            "grade": self.grade,
            "worst_scaled_error": self.worst_scaled_error,
            "worst_relative_error": self.worst_relative_error,
            "laws": {law: result.record() for law, result in sorted(self.laws.items())},
            "claim_kept": self.claim_kept,
            "reasons": list(self.reasons),
        }


def gravest(verdicts: Iterable[str]) -> Verdict:
    """The gravest of some verdicts; not-run of none."""
    found = set(verdicts)
    return next((verdict for verdict in GRAVEST if verdict in found), Verdict.NOT_RUN)


def gates(law: str) -> bool:
    """Whether a law gates; what is no law of `LAWS` (steps of a training, vectors) does."""
    return LAWS[law].gates if law in LAWS else law != INFORMING


def law_result(law: str, examples: Sequence[Line], jobs: Sequence[Line], missing: int) -> LawResult:
    """Fold one law's lines of results: of its examples, and of its jobs.

    ``missing`` jobs were planned and not run. A law can fail without a failing example, when too
    many are undecided: of a job that asked enough to tell, or of all the law's jobs together.
    """
    counts = Counter(str(line["verdict"]) for line in examples)
    if missing:
        counts[str(Verdict.NOT_RUN)] += missing
    verdicts = [str(line["verdict"]) for line in jobs] + [str(Verdict.NOT_RUN)] * bool(missing)
    verdict, message = gravest(verdicts), ""
    if gates(law) and verdict in {Verdict.PASS, Verdict.UNDECIDED} and weak(counts):
        undecided, asked = counts[str(Verdict.UNDECIDED)], judged(counts)
        verdict, message = Verdict.FAIL, f"too weak: {undecided} of {asked} examples are undecided"
    told = (number(line.get("worst_margin")) for line in examples)  # "-inf" is told as text
    margins = [margin for margin in told if margin is not None and isfinite(margin)]
    broken = [line for line in examples if line["verdict"] == Verdict.FAIL]
    infinite = any(isinstance(line.get("worst_margin"), (str, type(None))) for line in broken)
    gravest_job = next((line for line in jobs if line["verdict"] == verdict), {})
    return LawResult(
        law,
        verdict,
        gates(law),
        counts,
        None if infinite else min(margins, default=None),
        infinite,
        message or str(gravest_job.get("message", "")),
        next((line["case"] for line in jobs if line.get("case")), None),
        _spoiled(examples, jobs),
    )


def _spoiled(examples: Sequence[Line], jobs: Sequence[Line]) -> int:
    """The passes in jobs that failed as expected."""
    failed = {line["job"] for line in jobs if line["verdict"] == Verdict.XFAIL}
    if not failed:
        return 0
    return sum(line["verdict"] == Verdict.PASS and line["job"] in failed for line in examples)


def method_result(
    method: str, laws: Mapping[str, LawResult], examples: Sequence[Line]
) -> MethodResult:
    """Fold a method's laws: certified under the conditions of `reasons`, and graded."""
    supported = any(
        count
        for result in laws.values()
        for verdict, count in result.counts.items()
        if verdict not in {Verdict.UNSUPPORTED, Verdict.SKIPPED, Verdict.NOT_RUN}
    )
    partial = any(result.counts.get(str(Verdict.NOT_RUN)) for result in laws.values())
    why = list(reasons(laws))
    # Where nothing was decided, a distance to one of several honest answers says nothing.
    decided = [line for line in examples if line["verdict"] != Verdict.UNDECIDED]
    if partial:
        standing = Standing.PARTIAL
    elif not supported:
        standing = Standing.UNSUPPORTED
    else:
        standing = Standing.NOT_CERTIFIED if why else Standing.CERTIFIED
    accuracy = laws.get(ACCURACY)
    return MethodResult(
        method,
        standing,
        worst_grade(decided),
        _worst(decided, "scaled_error"),
        _worst(decided, "relative_error"),
        laws,
        accuracy is not None and accuracy.verdict is Verdict.PASS,
        why,
    )


def reasons(laws: Mapping[str, LawResult]) -> Iterable[str]:
    """Why a method is not certified: each condition that a gating law does not meet, in words.

    No fail, xpass, crash, timeout or protocol; at least one pass of every gating law that
    applies, in a job that did not fail as expected; no defined, valid case refused; errors within
    the claim, which are the law `accuracy`, expected to fail or not.
    """
    for law, result in sorted(laws.items()):
        if not result.gates:
            continue
        barred = [verdict for verdict in BARRED if result.counts.get(str(verdict))]
        if result.verdict in BARRED and result.verdict not in barred:
            barred.append(result.verdict)
        for verdict in barred:
            count = result.counts.get(str(verdict))
            said = f": {result.message}" if result.message else ""
            yield f"{law}: {f'{count} x {verdict}' if count else verdict}{said}"
        if result.counts.get(str(Verdict.REFUSED)):
            yield f"{law}: a valid case was refused"
        failed = result.counts.get(str(Verdict.XFAIL), 0)
        aside = " beside expected failures" if failed else ""
        if not barred and result.passes < 1:
            yield f"{law}: no example passed{aside}"
        elif not barred and law == ACCURACY and result.verdict is Verdict.XFAIL:
            yield f"{law}: errors are not within the claim, as expected"


def worst_grade(examples: Sequence[Line]) -> str | None:
    """The worst grade over the dtypes, each graded by its own unit roundoff; None if unmeasured."""
    worst: dict[str, float] = {}
    for line in examples:
        if (error := number(line.get("scaled_error"))) is not None:
            worst[line["dtype"]] = max(worst.get(line["dtype"], 0.0), error)
    grades = [tolerance.grade(error, dtype) for dtype, error in worst.items()]
    return max(grades, key=GRADES.index, default=None)


def number(value: object) -> float | None:
    """A number of a results line; infinities stand there as text."""
    return None if value is None else float(str(value))


def _worst(examples: Sequence[Line], name: str) -> Any:  # noqa: ANN401  (a number as it stands in JSON)
    """The largest number under a name, as it stands in the lines."""
    found = [line[name] for line in examples if line.get(name) is not None]
    return max(found, key=lambda value: float(str(value)), default=None)
