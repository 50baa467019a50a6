"""Recon's conflict scores: for each layer, the pairs of tasks whose gradients conflict.

[RECON] Shi, Li, Zhang, Chen and Wu, Recon: reducing conflicting gradients from the root for
multi-task learning, 2023, Definition 3.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from conformance.torch_runner.measurement import Measurement, table


def measure(layer_gradients: Sequence[Tensor] | Tensor, *, severity: float = 0.0) -> Measurement:
    """Pairs (n,) with a cosine below the severity, from the gradients (T, d_k) of n layers.

    ValueError for NaN, infinities, layers of different numbers of tasks, and a severity outside
    (-1, 0].
    """
    if not -1 < severity <= 0:
        message = f"severity must be above -1 and at most 0 (got {severity})"
        raise ValueError(message)
    if isinstance(layer_gradients, Tensor):
        message = "layer_gradients must be a list of matrices (got one)"
        raise TypeError(message)
    layers = [table(f"layer_gradients[{k}]", rows, 2) for k, rows in enumerate(layer_gradients)]
    if len({len(rows) for rows in layers}) != 1:
        message = f"layers must have one number of tasks (got {[len(rows) for rows in layers]})"
        raise ValueError(message)
    scores = [int((cosines(rows) < severity).sum()) for rows in layers]
    return Measurement({"scores": torch.tensor(scores, dtype=torch.int64)})


def cosines(rows: Tensor) -> Tensor:
    """Cosines of the unordered pairs of rows; 0 with a zero row, which conflicts with none."""
    sizes = torch.frexp(rows.abs().amax(1, keepdim=True)).exponent
    near = torch.ldexp(rows, -sizes)
    gramian = near @ near.T
    first, second = torch.triu_indices(len(rows), len(rows), 1)
    squares = gramian.diagonal()
    lengths = (squares[first] * squares[second]).sqrt()
    products = gramian[first, second]
    return torch.where(lengths > 0, products / lengths, torch.zeros_like(products))
