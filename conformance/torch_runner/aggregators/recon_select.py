"""Recon's selection: the K layers with the largest scores, ties in the order of the network."""

import torch
from torch import Tensor

from conformance.torch_runner.measurement import Measurement


def measure(scores: Tensor, *, k: float = 1) -> Measurement:
    """The layers (k,) with the largest of n scores (n,), in rank order.

    ValueError unless k is a whole number from 0 to n.
    """
    if k != int(k) or not 0 <= k <= len(scores):
        message = f"k must be a whole number from 0 to {len(scores)} (got {k})"
        raise ValueError(message)
    order = torch.sort(scores, descending=True, stable=True).indices
    return Measurement({"layers": order[: int(k)]})
