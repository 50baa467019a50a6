"""Arrays of a request as torch tensors, and tensors as arrays of the reply."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


def tensor(array: NDArray[Any], dtype: str) -> Any:  # noqa: ANN401  (torch is imported when called)
    """An array as a tensor of the named dtype, on memory of its own.

    bfloat16 values arrive in a float32 array; the cast back is exact.
    """
    import torch

    return torch.from_numpy(np.array(array, order="C")).to(getattr(torch, dtype))


def plain(tensors: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Tensors as arrays; bfloat16 leaves as float32, which holds its values."""
    import torch

    wide = {
        name: tensor.float() if tensor.dtype is torch.bfloat16 else tensor
        for name, tensor in tensors.items()
    }
    return {name: tensor.detach().cpu().numpy() for name, tensor in wide.items()}


def narrow(tensor: Any) -> bool:  # noqa: ANN401  (a tensor)
    """Whether a tensor is bfloat16."""
    import torch

    return bool(tensor.dtype is torch.bfloat16)


def seeded(seed: int) -> None:
    """Seed every generator that a library may draw from."""
    import random

    import torch

    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002  (it is the libraries' choice)
    torch.manual_seed(seed)


def linear(jacobian: Any, losses: Any) -> tuple[Any, list[Any]]:  # noqa: ANN401  (tensors)
    """A parameter (d,) and one loss a task, of the wanted value, whose gradient is its row."""
    import torch

    theta = torch.nn.Parameter(torch.zeros_like(jacobian[0]))
    return theta, [(row * theta).sum() + loss for row, loss in zip(jacobian, losses, strict=True)]
