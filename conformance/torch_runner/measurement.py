"""The answer of a metric, and what metrics read: vectors and tables of figures."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from conformance.torch_runner.losses import told
from conformance.torch_runner.shapes import Matrix


@dataclass(frozen=True, slots=True)
class Measurement:
    """The outputs of a metric by name; it has no state."""

    outputs: Mapping[str, Tensor]
    state: None = None

    def output(self, name: str) -> Tensor | None:
        """An output by its name."""
        return self.outputs.get(name)


def measured(like: Tensor, **figures: float | Matrix) -> Measurement:
    """Figures in the dtype of a tensor and on its device."""
    return Measurement({name: told(like, found) for name, found in figures.items()})  # type: ignore[arg-type]  # a number is an array


def table(name: str, values: Tensor, rank: int) -> Tensor:
    """A tensor in float64, where it lies; TypeError or ValueError names what is wrong with it."""
    if not values.is_floating_point():
        message = f"{name} must hold floating-point numbers (got {values.dtype})"
        raise TypeError(message)
    if values.ndim != rank or not len(values):
        message = f"{name} must have rank {rank} and one entry at least (got {tuple(values.shape)})"
        raise ValueError(message)
    for place in torch.nonzero(~torch.isfinite(values))[:1].tolist():
        message = f"{name}{place} is {values[tuple(place)].item()}"
        raise ValueError(message)
    return values.detach().double()


def alike(name: str, values: Tensor, count: int) -> Tensor:
    """A tensor whose first axis has a given length; ValueError for another."""
    if len(values) != count:
        message = f"{name} must have {count} entries (got {len(values)})"
        raise ValueError(message)
    return values
