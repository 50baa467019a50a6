"""Synthetic data for the training tests, and the real data where it has been fetched."""

import struct
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from conformance.torch_runner import benchmarks
from conformance.torch_runner.benchmarks.data import data_folder
from conformance.torch_runner.benchmarks.multi_fashion_mnist import (
    BENCHMARK,
    NAME,
    load,
)

ITEMS = {"train": 60, "t10k": 20}
PAIRS = {"train": 100, "t10k": 30}


def write_idx(target: Path, draws: np.random.RandomState) -> None:
    """Random images and labels of both splits in exactly the real format, under their names."""
    target.mkdir(parents=True)
    for prefix, count in ITEMS.items():
        images = draws.randint(1, 256, size=(count, 28, 28)).astype(np.uint8)
        labels = draws.randint(10, size=count).astype(np.uint8)
        header = struct.pack(">4I", 0x803, *images.shape)
        (target / f"{prefix}-images-idx3-ubyte").write_bytes(header + images.tobytes())
        header = struct.pack(">2I", 0x801, count)
        (target / f"{prefix}-labels-idx1-ubyte").write_bytes(header + labels.tobytes())


@pytest.fixture(scope="session")
def idx_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with synthetic MNIST and Fashion-MNIST; read only."""
    folder = tmp_path_factory.mktemp("data")
    draws = np.random.RandomState(0)
    for part in ("mnist", "fashion"):
        write_idx(folder / NAME / part, draws)
    return folder


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The benchmark with few pairs and batches of 20: five steps an epoch."""
    recipes = {
        name: replace(recipe, batch_size=20, epochs=3) for name, recipe in BENCHMARK.recipes.items()
    }
    fewer = replace(BENCHMARK, load=partial(load, pairs=PAIRS), recipes=recipes)
    monkeypatch.setattr(benchmarks, "BENCHMARKS", {NAME: fewer})
    for module in ("train", "checkpoint", "capture"):
        monkeypatch.setattr(f"conformance.torch_runner.{module}.BENCHMARKS", {NAME: fewer})


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small products are fastest, and sums reproducible, on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def real_folder() -> Path:
    """The folder with the real images, or a skip that says how to fetch them."""
    folder = data_folder(None)
    if not (folder / NAME).is_dir():
        pytest.skip(f"no real images in {folder}: `make ci-system` fetches them")
    return folder
