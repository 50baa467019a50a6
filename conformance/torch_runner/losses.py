"""What loss weightings read and tell: one number a task, worked on in float64 on the host."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from conformance.torch_runner.aggregation import Weighting
from conformance.torch_runner.shapes import Matrix, Weights

Losses = Float[Tensor, " T"]

NEAR = 1000
"""Exponents of two that a quotient may have and be a normal float64."""


def each(name: str, values: Losses, tasks: int | None = None) -> Matrix:
    """One number for each task as float64 (T,).

    TypeError for whole numbers; ValueError for another shape, no tasks, NaN and infinities.
    """
    if not values.is_floating_point():
        message = f"{name} must hold floating-point numbers (got {values.dtype})"
        raise TypeError(message)
    if values.ndim != 1 or not len(values) or (tasks is not None and len(values) != tasks):
        wanted = "(T,) with T > 0" if tasks is None else f"({tasks},)"
        message = f"{name} must have shape {wanted} (got {tuple(values.shape)})"
        raise ValueError(message)
    numbers: Matrix = values.detach().double().cpu().numpy()
    for place in np.flatnonzero(~np.isfinite(numbers))[:1]:
        message = f"{name}[{place}] is {numbers[place]}"
        raise ValueError(message)
    return numbers


def above_zero(name: str, numbers: Matrix, method: str) -> None:
    """Raise ValueError, naming the place, where a number is not positive."""
    for place in np.flatnonzero(numbers <= 0)[:1]:
        message = f"{method} is undefined where {name} are not positive ({name}[{place}])"
        raise ValueError(message)


def weighting(like: Losses, weights: Matrix, **others: Matrix) -> Weighting:
    """Weights (T,) and other outputs in the dtype of the losses and on their device."""
    outputs = {name: told(like, found) for name, found in others.items()}
    return Weighting(told(like, weights), outputs)


def told(like: Losses, numbers: Matrix) -> Weights:
    """Numbers in the dtype of a tensor and on its device."""
    return torch.from_numpy(np.array(numbers, dtype=np.float64)).to(like)


def softmax(exponents: Matrix) -> Matrix:
    """Shares e^x_i / sum_j e^x_j, whatever the size of the exponents."""
    limit = np.finfo(np.float64).max / 2
    bounded = np.clip(exponents, -limit, limit)
    powers = np.exp(bounded - bounded.max())
    shares: Matrix = powers / powers.sum()
    return shares


def logarithms(above: Matrix, below: Matrix) -> Matrix:
    """log(a_i / b_i) of positive numbers, whose quotients may be out of range."""
    (top, high), (bottom, low) = np.frexp(above), np.frexp(below)
    apart = high - low
    near = np.clip(apart, -NEAR, NEAR)
    found: Matrix = np.log(np.ldexp(top / bottom, near)) + (apart - near) * np.log(2.0)
    return found
