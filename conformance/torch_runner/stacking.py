"""Several inputs as the rows of one matrix, checked under their own names."""

import torch
from torch import Tensor

from conformance.torch_runner.shapes import Jacobian


def stacked(**inputs: Tensor) -> Jacobian:
    """The rows of matrices (n, d) and vectors (d,), one below the other, as one matrix.

    TypeError for what is not floating point, ValueError for what is empty, for two widths, and for
    NaN and infinities: each names the input, and the entry.
    """
    parts = [checked(name, values.detach()) for name, values in inputs.items()]
    widths = {name: part.shape[1] for name, part in zip(inputs, parts, strict=True)}
    if len(set(widths.values())) > 1:
        told = ", ".join(f"{name} {width}" for name, width in widths.items())
        message = f"inputs must have one width (got {told})"
        raise ValueError(message)
    return torch.cat(parts)


def checked(name: str, values: Tensor) -> Jacobian:
    """A vector or matrix as a matrix of finite floating-point rows."""
    if not values.is_floating_point():
        message = f"{name} must hold floating-point numbers (got {values.dtype})"
        raise TypeError(message)
    if not 1 <= values.ndim <= 2 or not len(values):  # noqa: PLR2004  (a vector or a matrix)
        message = f"{name} must be a vector or a matrix with rows (got {tuple(values.shape)})"
        raise ValueError(message)
    if not torch.isfinite(values.sum()):
        for place in torch.nonzero(~torch.isfinite(values))[:1].tolist():
            message = f"{name}[{', '.join(map(str, place))}] is {values[tuple(place)].item()}"
            raise ValueError(message)
    return values if values.ndim > 1 else values[None]
