"""The conflict histogram: which share of the cosines of gradients lies in which interval."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor

from conformance.torch_runner.measurement import Measurement, table

EDGES = (0.0, -0.25, -0.5, -0.75)


def measure(cosines: Tensor, *, edges: Sequence[float] = EDGES) -> Measurement:
    """Share of the cosines (m,) in [1, e0], (e0, e1], ..., (e_last, -1], in their dtype.

    ValueError for NaN, cosines outside [-1, 1], and edges that do not fall from below 1 to above
    -1.
    """
    found = table("cosines", cosines, 1)
    if any(after >= before for before, after in pairwise((1.0, *edges, -1.0))):
        message = f"edges must fall from below 1 to above -1 (got {list(edges)})"
        raise ValueError(message)
    if bool((found.abs() > 1).any()):
        message = f"cosines must lie in [-1, 1] (got {float(found.abs().max())} in size)"
        raise ValueError(message)
    limits = torch.tensor(edges, dtype=found.dtype, device=found.device)
    places = (found[:, None] < limits).sum(1)
    counts = torch.bincount(places, minlength=len(edges) + 1)
    return Measurement({"fractions": (counts.double() / len(found)).to(cosines.dtype)})
