"""Runs of a small backend: the same results on any number of jobs, resumption, interruption."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from conformance import campaign, failures, journal
from conformance.backend import BackendSpec, resolve
from conformance.campaign import Options
from conformance.certificate import Certificate
from conformance.reproduction import reproduce
from conformance.resumption import ResumeRefused
from conformance.schemas import validator

SOURCE = '''
"""Mean and sum; the sum forgets its last row where there are three."""

import numpy as np

TOLD = {"params": {}, "dtypes": ["float64"], "scale": "1", "randomness": "none",
        "stateful": False, "outputs": ["direction"], "accuracy": None}


class Small:
    def describe(self):
        return {"protocol": 1, "name": "small", "version": "1", "language": "python",
                "artifact": None, "methods": {"mean": TOLD, "sum": TOLD}}

    def evaluate(self, method, inputs, params, random, seed):
        jacobian = inputs["jacobian"]
        if not np.isfinite(jacobian).all() or not jacobian.size:
            raise ValueError("jacobian must be finite")
        rows = jacobian[:2] if method == "sum" and len(jacobian) == 3 else jacobian
        return {"direction": rows.mean(axis=0) if method == "mean" else rows.sum(axis=0)}

    def snippet(self, method, params):
        return "outputs = {'direction': jacobian.sum(axis=0) + 1}"


backend = Small()
'''


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> BackendSpec:
    """A backend in a file."""
    file = tmp_path_factory.mktemp("backend") / "small.py"
    file.write_text(SOURCE, encoding="utf-8")
    return resolve(f"{file}:backend")


@pytest.fixture(scope="module")
def finished(spec: BackendSpec, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one complete run."""
    out = tmp_path_factory.mktemp("run")
    campaign.run(spec, Options(out, methods=["mean", "sum"]))
    return out


def test_the_verdicts_are_right(finished: Path) -> None:
    """The right method is certified with grade A, the wrong one is not and has counterexamples."""
    certificate = Certificate.load(finished)
    mean, wrong = certificate.methods["mean"], certificate.methods["sum"]
    assert (mean["verdict"], mean["grade"], mean["reasons"]) == ("certified", "A", [])
    assert (wrong["verdict"], wrong["claim_kept"]) == ("not-certified", False)
    assert wrong["laws"]["accuracy"]["counterexample"]
    assert not certificate.certified


def test_everything_keeps_its_schema(finished: Path) -> None:
    """Certificate, results, journal and cases are valid."""
    validator("certificate").validate(json.loads((finished / "certificate.json").read_text()))
    for name in (journal.RESULTS, journal.JOURNAL):
        for line in journal.lines_of(finished / name):
            validator("results").validate(line)
    for case in finished.glob("failures/*/case.json"):
        validator("case").validate(json.loads(case.read_text()))


def test_results_are_the_same_on_two_processes(
    spec: BackendSpec, finished: Path, tmp_path: Path
) -> None:
    """Byte for byte."""
    campaign.run(spec, Options(tmp_path, methods=["mean", "sum"], jobs=2))
    name = journal.RESULTS
    assert (tmp_path / name).read_bytes() == (finished / name).read_bytes()


def test_an_interrupt_leaves_a_partial_result_and_resuming_completes_it(
    spec: BackendSpec, finished: Path, tmp_path: Path
) -> None:
    """No footer and a partial certificate at first, the same bytes in the end."""

    def stop(done: int, _total: int, _label: str) -> None:
        if done == 3:
            raise KeyboardInterrupt

    options = Options(tmp_path, methods=["mean", "sum"])
    with pytest.raises(KeyboardInterrupt):
        campaign.run(spec, options, stop)
    records = [line["record"] for line in journal.lines_of(tmp_path / journal.RESULTS)]
    assert "footer" not in records
    assert Certificate.load(tmp_path).methods["sum"]["verdict"] == "partial"
    campaign.run(spec, replace(options, resume=True))
    name = journal.RESULTS
    assert (tmp_path / name).read_bytes() == (finished / name).read_bytes()


def test_another_run_is_not_resumed(spec: BackendSpec, finished: Path) -> None:
    """A changed seed or backend is refused in a sentence that names it."""
    other = Options(finished, methods=["mean", "sum"], seed=1, resume=True)
    with pytest.raises(ResumeRefused, match=r"seed changed \(was 0, is 1\)"):
        campaign.run(spec, other)
    changed = replace(spec, digest="0" * 64)
    with pytest.raises(ResumeRefused, match="backend digest"):
        campaign.run(changed, replace(other, seed=0))


def test_shards_share_the_jobs(spec: BackendSpec, tmp_path: Path) -> None:
    """Each job belongs to one shard."""
    options = Options(tmp_path, methods=["mean"])
    with campaign.Bench(spec, {}, 0).supervisor() as supervisor:
        plan = campaign.planned(supervisor.describe(), spec, options)
    shards = [campaign._sharded(plan, (index, 3)) for index in range(3)]
    assert sorted(job.key for shard in shards for job in shard) == sorted(job.key for job in plan)


def test_a_failure_is_seen_again(finished: Path) -> None:
    """The recorded case fails as recorded, and its program shows right and wrong side by side."""
    wrong = Certificate.load(finished).methods["sum"]["laws"]["accuracy"]["counterexample"]
    folder = finished / failures.FOLDER / wrong
    found = reproduce(folder)
    assert (found.same, found.verdict) == (True, "fail")
    program = [sys.executable, str(folder / failures.PROGRAM)]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    assert "expected, exact:" in done.stdout
    assert "accuracy" in done.stdout
