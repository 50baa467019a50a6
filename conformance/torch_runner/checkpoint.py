"""A run of training on its way, and the checkpoints that it can be taken up from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import Parameter
from torch.optim import Optimizer

from conformance.torch_runner.benchmarks import BENCHMARKS
from conformance.torch_runner.benchmarks.benchmark import Recipe
from conformance.torch_runner.recon import Converted, convert


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a run is a function of, beside the data.

    ``turned`` are the layers that are task-specific.
    """

    benchmark: str
    method: str
    params: dict[str, Any]
    epochs: int
    batch_size: int
    seed: int
    device: str = "cpu"
    recipe: str = ""
    turned: tuple[str, ...] = ()


@dataclass(slots=True)
class Run:
    """A run on its way: what a checkpoint holds.

    ``seen`` are losses (T,) that a method may ask for, by the input's name, and ``kept`` is the
    state of a stateful one.
    """

    settings: Settings
    model: Any
    optimizer: Optimizer
    orders: torch.Generator
    epoch: int = 0
    step: int = 0
    totals: dict[str, float] = field(default_factory=dict)
    seen: dict[str, Tensor] = field(default_factory=dict)
    kept: Any = None

    @property
    def recipe(self) -> Recipe:
        """The recipe that is followed."""
        recipes = BENCHMARKS[self.settings.benchmark].recipes
        return recipes[self.settings.recipe or next(iter(recipes))]

    @property
    def plain(self) -> Any:  # noqa: ANN401  (whatever model the benchmark has)
        """The benchmark's own model, within the converted one if layers were turned."""
        return self.model.model if isinstance(self.model, Converted) else self.model

    def shared(self) -> list[Parameter]:
        """The parameters that all tasks share, in network order."""
        turned = self.model.specific(0) if isinstance(self.model, Converted) else []
        own = {id(parameter) for parameter in turned}
        parts = [self.plain.get_submodule(path) for path in self.recipe.within]
        return [each for part in parts for each in part.parameters() if id(each) not in own]

    def specific(self) -> list[list[Parameter]]:
        """Each task's own parameters: its head, and its copies of the layers that were turned."""
        turned = isinstance(self.model, Converted)
        return [
            [*head.parameters(), *(self.model.specific(task) if turned else [])]
            for task, head in enumerate(self.plain.heads)
        ]


def started(settings: Settings) -> Run:
    """A run at its beginning, the model's weights drawn from the seed."""
    benchmark = BENCHMARKS[settings.benchmark]
    recipe = benchmark.recipes[settings.recipe or benchmark.default]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        model = recipe.model()
        if settings.turned:
            model = convert(model, settings.turned, len(benchmark.tasks))
    model = model.to(settings.device)
    optimizer = recipe.optimizer(model.parameters())
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
        "seen": state.seen,
        "kept": packed(state.kept),
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
    state.seen, state.kept = held["seen"], unpacked(held["kept"])


ARRAY = "numpy array"


def packed(kept: Any) -> Any:  # noqa: ANN401  (a method's state, nested)
    """A state with its numpy arrays as marked tensors, which a checkpoint may hold."""
    if isinstance(kept, np.ndarray):
        return {ARRAY: torch.from_numpy(kept)}
    if isinstance(kept, Mapping):
        return {name: packed(each) for name, each in kept.items()}
    return type(kept)(map(packed, kept)) if isinstance(kept, tuple | list) else kept


def unpacked(kept: Any) -> Any:  # noqa: ANN401  (the same)
    """The state that was packed."""
    if isinstance(kept, Mapping):
        if set(kept) == {ARRAY}:
            return kept[ARRAY].numpy()
        return {name: unpacked(each) for name, each in kept.items()}
    return type(kept)(map(unpacked, kept)) if isinstance(kept, tuple | list) else kept
