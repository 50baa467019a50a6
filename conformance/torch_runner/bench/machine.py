"""The machine that figures were measured on: processor, cores, threads, versions, load; no name."""

import os
import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch

CPUINFO = Path("/proc/cpuinfo")
COPIED = 2**28
"""Bytes that are copied on a device to learn its bandwidth."""


def described(device: str) -> dict[str, Any]:
    """What is known of the machine before a run."""
    return {
        "processor": processor(),
        "cores": os.cpu_count() or 1,
        "threads": torch.get_num_threads(),
        "system": platform.system(),
        "device": "cpu" if device == "cpu" else torch.cuda.get_device_name(device),
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": np.__version__,
        },
    }


def processor() -> str:
    """The processor's model, as the system tells it."""
    if CPUINFO.exists():
        for line in CPUINFO.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def present(device: str) -> bool:
    """Whether torch can compute on a device here."""
    try:
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError):
        return False
    return True


def load() -> float | None:
    """Processes that wanted the processor, on average over the last minute."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def wait_for(device: str) -> None:
    """Wait until a device has done what it was asked."""
    if device != "cpu":
        torch.cuda.synchronize(device)


def bandwidth(device: str) -> float:
    """Bytes a second that a device moves when it copies: the best of several times."""
    import time

    source = torch.zeros(COPIED // 4, dtype=torch.float32, device=device)
    target = torch.empty_like(source)
    seconds = []
    for _ in range(10):
        wait_for(device)
        start = time.perf_counter()
        target.copy_(source)
        wait_for(device)
        seconds.append(time.perf_counter() - start)
    return 2 * COPIED / min(seconds)


def busy(loads: Iterable[float | None], cores: int) -> bool:
    """Whether other work kept the machine so busy that figures are not to be trusted."""
    return any(each is not None and each > 1 + cores / 4 for each in loads)
