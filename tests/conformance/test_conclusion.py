"""The end of a job: what its last request left behind is the job's, and not the next one's."""

from dataclasses import dataclass

import pytest

from conformance.conclusion import concluded
from conformance.reply import Reply, Status
from conformance.supervisor import Supervisor
from conformance.worker import Bench, Worker
from conformance.zoo.hostile import HOSTILE
from properties.checks import JobRecord, jobs


@dataclass
class Stub:
    """A supervisor that only tells what its check found."""

    found: Reply

    def check(self) -> Reply:
        """Tell it."""
        return self.found


def record(verdict: str) -> JobRecord:
    """The record of a job that ended so."""
    job = next(jobs({"methods": {"mean": {}}}, suite="s", backend="b", methods=["mean"]))
    return JobRecord(job, verdict, "", (), {verdict: 1})


@pytest.mark.parametrize(
    ("status", "before", "after"),
    [
        ("ok", "pass", "pass"),
        ("refused", "pass", "pass"),
        ("protocol", "pass", "protocol"),
        ("timeout", "fail", "timeout"),
        ("crash", "protocol", "protocol"),
    ],
)
def test_the_graver_verdict_stands(status: str, before: str, after: str) -> None:
    """A job that passed and left a second reply behind did not pass; its counts stay."""
    stub = Stub(Reply(Status(status), message="why"))
    found = concluded(record(before), stub)  # type: ignore[arg-type]  # all that is asked of it
    assert (found.verdict, dict(found.counts)) == (after, {before: 1})
    assert ("after the last request: why" in found.message) == (after != before)


def test_a_change_of_mind_is_the_jobs_own() -> None:
    """A backend whose every answer is right, and whose version changes, fails each job alike."""
    hostile = HOSTILE["changing"]
    with Supervisor(hostile.spec) as supervisor:
        description = supervisor.describe()
    chosen = {"suite": "s", "backend": "b", "methods": ["mean"], "dtypes": ["float64"]}
    plan = list(jobs(description, laws=["shape", "span"], **chosen))
    bench = Bench(hostile.spec, description, 0, hostile.limits)
    with Worker(bench) as worker:
        ends = [worker.work(job).lines[-1] for job in plan]
    assert len(ends) == 2
    assert {end["verdict"] for end in ends} == {"protocol"}
    assert {end["message"] for end in ends} == {
        "after the last request: it describes itself otherwise than before"
    }
