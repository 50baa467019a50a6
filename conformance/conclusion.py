"""The end of a job: the backend is asked once more who it is, and what that brings up is the job's.

A second reply to the last request, a description that has changed: the next request would meet it,
and that may be another job's. A job's record must not depend on which one ran before it.
"""

from dataclasses import replace

from conformance.reply import Status
from conformance.supervisor import Supervisor
from properties.checks import JobRecord
from properties.job import GRAVEST

GRAVE = (Status.CRASH, Status.TIMEOUT, Status.PROTOCOL)


def concluded(record: JobRecord, supervisor: Supervisor) -> JobRecord:
    """The record with what the backend did after its last request, if that was no good."""
    reply = supervisor.check()
    verdict = str(reply.status)
    if reply.status not in GRAVE or GRAVEST.index(record.verdict) <= GRAVEST.index(verdict):
        return record
    return replace(record, verdict=verdict, message=f"after the last request: {reply.message}")
