"""The jobs on backends: the fixture ``backend`` comes from the harness's pytest plugin."""

from typing import Protocol

import pytest

from properties.checks import Job, JobRecord
from properties.laws import LAWS

BROKEN = {"fail", "refused", "crash", "timeout", "protocol"}


class Backend(Protocol):
    """Whatever runs a job."""

    def run(self, job: Job) -> JobRecord:
        """Run one job."""


def _told(record: JobRecord) -> str:
    """What failed, on which input: how to read it stands in properties/README.md."""
    lines = [f"{record.verdict} of {record.job.id}: {record.message}", f"{dict(record.counts)}"]
    if record.failure is not None:
        example = record.failure.example
        lines += [f"rows: {example.rows}", f"params: {dict(example.params)}"]
        lines += [f"inputs: {dict(example.inputs)}", f"earlier: {example.earlier}"]
        lines += [f"orders: {example.orders}", f"random: {dict(example.random)}"]
        lines += [f"extra: {dict(example.extra)}"]
    return "\n".join(lines)


def test_the_backend_keeps_the_law(backend: Backend, job: Job) -> None:
    """Every example of the job passes, within what rounding may do to it."""
    record = backend.run(job)
    if record.verdict in BROKEN and job.law in LAWS and not LAWS[job.law].gates:
        pytest.skip(f"does not gate: {_told(record)}")
    assert record.verdict not in BROKEN, _told(record)
    if record.verdict != "pass":
        pytest.skip(_told(record))
