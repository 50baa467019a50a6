"""Training on a benchmark with one of the methods: the whole loop, to be read in one go.

A run is a function of its settings: weights, batches and PCGrad's orders are drawn from the seed,
and a checkpoint holds all that is drawn from or summed up, so that a run that was stopped goes on
bit for bit (on one machine, with one number of threads).
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor
from torch.nn import Module

from conformance.torch_runner.benchmarks import BENCHMARKS
from conformance.torch_runner.benchmarks.benchmark import Benchmark, Split
from conformance.torch_runner.benchmarks.data import data_folder
from conformance.torch_runner.checkpoint import Run, Settings, restore, save, started
from conformance.torch_runner.gradients import conflicts, differentiate, set_gradient
from conformance.torch_runner.stepping import combined, rate, scaled, trainable

Entry = TypeVar("Entry")

EVERY = 100
"""Steps between checkpoints within an epoch."""

PORTION = 1000
"""Examples that are evaluated at once."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is: epoch and step (from 1), and the losses of the tasks at that step."""

    epoch: int
    epochs: int
    step: int
    steps_per_epoch: int
    losses: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One training step: the losses (T,) and the jacobian (T, d) of the shared parameters."""

    losses: Tensor
    jacobian: Tensor


def run(
    benchmark: str,
    method: str,
    params: Mapping[str, Any],
    *,
    recipe: str | None = None,
    turned: Sequence[str] = (),
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    data: Path | None = None,
    out: Path,
    resume: bool = False,
    steps: int | None = None,
    device: str = "cpu",
    progress: Callable[[Progress], None] | None = None,
    observe: Callable[[Run, Step], None] | None = None,
) -> list[dict[str, Any]]:
    """Train, and return one record of metrics for each epoch, as in OUT/metrics.jsonl.

    ``recipe`` names the model and its settings; ``turned`` are layers to make task-specific;
    ``steps`` stops the run after so many steps in all, with a record marked ``partial``;
    ``resume`` goes on from OUT/checkpoint.pt; ``observe`` sees each step. ValueError for an
    unknown benchmark, recipe, method or layer and for a checkpoint of another run; DataError
    where the data is missing.
    """
    chosen = named(BENCHMARKS, benchmark, "benchmark")
    named(trainable(), method, "method")
    model = recipe or chosen.default
    paper = named(chosen.recipes, model, "recipe")
    sizes = (
        at_least_one("epochs", paper.epochs if epochs is None else epochs),
        at_least_one("batch_size", paper.batch_size if batch_size is None else batch_size),
    )
    settings = Settings(benchmark, method, dict(params), *sizes, seed, device, model, tuple(turned))
    state = started(settings)
    if resume:
        restore(state, out / "checkpoint.pt")
    train, test = (split.to(device) for split in chosen.load(data_folder(data)))
    out.mkdir(parents=True, exist_ok=True)
    records = earlier(out / "metrics.jsonl", state.epoch)
    per_epoch = -(-len(train) // state.settings.batch_size)
    last = sizes[0] * per_epoch if steps is None else min(sizes[0] * per_epoch, steps)
    while (left := last - state.epoch * per_epoch - state.step) > 0:
        for step in islice(epoch_steps(state, train), left):
            if observe is not None:
                observe(state, step)
            if progress is not None:
                progress(Progress(state.epoch + 1, sizes[0], state.step, per_epoch, values(step)))
            if state.step % EVERY == 0:
                save(state, out / "checkpoint.pt")
        records.append(measured(state, chosen, test, partial=state.step < per_epoch))
        write(records, out / "metrics.jsonl")
        if state.step == per_epoch:
            state.epoch, state.step, state.totals = state.epoch + 1, 0, {}
        save(state, out / "checkpoint.pt")
    return records


def epoch_steps(state: Run, train: Split) -> Iterator[Step]:
    """Take the steps that are left of an epoch; its batches are drawn from seed and epoch."""
    settings = state.settings
    rate(state)
    generator = torch.Generator().manual_seed(settings.seed * 1_000_003 + state.epoch)
    order = torch.randperm(len(train), generator=generator).to(settings.device)
    for start in range(state.step * settings.batch_size, len(train), settings.batch_size):
        state.model.train()
        step = taken(state, *train.batch(order[start : start + settings.batch_size]))
        state.step += 1
        found = {f"loss {task}": loss for task, loss in enumerate(values(step))}
        for name, value in {**found, "conflicts": conflicts(step.jacobian)}.items():
            state.totals[name] = state.totals.get(name, 0.0) + value
        yield step


def taken(state: Run, inputs: Tensor, labels: Tensor) -> Step:
    """One step: losses, jacobian of the shared parameters, direction by the method, descent.

    What is a task's own follows the gradient of its own loss; the method is about what is shared.
    """
    shared = state.shared()
    losses = BENCHMARKS[state.settings.benchmark].losses(state.model(inputs), labels)
    jacobian = differentiate(losses, shared, state.specific())
    known = torch.stack(losses).detach()
    direction, weights = combined(state, jacobian, known)
    set_gradient(shared, direction)
    scaled(state, weights)
    state.optimizer.step()
    return Step(known, jacobian)


def measured(state: Run, benchmark: Benchmark, test: Split, *, partial: bool) -> dict[str, Any]:
    """The record of an epoch: means over its steps, and losses and accuracy on the test split."""
    counts = {name: total / state.step for name, total in state.totals.items()}
    losses, hits = evaluated(state.model, benchmark, test)
    return {
        "epoch": state.epoch + 1,
        "steps": state.step,
        "partial": partial,
        "conflicts": counts.pop("conflicts"),
        "train_loss": dict(zip(benchmark.tasks, counts.values(), strict=True)),
        "test_loss": dict(zip(benchmark.tasks, losses.tolist(), strict=True)),
        "test_accuracy": dict(zip(benchmark.tasks, hits.tolist(), strict=True)),
    }


@torch.no_grad()
def evaluated(model: Module, benchmark: Benchmark, test: Split) -> tuple[Tensor, Tensor]:
    """Mean loss and accuracy of each task over a split, both (T,) in float64."""
    model.eval()
    losses = torch.zeros(len(benchmark.tasks), dtype=torch.float64)
    hits = losses.clone()
    for start in range(0, len(test), PORTION):
        inputs, labels = test.batch(slice(start, start + PORTION))
        outputs = model(inputs)
        losses += torch.stack(benchmark.losses(outputs, labels)).double().cpu() * len(labels)
        hits += torch.stack(benchmark.hits(outputs, labels)).sum(1).double().cpu()
    return losses / len(test), hits / len(test)


def earlier(path: Path, epochs: int) -> list[dict[str, Any]]:
    """The records of whole epochs before the one to go on with."""
    if not epochs or not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines()[:epochs]]


def write(records: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write the records of the epochs, one line each, whole or not at all."""
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text("".join(json.dumps(record) + "\n" for record in records))
    partial.replace(path)


def values(step: Step) -> tuple[float, ...]:
    """The losses of a step as numbers."""
    return tuple(step.losses.tolist())


def named(table: Mapping[str, Entry], name: str, kind: str) -> Entry:
    """An entry of a table; ValueError with the nearest names if there is none."""
    if name not in table:
        near = get_close_matches(name, table) or sorted(table)
        message = f"there is no {kind} {name!r}; the nearest: {', '.join(near)}"
        raise ValueError(message)
    return table[name]


def at_least_one(name: str, number: int) -> int:
    """The number; ValueError if it is not positive."""
    if number < 1:
        message = f"{name} must be at least 1 (got {number})"
        raise ValueError(message)
    return number
