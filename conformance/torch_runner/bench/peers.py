"""The installed libraries as calls on one jacobian, made as their users make them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Any

import torch
from torch import Tensor

from conformance.torch_runner.bench.grid import DTYPES
from conformance.torch_runner.bench.rounds import Call

Made = Any
"""An object of a library."""


def torchjd(aggregator: Made, jacobian: Tensor) -> Call:
    """An aggregator is called."""
    return partial(aggregator, jacobian)


def conflictfree(operator: Made, jacobian: Tensor) -> Call:
    """An operator has one method for it."""
    return partial(operator.calculate_gradient, jacobian)


def libmtl(model: Made, jacobian: Tensor) -> Call:
    """A weighting's backward pass, the gradients of the losses being at hand: aggregation only."""
    model.encoder = torch.nn.Linear(jacobian.shape[1], 1, bias=False)
    (theta,) = model.encoder.parameters()
    theta.grad = torch.zeros_like(theta)
    type(model)._compute_grad = lambda *_, **__: jacobian  # noqa: SLF001  (where it takes them)
    losses = torch.ones(len(jacobian), dtype=jacobian.dtype)
    return partial(model.backward, losses, **model.arguments)


PEERS: Mapping[str, Callable[[Made, Tensor], Call]] = {
    "conflictfree": conflictfree,
    "libmtl": libmtl,
    "torchjd": torchjd,
}


def version(peer: str) -> str:
    """The installed version; ModuleNotFoundError without it."""
    return str(import_module(f"conformance.adapters.{peer}").backend.describe()["version"])


def offered(peer: str, methods: Sequence[str], jacobian: Tensor) -> dict[str, Callable[[], Call]]:
    """What makes the call of each of the methods that a peer offers a direction of."""
    dtype = next(name for name, each in DTYPES.items() if each == jacobian.dtype)
    offers = import_module(f"conformance.adapters.{peer}").backend.offers
    return {
        method: partial(made, peer, offers[method], jacobian, dtype)
        for method in methods
        if method in offers
        and "direction" in offers[method].outputs
        and dtype in offers[method].dtypes
    }


def made(peer: str, offer: Made, jacobian: Tensor, dtype: str) -> Call:
    """The call on a fresh object, with the parameters that the adapter documents."""
    kept = torch.get_default_dtype()
    try:
        return PEERS[peer](offer.make(dict(offer.params), len(jacobian), dtype), jacobian)
    finally:
        torch.set_default_dtype(kept)  # LibMTL's model moves it
