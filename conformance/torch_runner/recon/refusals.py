"""What Recon's conversion refuses, with an error that names it, never silently."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import torch
from torch import Tensor
from torch.nn import Module

from conformance.torch_runner.recon.layers import joined, layers


def refuse(model: Module, chosen: Sequence[str]) -> None:
    """Refuse what cannot be converted, by name; ValueError or, for scripted models, TypeError."""
    known = layers(model)
    paths = {path for path, _ in model.named_modules()}
    for path in chosen:
        if path not in known:
            near = ", ".join(get_close_matches(path, known) or known[:3])
            why = "owns no parameters" if path in paths else "is not in the model"
            message = f"layer {path!r} {why} (layers near it: {near})"
            raise ValueError(message)
    if len(set(chosen)) < len(chosen):
        message = f"each layer must be named once (got {list(chosen)})"
        raise ValueError(message)
    if isinstance(model, torch.jit.ScriptModule):
        message = "a scripted model cannot be converted: its code no longer reads its modules"
        raise TypeError(message)
    _refuse_ties(model, chosen)


def _refuse_ties(model: Module, chosen: Sequence[str]) -> None:
    """A parameter under two names would be copied under one of them only."""
    names: dict[int, list[str]] = {}
    for name, parameter in model.named_parameters(remove_duplicate=False):
        names.setdefault(id(parameter), []).append(name)
    for path in chosen:
        for name, parameter in model.get_submodule(path).named_parameters(recurse=False):
            tied = names[id(parameter)]
            if len(tied) > 1:
                message = f"parameter {joined(path, name)} is tied: it is {' and '.join(tied)}"
                raise ValueError(message)


def seen_through(model: Module, chosen: Sequence[str], second: Callable[[], Any]) -> None:
    """See that a pass of the second task runs on its own copies; ``second`` makes that pass.

    ValueError names a parameter of the first task that reaches the output behind the modules' back.
    A module that is called several times in one pass is one layer, and a pass uses one copy of it.
    """
    first = [
        (joined(path, name), parameter)
        for path in chosen
        for name, parameter in model.get_submodule(path).named_parameters(recurse=False)
        if parameter.requires_grad
    ]
    with torch.random.fork_rng(), torch.enable_grad():
        output = second()
    parts = [each.double().sum() for each in _floats(output)]
    total = torch.stack(parts).sum() if parts else torch.zeros(())
    if not first or not total.requires_grad:
        return
    reached = torch.autograd.grad(total, [each for _, each in first], allow_unused=True)
    for (name, _), gradient in zip(first, reached, strict=True):
        if gradient is not None:
            message = f"the model reads {name} past its modules: it cannot be made task-specific"
            raise ValueError(message)


def _floats(output: Any) -> Iterator[Tensor]:  # noqa: ANN401  (a model's output)
    """The differentiable tensors in an output, however nested."""
    if isinstance(output, Tensor):
        if output.is_floating_point():
            yield output
    elif isinstance(output, Mapping):
        for each in output.values():
            yield from _floats(each)
    elif isinstance(output, tuple | list):
        for each in output:
            yield from _floats(each)
