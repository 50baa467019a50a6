"""The distance of two rankings of layers: how far a layer moves between them, on average."""

import torch
from torch import Tensor

from conformance.torch_runner.measurement import Measurement


def measure(first: Tensor, *, second: Tensor) -> Measurement:
    """Mean of |p(l) - q(l)| in float64; a ranking (n,) lists the layers, best first.

    ValueError where one does not list each of the layers 0 to n - 1 once.
    """
    places = [_places(name, order) for name, order in (("first", first), ("second", second))]
    if len(first) != len(second):
        message = f"rankings must list the same layers (got {len(first)} and {len(second)})"
        raise ValueError(message)
    return Measurement({"distance": (places[0] - places[1]).abs().double().mean()})


def _places(name: str, order: Tensor) -> Tensor:
    """The place of each layer in a ranking."""
    ranked = torch.sort(order)
    if not len(order) or not torch.equal(ranked.values, torch.arange(len(order)).to(order)):
        message = f"{name} must list each of the layers 0 to {len(order) - 1} once"
        raise ValueError(message)
    return ranked.indices
