"""Expected failures: what a file may say, what becomes of its jobs, and what a run comes to."""

import json
from pathlib import Path
from typing import Any

import pytest

from conformance import campaign, expected, journal
from conformance.backend import resolve
from conformance.campaign import Options
from conformance.certificate import FILE, Certificate
from conformance.cli import main
from conformance.cli.summary import status
from conformance.cli.trouble import Exit
from conformance.expected import ExpectedError
from conformance.resumption import ResumeRefused
from conformance.verification import verified
from properties import checks
from properties.checks import Job, JobRecord

BACKEND = f"{Path(__file__).parent / 'half_wrong.py'}:backend"
LAWS = ("accuracy", "permutation")


def entry(pattern: str, kind: str = "xfail") -> str:
    """One entry of a file."""
    return f'[[expect]]\nid = "{pattern}"\nkind = "{kind}"\nreason = "three rows"\n'


def run(place: Path, *entries: str) -> dict[str, Any]:
    """The statement of a run with these expected failures."""
    file = None
    if entries:
        file = place.with_suffix(".toml")
        file.write_text("\n".join(entries))
    spec = resolve(BACKEND)
    options = Options(place, methods=["mean", "sum"], laws=LAWS, expected=file)
    return dict(campaign.run(spec, options).statement)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x", "not TOML"),
        ("\udcff", "not TOML"),
        ("a = " + "[" * 10_000, "not TOML"),
        ("expected = []", "'expected' was unexpected"),
        ("expect = 1", "expect breaks"),
        ('[[expect]]\nid = "a"\nkind = "xfail"', "'reason' is a required property"),
        ('[[expect]]\nid = "a"\nkind = "xfail"\nreason = " "', "expect/0/reason"),
        ('[[expect]]\nid = ""\nkind = "xfail"\nreason = "r"', "expect/0/id"),
        ('[[expect]]\nid = "a"\nkind = "fail"\nreason = "r"', "expect/0/kind"),
        ('[[expect]]\nid = "a"\nkind = "skip"\nreason = "r"\nnote = 1', "note"),
        ('[[expect]]\nid = "a"\nkind = "skip"\nreason = 1979-05-27', "expect/0/reason"),
        ('[[expect]]\nid = "a"\nkind = "skip"\nreason = "r"\nissue = "javascript:1"', "issue"),
    ],
)
def test_a_bad_file_is_told_by_place(tmp_path: Path, text: str, told: str) -> None:
    """Whatever a file holds: entries, or one sentence that names the place."""
    file = tmp_path / "expected.toml"
    file.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ExpectedError, match=r"expected\.toml") as caught:
        expected.load(file)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("sum/accuracy/*", True),
        ("*/accuracy/float64-*", True),
        ("graddrop/accuracy/float64-leak=[0.5, 1]-0", False),
        ("sum/accuracy", False),
        ("SUM/*", False),
    ],
)
def test_patterns_are_matched_against_the_whole_id(pattern: str, *, matches: bool) -> None:
    """As file names are, letter case told apart."""
    job = Job("", "", "sum", "accuracy", "float64", {})
    assert expected.Expectation(pattern, "xfail", "").matches(job) == matches


def test_an_id_with_brackets_matches_itself() -> None:
    """Although brackets mean a choice in a pattern."""
    job = Job("", "", "graddrop", "accuracy", "float64", {"leak": (0.5, 1.0)})
    assert expected.Expectation(job.id, "xfail", "").matches(job)


def test_what_matches_nothing_is_refused_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, and what lies in the folder is left alone."""
    (tmp_path / FILE).write_text("kept")
    file = tmp_path / "expected.toml"
    file.write_text(entry("sum/acuracy/*"))
    words = ["certify", BACKEND, "--methods", "sum", "--out", str(tmp_path)]
    assert main([*words, "--expected", str(file)]) == Exit.USAGE
    err = capsys.readouterr().err
    assert "'sum/acuracy/*' matches no job: an id reads sum/" in err
    assert (tmp_path / FILE).read_text() == "kept"


def test_a_file_speaks_of_one_backend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For several it is refused: an id means a job of one of them."""
    words = ["certify", "reference", BACKEND, "--out", str(tmp_path)]
    assert main([*words, "--expected", str(tmp_path / "none")]) == Exit.USAGE
    assert "one by one" in capsys.readouterr().err


def test_what_only_the_selection_leaves_out_is_no_error() -> None:
    """An entry for another method is not honoured in this run; one that others hide is refused."""
    mean, total = (Job("", "", name, "accuracy", "float64", {}) for name in ("mean", "sum"))
    first = expected.Expectation("sum/*", "xfail", "known")
    expected.check([first], [mean], lambda: [mean, total])
    assert expected.honoured([first], [mean]) == []
    hidden = expected.Expectation("sum/accuracy/*", "skip", "known")
    with pytest.raises(ExpectedError, match="entries before it"):
        expected.check([first, hidden], [mean, total], list)


def test_a_file_made_from_a_run_excuses_what_failed_in_it(tmp_path: Path) -> None:
    """Not certified, but as expected: exit 0, nothing shrunk or recorded, and it verifies."""
    assert status(run(tmp_path / "plain")) == Exit.NOT_CERTIFIED
    made = expected.written(journal.lines_of(tmp_path / "plain" / journal.RESULTS))
    statement = run(tmp_path / "known", made)
    total = statement["predicate"]["methods"]["sum"]
    assert status(statement) == Exit.OK
    assert total["verdict"] == "not-certified"
    assert total["laws"]["accuracy"]["verdict"] == "xfail"
    assert "fail" not in {name for name, n in statement["predicate"]["totals"].items() if n}
    ids = [each["id"] for each in statement["predicate"]["expected"]]
    assert ids == ["sum/accuracy/*", "sum/permutation/*"]
    assert not (tmp_path / "known" / "failures").exists()
    assert verified(tmp_path / "known").verified


def test_a_failure_beside_the_expected_ones_fails_the_run(tmp_path: Path) -> None:
    """Only what is named is excused."""
    statement = run(tmp_path / "run", entry("sum/accuracy/*"))
    assert status(statement) == Exit.NOT_CERTIFIED
    assert not Certificate(statement).excused


def test_an_unexpected_pass_fails_the_run(tmp_path: Path) -> None:
    """What was mended has to leave the file."""
    statement = run(tmp_path / "run", entry("mean/accuracy/*"), entry("sum/[ap]*"))
    law = statement["predicate"]["methods"]["mean"]["laws"]["accuracy"]
    assert (law["verdict"], law["counts"].get("pass", 0)) == ("xpass", 0)
    assert "expected to fail: three rows" in law["message"]
    assert status(statement) == Exit.NOT_CERTIFIED


def test_what_is_skipped_is_not_run_and_counts_for_nothing(tmp_path: Path) -> None:
    """One skipped line a job; the method lacks a pass, and is excused for it."""
    statement = run(tmp_path / "run", entry("sum/accuracy/*", "skip"), entry("sum/permutation/*"))
    total = statement["predicate"]["methods"]["sum"]
    matched = statement["predicate"]["expected"][0]["matched"]
    assert total["laws"]["accuracy"]["counts"] == {"skipped": matched}
    assert "accuracy: no example passed" in total["reasons"]
    assert status(statement) == Exit.OK


def test_another_list_is_another_run(tmp_path: Path) -> None:
    """What is expected is part of the results: a changed file is not resumed."""
    run(tmp_path / "run", entry("sum/*"))
    spec = resolve(BACKEND)
    options = Options(tmp_path / "run", methods=["mean", "sum"], laws=LAWS, resume=True)
    with pytest.raises(ResumeRefused, match="expected"):
        campaign.run(spec, options)


def test_nothing_that_failed_makes_an_empty_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which is a file of expected failures too; what does not gate is not expected to fail."""
    line = {"record": "job", "method": "mean", "law": "invalid-input", "verdict": "fail"}
    (tmp_path / journal.RESULTS).write_text(json.dumps(line) + "\n")
    assert main(["expected", str(tmp_path)]) == Exit.OK
    file = tmp_path / "expected.toml"
    file.write_text(capsys.readouterr().out)
    assert expected.load(file) == ()
    (tmp_path / journal.RESULTS).write_text('{"record": "job", "law": "accuracy", "method": 1}\n')
    assert main(["expected", str(tmp_path)]) == Exit.USAGE


def test_a_made_file_says_the_same_when_it_is_read(tmp_path: Path) -> None:
    """Whatever the jobs said, and brackets in an id are no choice of letters."""
    about = {"record": "job", "method": "graddrop", "law": "accuracy", "dtype": "float64"}
    params = {"leak": [0.5, 1]}
    said = "a \"quoted\" \\ \x7f \x1b[31m ]]> '''\n[[expect]]\u2028"
    lines = [
        {**about, "params": params, "block": 0, "verdict": "fail", "message": said},
        {**about, "params": params, "block": 1, "verdict": "pass", "message": ""},
    ]
    file = tmp_path / "expected.toml"
    file.write_text(expected.written(lines))
    (found,) = expected.load(file)
    assert found.id == "graddrop/accuracy/float64-leak=[0.5, 1]-0"
    assert found.reason.startswith('fail: a "quoted"')
    jobs = [Job("", "", "graddrop", "accuracy", "float64", params, block) for block in (0, 1)]
    assert [found.matches(job) for job in jobs] == [True, False]


def test_only_what_is_unexpected_is_shrunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure that is known is not worth the requests."""
    budgets: dict[str, object] = {}
    ordinary = checks.run

    def spied(job: Job, *words: Any, **options: Any) -> JobRecord:  # noqa: ANN401
        budgets[job.method] = options["shrinks"]
        return ordinary(job, *words, **options)

    monkeypatch.setattr(checks, "run", spied)
    run(tmp_path / "run", entry("sum/*"))
    assert budgets == {"mean": None, "sum": 0}
