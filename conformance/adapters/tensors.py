"""The jacobian of a request as a torch tensor, and a tensor as an array of the reply."""

from collections.abc import Mapping
from importlib import import_module, metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.wire import Arrays

Array = NDArray[Any]


def tensor_of(inputs: Mapping[str, Array]) -> Any:  # noqa: ANN401  (torch is imported when called)
    """The jacobian as a tensor of its own dtype, on memory of its own.

    A bfloat16 jacobian arrives as float32 with its name in ``inputs.dtypes``; the cast back is
    exact, because its values are bfloat16 numbers.
    """
    torch = import_module("torch")
    tensor = torch.from_numpy(np.array(inputs["jacobian"], order="C"))
    name = getattr(inputs, "dtypes", {}).get("jacobian", "")
    return tensor.to(torch.bfloat16) if name == "bfloat16" else tensor


def arrays_of(tensors: Mapping[str, Any]) -> Arrays:
    """Tensors as the arrays of a reply; bfloat16 leaves as float32, which holds its values."""
    torch = import_module("torch")
    arrays = Arrays()
    for name, tensor in tensors.items():
        narrow = tensor.dtype is torch.bfloat16
        arrays[name] = (tensor.to(torch.float32) if narrow else tensor).detach().cpu().numpy()
        arrays.dtypes |= {name: "bfloat16"} if narrow else {}
    return arrays


def snippet(imports: str, call: str, *, seeded: bool) -> str:
    """Plain source that sets ``outputs`` from ``jacobian``, ``dtype`` and ``seed``."""
    seeding = "torch.manual_seed(seed)\n" if seeded else ""
    return (
        "import torch\n"
        f"{imports}\n"
        "\n"
        f"{seeding}"
        "matrix = torch.from_numpy(jacobian).to(getattr(torch, dtype))\n"
        f"answer = {call}\n"
        'answer = answer.float() if dtype == "bfloat16" else answer\n'
        'outputs = {"direction": answer.numpy()}\n'
    )


def library(module: str, distribution: str) -> Any:  # noqa: ANN401  (a module)
    """The library that an adapter speaks for; ModuleNotFoundError says how to install it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        message = (
            f"{distribution} cannot be imported ({error}): try pip install 'mtl-reference[peers]'"
        )
        raise ModuleNotFoundError(message, name=error.name) from error


def version(distribution: str) -> str:
    """The installed version of a distribution; ModuleNotFoundError says how to install it."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError as error:
        message = f"{distribution} is not installed: try pip install 'mtl-reference[peers]'"
        raise ModuleNotFoundError(message, name=distribution) from error
