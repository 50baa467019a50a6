"""What is true of the methods: laws, claims, the inputs that could break them, and the jobs."""

from properties.checks import PROFILES, Job, JobRecord, jobs, run
from properties.claims import CLAIMS, Claim
from properties.example import Example, Margin, Observation, Ruling, Subject
from properties.jacobians import FAMILIES
from properties.laws import LAWS, Law
from properties.reference_subject import ReferenceSubject

__all__ = [
    "CLAIMS",
    "FAMILIES",
    "LAWS",
    "PROFILES",
    "Claim",
    "Example",
    "Job",
    "JobRecord",
    "Law",
    "Margin",
    "Observation",
    "ReferenceSubject",
    "Ruling",
    "Subject",
    "jobs",
    "run",
]
