"""Jacobians of real training steps, for the harness to judge answers on."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.torch_runner.benchmarks import BENCHMARKS
from conformance.torch_runner.benchmarks.data import data_folder
from conformance.torch_runner.checkpoint import Settings, started
from conformance.torch_runner.train import epoch_steps, named


def jacobians(
    benchmark: str, steps: Sequence[int], *, seed: int = 0, data: Path | None = None
) -> Iterator[tuple[int, NDArray[Any]]]:
    """Pairs (step, jacobian (T, d) in float32) at the steps asked for, counted from 0.

    The network is trained by the mean of the gradients with the benchmark's own settings, so
    that what is captured does not depend on any method under judgement. Within the first epoch
    only: ValueError for a step beyond it, DataError where the data is missing.
    """
    chosen = named(BENCHMARKS, benchmark, "benchmark")
    train, _ = chosen.load(data_folder(data))
    batch_size = chosen.recipes[chosen.default].batch_size
    last = -(-len(train) // batch_size) - 1
    if any(not 0 <= step <= last for step in steps):
        message = f"steps must lie between 0 and {last}, the first epoch (got {list(steps)})"
        raise ValueError(message)
    state = started(Settings(benchmark, "mean", {}, 1, batch_size, seed))
    for number, step in enumerate(epoch_steps(state, train)):
        if number in steps:
            yield number, step.jacobian.numpy().astype(np.float32)
        if number >= max(steps, default=-1):
            return
