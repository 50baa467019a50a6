"""Jacobians of a real training as cases: captured once, then judged like any other.

The training runs in a child process with one thread, so that what is captured depends on the
benchmark, the seed and the machine alone, and torch is never imported by the harness.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from conformance.subject import BackendSubject
from properties.checks import ExampleRecord, Failure, Job, JobRecord, examine, jobs
from properties.example import Example, Rows
from properties.laws import LAWS

LAW = "in-training"
FILE = "in-training.npz"
DTYPES = ("float64", "float32")  # both hold the captured float32 numbers exactly
STEPS: Mapping[str, tuple[int, ...]] = {
    "quick": (0, 20, 60),
    "standard": tuple(range(0, 201, 20)),
    "exhaustive": tuple(range(0, 461, 10)),
}
_CAPTURE = """
import json, sys
from pathlib import Path
import numpy as np
from conformance.torch_runner.capture import jacobians
benchmark, steps, seed, data, out = json.loads(sys.argv[1])
try:
    found = jacobians(benchmark, steps, seed=seed, data=data and Path(data))
    np.savez(out, **{str(step): jacobian for step, jacobian in found})
except ValueError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""


class CaptureError(RuntimeError):
    """The training gave no jacobians; the message says why and what to try."""


@dataclass(frozen=True, slots=True)
class Training:
    """What was captured: the benchmark, rows (T, d) by step, and the digest of the numbers."""

    benchmark: str
    steps: Mapping[int, Rows]
    digest: str

    @property
    def identity(self) -> str:
        """Benchmark, steps and digest in one line."""
        return f"{self.benchmark} at steps {', '.join(map(str, self.steps))} (sha256:{self.digest})"


def file_name(benchmark: str, profile: str, seed: int) -> str:
    """Name of the file that keeps what was captured."""
    return f"{benchmark}-{profile}-{seed}-{FILE}"


def captured(
    benchmark: str, profile: str, out: Path, *, seed: int = 0, data: Path | None = None
) -> Training:
    """Train and capture, or take what an earlier run of the same settings left in ``out``.

    CaptureError where the data or torch is missing; the message is one sentence.
    """
    out.mkdir(parents=True, exist_ok=True)
    name = file_name(benchmark, profile, seed)
    if not (out / name).is_file():
        partial = out / f"partial-{name}"
        wanted = [benchmark, STEPS[profile], seed, None if data is None else str(data)]
        _run(json.dumps([*wanted, str(partial)]))
        partial.replace(out / name)
    with np.load(out / name, allow_pickle=False) as arrays:
        found = {int(step): arrays[step] for step in sorted(arrays.files, key=int)}
    digest = hashlib.sha256(b"".join(each.tobytes() for each in found.values())).hexdigest()
    rows = {step: tuple(map(tuple, each.tolist())) for step, each in found.items()}
    return Training(benchmark, rows, digest)


def _run(settings: str) -> None:
    """Run the training in a process of its own."""
    alone = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    command = [sys.executable, "-c", _CAPTURE, settings]
    done = subprocess.run(command, env=alone, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        message = f"the training was not captured: {last}"
        raise CaptureError(message)


def planned(
    training: Training | None,
    description: Mapping[str, Any],
    *,
    laws: Collection[str] | None,
    **chosen: Any,  # noqa: ANN401  (what `checks.jobs` takes)
) -> Iterator[Job]:
    """One job for each step and each method, dtype and parameters that accuracy is judged on."""
    if training is None or (laws is not None and LAW not in laws):
        return
    seen: set[str] = set()
    for job in jobs(description, laws=("accuracy",), **chosen):
        name = f"{job.method} {job.dtype} {sorted(job.params.items())}"
        if job.dtype in DTYPES and name not in seen:
            seen.add(name)
            for step in training.steps:
                yield _at(job, step)


def _at(job: Job, step: int) -> Job:
    """The job of accuracy turned into one at a training step."""
    return Job(
        job.suite, job.backend, job.method, LAW, job.dtype, job.params, step, job.profile,
        job.injected,
    )  # fmt: skip


def judged(job: Job, subject: BackendSubject, steps: Mapping[int, Rows]) -> JobRecord:
    """The verdict on one method at one step: the accuracy of its direction."""
    rows = steps[job.block]
    example = Example(job.method, rows, job.params, _orders(job, len(rows)))
    ruling, seen = examine(LAWS["accuracy"], example, subject)
    record = ExampleRecord(0, ruling.verdict, ruling, example)
    failure = None
    if ruling.verdict in {"fail", "crash", "timeout", "protocol", "refused"}:
        failure = Failure("accuracy", example, ruling.verdict, ruling.message, seen)
    counts = {ruling.verdict: 1}
    return JobRecord(job, ruling.verdict, ruling.message, (record,), counts, failure)


def _orders(job: Job, tasks: int) -> tuple[tuple[int, ...], ...] | None:
    """Ascending orders for a method that takes them."""
    from mtl_reference import METHODS

    if "orders" not in METHODS[job.method].randomness or not job.injected:
        return None
    return tuple(tuple(j for j in range(tasks) if j != i) for i in range(tasks))


def limits(training: Training | None) -> Sequence[str]:
    """What a certificate says of the training, in words."""
    return [] if training is None else [f"Judged in training too: {training.identity}."]
