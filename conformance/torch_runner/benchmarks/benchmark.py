"""What a benchmark is: real data, losses, and the papers' models and settings, as records."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor
from torch.nn import Module, Parameter
from torch.optim import Optimizer


@dataclass(frozen=True, slots=True)
class Split:
    """Inputs (n, ...) as stored, what to divide them by, and the labels (n, T) of the tasks."""

    inputs: Tensor
    labels: Tensor
    divisor: float

    def __len__(self) -> int:
        return len(self.inputs)

    def batch(self, indices: Tensor | slice) -> tuple[Tensor, Tensor]:
        """Inputs in float32 and labels of the examples at these indices."""
        return self.inputs[indices].float() / self.divisor, self.labels[indices]

    def to(self, device: str) -> "Split":
        """The same on another device."""
        return Split(self.inputs.to(device), self.labels.to(device), self.divisor)


@dataclass(frozen=True, slots=True)
class Recipe:
    """A model and how a paper trains it.

    ``model()`` has parts that the tasks share, named by ``within``, and one of ``heads`` for each
    task; the learning rate is multiplied by ``decay`` at the start of each epoch of
    ``milestones``.
    """

    model: Callable[[], Module]
    epochs: int
    batch_size: int
    optimizer: Callable[[Iterable[Parameter]], Optimizer]
    within: tuple[str, ...] = ("trunk",)
    milestones: tuple[int, ...] = ()
    decay: float = 0.1


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A paper's benchmark.

    ``load(folder)`` gives the training and the test split, or raises DataError;
    ``losses(outputs, labels)`` one loss for each task, and ``hits`` one (n,) of 0 and 1.
    ``recipes`` are found by the model's name; the first is the default. ``edges`` are those of
    the histograms that Recon prints for it.
    """

    id: str
    tasks: tuple[str, ...]
    load: Callable[[Path], tuple[Split, Split]]
    losses: Callable[[tuple[Tensor, ...], Tensor], tuple[Tensor, ...]]
    hits: Callable[[tuple[Tensor, ...], Tensor], tuple[Tensor, ...]]
    recipes: Mapping[str, Recipe]
    edges: tuple[float, ...] = (0.0, -0.01, -0.02, -0.03)

    @property
    def default(self) -> str:
        """The name of the default recipe."""
        return next(iter(self.recipes))
