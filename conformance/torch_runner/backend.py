"""The backend ``torch``: the bundled aggregators, served to the harness.

They run on the CPU, or on the device that the environment variable MTL_DEVICE names.
"""

import os
from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, final

import numpy as np
import torch
from numpy.typing import NDArray

from conformance.bundled import Bundled, Request, State
from conformance.torch_runner.aggregators import AGGREGATORS, METRICS, WEIGHTINGS
from mtl_reference import METHODS


@final
class TorchBackend(Bundled):
    """The aggregators as an in-process backend."""

    def __init__(self) -> None:
        super().__init__("torch", torch.__version__, {**AGGREGATORS, **METRICS, **WEIGHTINGS})
        self.device = torch.device(os.environ.get("MTL_DEVICE", "cpu"))

    def answer(self, asked: Request) -> tuple[dict[str, NDArray[Any]], State | None]:
        """Outputs of a method in the dtype of its inputs; orders are drawn where none are given."""
        function = self.functions[asked.method]
        drawn = {name: self.tensor(found, asked.dtype) for name, found in asked.random.items()}
        others = {name: self.tensor(found, asked.dtype) for name, found in asked.others.items()}
        given = {**others, **drawn, **asked.params, **asked.kept}
        if takes(function, "generator"):
            given["generator"] = torch.Generator().manual_seed(asked.seed)
        found = function(self.tensor(asked.first, asked.dtype), **given)
        outputs = {name: found.output(name) for name in METHODS[asked.method].outputs}
        told = {name: array(tensor) for name, tensor in outputs.items() if tensor is not None}
        return told, found.state

    def tensor(self, found: Any, dtype: str) -> Any:  # noqa: ANN401  (orders stay what they are)
        """An array as a tensor on the device, a real one in the dtype; lists of indices as such."""
        if isinstance(found, list) and found and isinstance(found[0], np.ndarray):
            return [self.tensor(each, dtype) for each in found]
        if not isinstance(found, np.ndarray):
            return found
        tensor = torch.tensor(found, device=self.device)
        return tensor.bfloat16() if dtype == "bfloat16" and tensor.is_floating_point() else tensor

    def snippet(self, method: str, params: Mapping[str, Any]) -> str:
        """Plain source that sets ``outputs`` from ``inputs``, ``random``, ``params``, ``dtype``."""
        del params  # the source reads them
        tables = {"AGGREGATORS": AGGREGATORS, "METRICS": METRICS, "WEIGHTINGS": WEIGHTINGS}
        table = next(name for name, functions in tables.items() if method in functions)
        first, outputs = METHODS[method].inputs[0], tuple(METHODS[method].outputs)
        return (
            "import torch\n"
            f"from conformance.torch_runner.aggregators import {table}\n"
            "\n"
            "def tensor(x):\n"
            "    if isinstance(x, list) and isinstance(x[0], np.ndarray):\n"
            "        return [tensor(each) for each in x]\n"
            "    found = torch.as_tensor(x) if isinstance(x, np.ndarray) else x\n"
            "    real = isinstance(x, np.ndarray) and found.is_floating_point()\n"
            "    return found.to(getattr(torch, dtype)) if real else found\n"
            "\n"
            "given = {name: tensor(x) for name, x in {**inputs, **(random or {})}.items()}\n"
            f"first = given.pop({first!r})\n"
            f"answer = {table}[{method!r}](first, **given, **params)\n"
            f"found = {{name: answer.output(name) for name in {outputs!r}}}\n"
            "outputs = {n: x.double().numpy() for n, x in found.items() if x is not None}\n"
        )


def takes(function: Callable[..., Any], name: str) -> bool:
    """Whether a function has a parameter of this name."""
    return name in signature(function).parameters


def array(tensor: torch.Tensor) -> NDArray[Any]:
    """A tensor as a numpy array, bfloat16 as the float32 that holds it."""
    values = tensor.float() if tensor.dtype == torch.bfloat16 else tensor
    result: NDArray[Any] = values.cpu().numpy()
    return result


backend = TorchBackend()
