"""The backend ``torch``: the bundled aggregators, served to the harness.

They run on the CPU, or on the device that the environment variable MTL_DEVICE names.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final, final

import numpy as np
import torch
from numpy.typing import NDArray

from conformance.torch_runner.aggregators import AGGREGATORS
from conformance.wire import Arrays

PARAMS: Final[Mapping[str, Mapping[str, float | str]]] = {
    "cagrad": {"c": 0.5},
    "gradops": {"alpha": 0.0, "fallback": "mgda"},
    "mgda": {"normalization": "none"},
}
OUTPUTS: Final[Mapping[str, Sequence[str]]] = {
    "cagrad": ("direction", "weights"),
    "gradops": ("direction", "task_gradients", "weights"),
    "imtl_g": ("direction", "weights"),
    "mgda": ("direction", "weights"),
    "pcgrad": ("direction", "task_gradients"),
}
DTYPES: Final = ("float64", "float32", "bfloat16")


@final
class TorchBackend:
    """The aggregators as an in-process backend."""

    def __init__(self) -> None:
        self.device = torch.device(os.environ.get("MTL_DEVICE", "cpu"))

    def describe(self) -> dict[str, Any]:
        """What is offered, in the terms of the wire protocol."""
        return {
            "protocol": 1,
            "name": "torch",
            "version": torch.__version__,
            "language": "python",
            "artifact": None,
            "methods": {method: entry(method) for method in AGGREGATORS},
        }

    def evaluate(
        self,
        method: str,
        inputs: Mapping[str, NDArray[Any]],
        params: Mapping[str, Any],
        random: Mapping[str, Any] | None,
        seed: int,
    ) -> Arrays:
        """Outputs of a method for inputs["jacobian"] (T, d), in the same dtype.

        NotImplementedError for a method or a parameter that is not offered; ValueError and
        TypeError for a jacobian that has no answer.
        """
        offered(method, params)
        dtype = getattr(inputs, "dtypes", {}).get("jacobian", str(inputs["jacobian"].dtype))
        jacobian = torch.tensor(inputs["jacobian"], device=self.device)
        if dtype == "bfloat16":
            jacobian = jacobian.bfloat16()
        options = dict(params)
        if method == "pcgrad":
            options["orders"] = random["orders"] if random else None
            options["generator"] = torch.Generator().manual_seed(seed)
        answer = AGGREGATORS[method](jacobian, **options)
        found = {name: getattr(answer, name) for name in OUTPUTS.get(method, ("direction",))}
        arrays = {name: array(tensor) for name, tensor in found.items()}
        return Arrays(arrays, dict.fromkeys(arrays, dtype))

    def snippet(self, method: str, params: Mapping[str, Any]) -> str:
        """Plain source that sets ``outputs`` from ``jacobian``, ``orders`` and ``dtype``."""
        options = {name: repr(value) for name, value in params.items()}
        if method == "pcgrad":
            options["orders"] = "orders"
        given = "".join(f", {name}={text}" for name, text in options.items())
        outputs = tuple(OUTPUTS.get(method, ("direction",)))
        return (
            "import torch\n"
            "from conformance.torch_runner.aggregators import AGGREGATORS\n"
            "\n"
            "rows = torch.tensor(jacobian).to(getattr(torch, dtype))\n"
            f"answer = AGGREGATORS[{method!r}](rows{given})\n"
            f"outputs = {{n: getattr(answer, n).double().numpy() for n in {outputs!r}}}\n"
        )


def entry(method: str) -> dict[str, Any]:
    """What is declared of a method: its form is the reference's, its precision the dtype's."""
    return {
        "params": dict(PARAMS.get(method, {})),
        "dtypes": list(DTYPES),
        "scale": "1",
        "randomness": "injected" if method == "pcgrad" else "none",
        "stateful": False,
        "outputs": list(OUTPUTS.get(method, ("direction",))),
        "accuracy": None,
    }


def offered(method: str, params: Mapping[str, Any]) -> None:
    """Raise NotImplementedError for an unknown method or parameter, naming those there are."""
    if method not in AGGREGATORS:
        message = f"no method {method} (there are {', '.join(AGGREGATORS)})"
        raise NotImplementedError(message)
    unknown = sorted(set(params) - set(PARAMS.get(method, {})))
    if unknown:
        message = (
            f"no parameter {unknown[0]} of {method} (there are {list(PARAMS.get(method, {}))})"
        )
        raise NotImplementedError(message)


def array(tensor: torch.Tensor) -> NDArray[Any]:
    """A tensor as a numpy array, bfloat16 as the float32 that holds it."""
    values = tensor.float() if tensor.dtype == torch.bfloat16 else tensor
    result: NDArray[np.floating] = values.cpu().numpy()
    return result


backend = TorchBackend()
