"""A run of training on its way, and the checkpoints that it can be taken up from."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch.optim import Adam

from conformance.torch_runner.benchmarks import BENCHMARKS


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a run is a function of, beside the data."""

    benchmark: str
    method: str
    params: dict[str, float | str]
    epochs: int
    batch_size: int
    seed: int
    device: str = "cpu"


@dataclass(slots=True)
class Run:
    """A run on its way: what a checkpoint holds."""

    settings: Settings
    model: Any
    optimizer: Adam
    orders: torch.Generator
    epoch: int = 0
    step: int = 0
    totals: dict[str, float] = field(default_factory=dict)


def started(settings: Settings) -> Run:
    """A run at its beginning, the model's weights drawn from the seed."""
    benchmark = BENCHMARKS[settings.benchmark]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        model = benchmark.model().to(settings.device)
    optimizer = Adam(
        model.parameters(), lr=benchmark.learning_rate, weight_decay=benchmark.weight_decay
    )
    return Run(settings, model, optimizer, torch.Generator().manual_seed(settings.seed))


def save(state: Run, path: Path) -> None:
    """Write a checkpoint whole or not at all."""
    held = {
        "settings": asdict(state.settings),
        "model": state.model.state_dict(),
        "optimizer": state.optimizer.state_dict(),
        "orders": state.orders.get_state(),
        "epoch": state.epoch,
        "step": state.step,
        "totals": state.totals,
    }
    partial = path.with_name(f"{path.name}.partial")
    torch.save(held, partial)
    partial.replace(path)


def restore(state: Run, path: Path) -> None:
    """Set a run to where its checkpoint left it; only tensors and plain values are read.

    The number of epochs may differ, for it only says when to end.
    """
    if not path.exists():
        message = f"{path} does not exist: there is nothing to resume"
        raise ValueError(message)
    held = torch.load(path, weights_only=True, map_location=state.settings.device)
    ours, theirs = asdict(state.settings), held["settings"]
    for name in sorted(ours.keys() - {"epochs", "device"}):
        if ours[name] != theirs.get(name):
            message = f"{path} is of a run with {name} {theirs.get(name)!r} (got {ours[name]!r})"
            raise ValueError(message)
    state.model.load_state_dict(held["model"])
    state.optimizer.load_state_dict(held["optimizer"])
    state.orders.set_state(held["orders"].cpu())
    state.epoch, state.step, state.totals = held["epoch"], held["step"], held["totals"]
