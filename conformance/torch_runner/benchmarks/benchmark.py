"""What a benchmark is: real data, a model, losses, and the paper's settings, as one record."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor
from torch.nn import Module


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
class Benchmark:
    """A paper's benchmark.

    ``load(folder)`` gives the training and the test split, or raises DataError;
    ``model()`` has a ``trunk`` that the tasks share and one of ``heads`` for each task;
    ``losses(outputs, labels)`` one loss for each task, and ``hits`` one (n,) of 0 and 1.
    """

    id: str
    tasks: tuple[str, ...]
    load: Callable[[Path], tuple[Split, Split]]
    model: Callable[[], Module]
    losses: Callable[[tuple[Tensor, ...], Tensor], tuple[Tensor, ...]]
    hits: Callable[[tuple[Tensor, ...], Tensor], tuple[Tensor, ...]]
    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
