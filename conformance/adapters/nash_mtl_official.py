"""AvivNavon/nash-mtl's WeightMethods as a backend, from a checkout: ``methods/weight_methods.py``.

Each method is ``WeightMethods(name, n_tasks, device, ...).backward(losses,
shared_parameters=...)``, which leaves the parameters their gradient. Conventions as that code
tells them: the weights of MGDA and CAGrad are made to match the sum of the losses, so MGDA is T
times the reference's direction and CAGrad, which divides by 1 + c^2 first, T/(1 + c^2) times;
PCGrad sums; Nash-MTL clips its length to ``max_norm``; DWA averages over windows of iterations,
here of one each. Orders come from Python's ``random.shuffle``, weights from torch's generator.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np

from conformance.adapters import checkout
from conformance.adapters.adapter import Adapter, Drive, Inputs, Offer, Params
from conformance.adapters.tensors import linear, tensor

REPOSITORY, FILE = "AvivNavon/nash-mtl", "methods/weight_methods.py"
Outputs = dict[str, Any]


def weight_method(name: str, tasks: int, arguments: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """One of the checkout's WeightMethods, fresh."""
    import os
    import sys
    from importlib import import_module

    import torch

    if os.environ["MTL_CHECKOUT"] not in sys.path:
        sys.path.insert(0, os.environ["MTL_CHECKOUT"])
    methods = import_module("methods.weight_methods")
    return methods.WeightMethods(name, n_tasks=tasks, device=torch.device("cpu"), **arguments)


def direct(method: Any, inputs: Inputs, dtype: str) -> Outputs:  # noqa: ANN401  (the library's)
    """The gradient that the shared parameter is left with."""
    import torch

    jacobian = tensor(inputs["jacobian"], dtype)
    losses = inputs.get("losses", np.ones(len(jacobian)))
    theta, values = linear(jacobian, tensor(losses, dtype))
    method.backward(losses=torch.stack(values), shared_parameters=[theta])
    return {"direction": theta.grad}


def weigh(method: Any, inputs: Inputs, dtype: str) -> Outputs:  # noqa: ANN401  (the library's)
    """The weights that the method tells."""
    import torch

    losses = tensor(inputs["losses"], dtype)
    before = [inputs["previous_losses"]] * 2 if "previous_losses" in inputs else []
    if "log_variances" in inputs:
        method.method.logsigma.data = tensor(inputs["log_variances"], dtype)
    for given in [*(tensor(each, dtype) for each in before), losses]:
        theta, values = linear(torch.eye(len(losses), dtype=losses.dtype), given)
        _, told = method.backward(losses=torch.stack(values), shared_parameters=[theta])
    return {"weights": told["weights"]}


@final
@dataclass(frozen=True, slots=True)
class Named:
    """A ``make``: the method of that name; ``arguments`` are names of our parameters, or values."""

    name: str
    arguments: Mapping[str, str | int] = field(default_factory=dict)

    def __call__(self, params: Params, tasks: int, dtype: str) -> Any:  # noqa: ANN401
        """The method, fresh."""
        del dtype  # the tensors tell
        return weight_method(self.name, tasks, self._given(params))

    def source(self, params: Params) -> list[str]:
        """The lines that set ``made``."""
        return [f'made = weight_method("{self.name}", tasks, {self._given(params)!r})']

    def _given(self, params: Params) -> dict[str, Any]:
        found = {key: params.get(str(name), name) for key, name in self.arguments.items()}
        return {key: "norm" if value == "l2" else value for key, value in found.items()}


def _offer(make: Callable[..., Any], drive: Drive = direct, **declared: Any) -> Offer:  # noqa: ANN401
    return Offer(make, drive, quoted=(linear, weight_method), **declared)


backend = Adapter(
    "nash-mtl",
    REPOSITORY,
    {
        "cagrad": _offer(Named("cagrad", {"c": "c"}), params={"c": 0.4}, scale="T/(1+c**2)"),
        "dwa": _offer(
            Named("dwa", {"temp": "temperature", "iteration_window": 1}),
            weigh,
            params={"temperature": 2.0},
            outputs=("weights",),
        ),
        "imtl_g": _offer(Named("imtl")),
        "mgda": _offer(
            Named("mgda", {"normalization": "normalization"}),
            params={"normalization": "none"},
            scale="T",
        ),
        "nash_mtl": _offer(
            Named("nashmtl", {"max_norm": "max_norm", "update_weights_every": "update_every"}),
            params={"max_norm": 1.0, "update_every": 1},
            stateful=True,
        ),
        "pcgrad": _offer(Named("pcgrad"), randomness="seeded"),
        "random_weighting": _offer(Named("rlw"), weigh, outputs=("weights",), randomness="seeded"),
        "sum": _offer(Named("ls")),
        "uniform": _offer(Named("ls"), weigh, outputs=("weights",)),
    },
    version=lambda: checkout.version(REPOSITORY, FILE),
)
