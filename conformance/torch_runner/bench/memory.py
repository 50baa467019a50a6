"""How much memory an aggregator takes beside its jacobian, measured in a process of its own.

``python -m conformance.torch_runner.bench.memory METHOD SIZE DTYPE`` prints the bytes by which the
resident memory rose at most, the direction among them. It wants Linux, which tells and resets the
peak; elsewhere there is no figure.
"""

import os
import subprocess
import sys
from pathlib import Path

import torch

from conformance.torch_runner.bench.grid import DTYPES, Size, matrix, size_of
from conformance.torch_runner.bench.own import made

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
SECONDS = 600


def measurable() -> bool:
    """Whether the system tells the peak."""
    return STATUS.exists() and RESET.exists()


def peak(method: str, size: Size, dtype: str) -> int | None:
    """Bytes that an aggregator takes beside its jacobian; None where it has no answer."""
    module = [sys.executable, "-m", "conformance.torch_runner.bench.memory"]
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    found = subprocess.run(
        [*module, method, str(size), dtype],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        env=os.environ | one,
    )
    return int(found.stdout) if found.returncode == 0 else None


def main(method: str, size: Size, dtype: str) -> int:
    """The bytes, in this process."""
    torch.set_num_threads(1)
    made(method, matrix(Size(size.tasks, 5000), dtype, "cpu"))()
    call = made(method, matrix(size, dtype, "cpu"))
    RESET.write_text("5", encoding="ascii")
    before = told("VmRSS")
    answer = call()
    after = told("VmHWM")
    del answer
    return max(after - before, 0)


def told(name: str) -> int:
    """A figure of this process in bytes."""
    lines = STATUS.read_text(encoding="utf-8").splitlines()
    line = next(each for each in lines if each.startswith(f"{name}:"))
    return 1024 * int(line.split()[1])


if __name__ == "__main__":
    asked, shape, kind = sys.argv[1:]
    if kind not in DTYPES:
        sys.exit(f"dtype must be one of {', '.join(DTYPES)} (got '{kind}')")
    sys.stdout.write(f"{main(asked, size_of(shape), kind)}\n")
