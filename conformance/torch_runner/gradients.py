"""Gradients of several losses: of the shared parameters as a jacobian, and set back as one."""

from collections.abc import Iterable, Sequence
from itertools import combinations

import torch
from torch import Tensor
from torch.nn import Parameter

from conformance.torch_runner.shapes import Direction, Jacobian


def differentiate(
    losses: Sequence[Tensor], shared: Sequence[Parameter], specific: Sequence[Sequence[Parameter]]
) -> Jacobian:
    """Jacobian (T, d) of the losses by the shared parameters, flattened in their order.

    On the way each task's own parameters get the gradient of their own loss as ``.grad``: they
    are no part of the conflict. A parameter that a loss does not reach has a zero gradient.
    """
    rows = []
    for task, (loss, own) in enumerate(zip(losses, specific, strict=True)):
        last = task == len(losses) - 1
        found = torch.autograd.grad(
            loss, [*shared, *own], retain_graph=not last, materialize_grads=True
        )
        rows.append(torch.cat([part.flatten() for part in found[: len(shared)]]))
        for parameter, gradient in zip(own, found[len(shared) :], strict=True):
            parameter.grad = gradient
    return torch.stack(rows)


def set_gradient(shared: Iterable[Parameter], direction: Direction) -> None:
    """Give the shared parameters the direction (d,) as their ``.grad``, piece by piece."""
    start = 0
    for parameter in shared:
        stop = start + parameter.numel()
        parameter.grad = direction[start:stop].view_as(parameter).to(parameter)
        start = stop
    if start != len(direction):
        message = f"direction must have {start} entries (got {len(direction)})"
        raise ValueError(message)


def conflicts(jacobian: Jacobian) -> float:
    """The fraction of pairs of rows with a negative inner product; zero for a single task."""
    products = jacobian.double() @ jacobian.double().T
    pairs = [bool(products[i, j] < 0) for i, j in combinations(range(len(products)), 2)]
    return sum(pairs) / len(pairs) if pairs else 0.0
