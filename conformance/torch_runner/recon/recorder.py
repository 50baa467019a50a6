"""Conflict scores during training: per-layer cosines of task gradients, counted and forgotten.

[RECON] Shi et al., 2023, Definition 3 and Algorithm 1. What is kept are counts, so the memory
does not grow with the iterations. Inner products are summed in float64: of float32 gradients each
product is exact there, so at severity 0 a sign is wrong only where the sum is within rounding of 0.
"""

from collections.abc import Sequence
from typing import final

import torch
from torch import Tensor
from torch.nn import Module, Parameter

from conformance.torch_runner.recon.layers import layers, owned
from conformance.torch_runner.shapes import Jacobian
from mtl_reference.recon import ranking, severity_of

PORTION = 1 << 16
"""Columns that are widened to float64 at once."""


@final
class ConflictRecorder:
    """Counts of conflicting pairs of task gradients, for each layer and over the whole.

    ``record`` takes the jacobian (T, d) of the shared parameters, flattened in the order in which
    they are given. ``edges`` are those of the histogram of the whole gradients' cosines.
    """

    def __init__(
        self,
        model: Module,
        shared: Sequence[Parameter],
        *,
        severity: float = 0.0,
        edges: Sequence[float] = (0.0, -0.01, -0.02, -0.03),
    ) -> None:
        severity_of(severity)
        self.severity, self.edges = severity, tuple(edges)
        self.layers, self.spans = _spans(model, shared)
        self.scores = torch.zeros(len(self.layers), dtype=torch.int64)
        self.histogram = torch.zeros(len(self.edges) + 1, dtype=torch.int64)
        self.iterations = 0

    def record(self, jacobian: Jacobian) -> None:
        """Count the conflicts of one iteration; ValueError for a jacobian of another width."""
        width = sum(stop - start for start, stop in self.spans)
        if jacobian.shape[1] != width:
            message = f"the jacobian must have {width} columns (got {jacobian.shape[1]})"
            raise ValueError(message)
        gramians = torch.stack([_gramian(jacobian[:, slice(*span)]) for span in self.spans])
        pairs = _cosines(gramians)
        self.scores += (pairs < self.severity).sum(1).cpu()
        whole = _cosines(gramians.sum(0)[None])[0]
        edges = torch.tensor(self.edges, dtype=whole.dtype, device=whole.device)
        places = (whole[:, None] < edges).sum(1).cpu()
        self.histogram += torch.bincount(places, minlength=len(self.histogram))
        self.iterations += 1

    def ranked(self) -> list[str]:
        """The layers by falling score; ties in network order."""
        return [self.layers[place] for place in ranking(self.scores.tolist())]

    def shares(self) -> list[float]:
        """The fraction of the pairs in each interval of the histogram; zeros before any record."""
        total = int(self.histogram.sum())
        return [count / max(total, 1) for count in self.histogram.tolist()]


def _spans(model: Module, shared: Sequence[Parameter]) -> tuple[list[str], list[tuple[int, int]]]:
    """The layers among the shared parameters, and the columns of each.

    ValueError where the parameters of one layer are not side by side.
    """
    starts, offset = {}, 0
    for parameter in shared:
        starts[id(parameter)] = offset
        offset += parameter.numel()
    names, spans = [], []
    for path in layers(model):
        held = [p for _, p in owned(model.get_submodule(path)) if id(p) in starts]
        if not held:
            continue
        start = starts[id(held[0])]
        stop = starts[id(held[-1])] + held[-1].numel()
        if stop - start != sum(parameter.numel() for parameter in held):
            message = f"the parameters of layer {path!r} must be side by side among the shared ones"
            raise ValueError(message)
        names.append(path)
        spans.append((start, stop))
    if sum(stop - start for start, stop in spans) != offset:
        message = "the shared parameters must all belong to the model"
        raise ValueError(message)
    return names, spans


def _gramian(rows: Tensor) -> Tensor:
    """Inner products (T, T) in float64, of columns widened portion by portion."""
    total = rows.new_zeros((len(rows), len(rows)), dtype=torch.float64)
    for start in range(0, rows.shape[1], PORTION):
        wide = rows[:, start : start + PORTION].double()
        total += wide @ wide.T
    return total


def _cosines(gramians: Tensor) -> Tensor:
    """Cosines (n, pairs) of the unordered pairs; 0 with a zero gradient, which never conflicts."""
    squares = gramians.diagonal(dim1=1, dim2=2)
    first, second = torch.triu_indices(squares.shape[1], squares.shape[1], 1)
    lengths = squares[:, first].sqrt() * squares[:, second].sqrt()
    products = gramians[:, first, second]
    return torch.where(lengths > 0, products / lengths, torch.zeros_like(products))
