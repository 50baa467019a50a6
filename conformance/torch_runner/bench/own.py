"""The bundled aggregators and the physical limit as calls on one jacobian."""

from collections.abc import Callable, Mapping
from functools import partial
from inspect import Parameter, signature
from typing import Any

import torch
from torch import Tensor

from conformance.torch_runner.aggregators import AGGREGATORS
from conformance.torch_runner.bench.rounds import Call
from mtl_reference import METHODS
from mtl_reference.quantities import QUANTITIES

WITHOUT = frozenset({"mean", "sum"})
"""Methods of the Gramian by their form only: one pass makes them."""

PREFERENCES = 2
"""Preferences that a method is given to choose from."""

LIMIT = ("product", "combination", "both")


def gramian_methods() -> list[str]:
    """The aggregators that see a jacobian through its Gramian alone."""
    return [
        name
        for name in AGGREGATORS
        if METHODS[name].perturbation == "gramian"
        and tuple(METHODS[name].rows) == ("jacobian",)
        and METHODS[name].inputs[0] == "jacobian"
        and name not in WITHOUT
    ]


def limit(jacobian: Tensor) -> dict[str, Call]:
    """The least that a method of the Gramian can do: G G', then w'G."""
    weights = torch.full((len(jacobian),), 1 / len(jacobian)).to(jacobian)
    return {
        "product": lambda: jacobian @ jacobian.T,
        "combination": lambda: weights @ jacobian,
        "both": lambda: (jacobian @ jacobian.T, weights @ jacobian),
    }


def made(method: str, jacobian: Tensor) -> Call:
    """The call of an aggregator, its other inputs drawn; NotImplementedError for unknown shapes."""
    function = AGGREGATORS[method]
    draws = torch.Generator().manual_seed(0)
    given: dict[str, Any] = {
        name: drawn(name, jacobian, draws) for name in needed(method, function)
    }
    if "generator" in signature(function).parameters:
        given["generator"] = draws
    return partial(function, jacobian, **given)


def needed(method: str, function: Callable[..., Any]) -> list[str]:
    """The inputs that an aggregator must be given, and numbers for each column that it draws."""
    parameters: Mapping[str, Parameter] = signature(function).parameters
    must = [name for name, each in parameters.items() if each.default is Parameter.empty]
    return [*must[1:], *({"uniforms"} & set(METHODS[method].randomness))]


def drawn(name: str, jacobian: Tensor, draws: torch.Generator) -> Tensor:
    """Numbers above 0 and below 1 of a quantity's shape; one a task add up to less than 1."""
    sizes = dict(zip("Td", jacobian.shape, strict=True)) | {"P": PREFERENCES}
    shape = QUANTITIES[name].shape if name in QUANTITIES else ("?",)
    if not set(shape) <= set(sizes):
        message = f"the bench has no numbers for the input {name} of shape {shape}"
        raise NotImplementedError(message)
    numbers = 0.25 + torch.rand([sizes[symbol] for symbol in shape], generator=draws) / 2
    return (numbers / len(jacobian) if shape == ("T",) else numbers).to(jacobian)
