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


def counted(name: str, values: Tensor, rank: int) -> Tensor:
    """Whole numbers, where they lie; TypeError or ValueError names what is wrong with them."""
    if values.is_floating_point() or values.dtype == torch.bool:
        message = f"{name} must hold whole numbers (got {values.dtype})"
        raise TypeError(message)
    if values.ndim != rank or not values.numel():
        message = f"{name} must have rank {rank} and one entry at least (got {tuple(values.shape)})"
        raise ValueError(message)
    return values


def classified(predictions: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Predicted classes and labels (n,) of the entries whose label is not -1.

    ValueError where no label counts, and for numbers that are no classes.
    """
    found = counted("predictions", predictions, 1)
    known = alike("labels", counted("labels", labels, 1), len(found))
    if int(known.min()) < -1 or int(found.min()) < -1 or not bool((known != -1).any()):
        message = "labels must be classes, or -1 for none; one must count"
        raise ValueError(message)
    return found[known != -1], known[known != -1]


def fraction(figure: float) -> Measurement:
    """A figure that whole numbers give, in float64."""
    return measured(torch.empty(0, dtype=torch.float64), figure=figure)
