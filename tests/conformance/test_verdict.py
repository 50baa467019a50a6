"""Folding: nothing becomes a boolean too early, and each condition of certification is needed."""

import pytest

from conformance.verdict import LawResult, Standing, Verdict, gravest, law_result, method_result


def line(verdict: str, **figures: float | None) -> dict[str, object]:
    """A line of results."""
    empty = {"scaled_error": None, "relative_error": None, "worst_margin": None}
    return {"verdict": verdict, "job": "one", "dtype": "float64", "case": None, **empty, **figures}


def law(name: str, *verdicts: str, missing: int = 0) -> LawResult:
    """A law whose one job has these examples."""
    job = {**line(str(gravest(verdicts))), "message": ""}
    return law_result(name, [line(each) for each in verdicts], [job], missing)


def standing(*laws: LawResult) -> Standing:
    """Standing of a method with these laws."""
    return method_result("mean", {each.law: each for each in laws}, []).standing


def test_passes_certify() -> None:
    """Passes, with some undecided and skipped, certify."""
    passes = ["pass"] * 4
    assert standing(law("span", *passes, "undecided", "skipped")) is Standing.CERTIFIED


def test_too_many_undecided_do_not_certify() -> None:
    """More than one in five of those judged, over all jobs of the law, is too weak; skips apart."""
    result = law("span", *["pass"] * 3, "undecided", *["skipped"] * 9)
    assert standing(result) is Standing.NOT_CERTIFIED
    assert result.message == "too weak: 1 of 4 examples are undecided"


@pytest.mark.parametrize("verdict", ["fail", "xpass", "crash", "timeout", "protocol", "refused"])
def test_one_of_these_is_enough(verdict: str) -> None:
    """A single one of these under a gating law takes the certificate away."""
    assert standing(law("span", "pass", verdict)) is Standing.NOT_CERTIFIED


def test_undecided_and_skipped_are_no_passes() -> None:
    """A gating law without a pass is not kept."""
    assert standing(law("shape", "pass"), law("span", "undecided")) is Standing.NOT_CERTIFIED
    assert standing(law("shape", "pass"), law("span", "skipped")) is Standing.NOT_CERTIFIED


def test_what_does_not_gate_does_not_count() -> None:
    """A finite answer to NaN informs and condemns nobody."""
    assert standing(law("span", "pass"), law("invalid-input", "fail")) is Standing.CERTIFIED


def test_jobs_that_did_not_run_make_it_partial() -> None:
    """An interrupted run certifies nothing, and says how much is missing."""
    result = law("span", "pass", missing=3)
    assert standing(result) is Standing.PARTIAL
    assert result.counts["not-run"] == 3


def test_a_job_too_weak_fails_without_a_failing_example() -> None:
    """The verdict of the job counts beside those of its examples."""
    job = {**line("fail"), "message": "too weak"}
    result = law_result("span", [line("pass"), line("undecided")], [job], 0)
    assert result.verdict is Verdict.FAIL
    assert standing(result) is Standing.NOT_CERTIFIED


def test_a_method_that_is_not_offered_is_unsupported() -> None:
    """Nothing but unsupported replies is no failure."""
    assert standing(law("span", "unsupported")) is Standing.UNSUPPORTED


def test_the_grade_is_the_worst_of_the_dtypes() -> None:
    """Each dtype is graded by its own roundoff."""
    examples = [
        line("pass", scaled_error=1.0),
        {**line("fail", scaled_error=1e5), "dtype": "float32"},
    ]
    result = method_result("mean", {"accuracy": law("accuracy", "pass")}, examples)
    assert result.grade == "C"
    assert result.worst_scaled_error == 1e5


def test_a_broken_fact_has_no_margin() -> None:
    """Where no error is allowed the margin is minus infinity: null with a flag."""
    result = law_result("shape", [line("fail"), line("pass", worst_margin=1.0)], [line("fail")], 0)
    assert result.worst_margin is None
    assert result.infinite


def test_an_undecided_distance_is_no_error() -> None:
    """The grade and the worst errors come from the examples that were decided."""
    lines = [line("pass", scaled_error=2.0), line("undecided", scaled_error=1e12)]
    result = method_result("mean", {"span": law("span", "pass")}, lines)
    assert (result.grade, result.worst_scaled_error) == ("A", 2.0)


def test_passes_of_a_job_that_fails_as_expected_certify_nothing() -> None:
    """Nor does the law keep its claim; a job that passes beside it is enough for another law."""
    failed = law("span", "pass", "xfail")
    assert standing(failed) is Standing.NOT_CERTIFIED
    other = {**line("pass"), "job": "two", "message": ""}
    jobs = [{**line("xfail"), "message": ""}, other]
    beside = law_result("span", [line("pass"), line("xfail"), other], jobs, 0)
    assert (beside.passes, standing(beside)) == (1, Standing.CERTIFIED)
    claim = law_result("accuracy", [line("xfail"), other], jobs, 0)
    result = method_result("mean", {"accuracy": claim}, [])
    assert (result.standing, result.claim_kept) == (Standing.NOT_CERTIFIED, False)
