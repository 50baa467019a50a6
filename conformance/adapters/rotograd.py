"""rotograd's RotoGrad and RotateOnly as a backend, on a representation that is a parameter.

The heads return what they see, the representation turned by their rotations, and each task's loss
is the inner product of that with its row: so its gradient by the rotated representation is the
row. Conventions as the library documents them: RotoGrad rotates and scales (mode "both"),
RotateOnly rotates (mode "rotate"); ``burn_in_period`` is the step whose lengths replace the first.
The rotations begin at random and are trained by the user's optimizer: here they are set (to the
identity, where none are given) and not told, and the method is judged on single steps. The library
imports ``geotorch.parametrize``, a module that geotorch gave up for torch's own: the adapter puts
torch's ``cached`` in its place.
"""

from typing import Any

import numpy as np

from conformance.adapters.adapter import Adapter, Inputs, Offer, Params
from conformance.adapters.tensors import tensor


def rotating(mode: str) -> Any:  # noqa: ANN401  (a class)
    """The library's class for a mode."""
    import sys
    from types import ModuleType

    from torch.nn.utils.parametrize import cached

    if "geotorch.parametrize" not in sys.modules:
        stand_in = ModuleType("geotorch.parametrize")
        vars(stand_in)["cached"] = cached
        sys.modules["geotorch.parametrize"] = stand_in
    import rotograd

    return {"both": rotograd.RotoGrad, "rotate": rotograd.RotateOnly}[mode]


def _settings(params: Params, tasks: int, dtype: str) -> Params:
    return params


def _backward(params: Params, inputs: Inputs, dtype: str) -> dict[str, Any]:
    """One step of a fresh module with the rotations that are given."""
    import torch

    class Representation(torch.nn.Module):
        def __init__(self, shape: tuple[int, int]) -> None:
            super().__init__()
            self.theta = torch.nn.Parameter(torch.ones(shape, dtype=getattr(torch, dtype)))

        def forward(self, features: Any) -> Any:  # noqa: ANN401  (tensors)
            return self.theta * features

    jacobian = tensor(inputs["jacobian"], dtype)
    tasks, width = jacobian.shape
    size = round(inputs["rotations"].shape[1] ** 0.5) if "rotations" in inputs else width
    backbone = Representation((width // size, size))
    heads = [torch.nn.Identity() for _ in range(tasks)]
    period = int(params["burn_in"])
    made = rotating(params["mode"])(backbone, heads, size, burn_in_period=period)
    made = made.to(getattr(torch, dtype))
    given = inputs.get("rotations", np.stack([np.eye(size).ravel()] * tasks))
    for task, turn in enumerate(given):
        setattr(made, f"rotation_{task}", tensor(turn, dtype).reshape(size, size))
    made.train()
    seen = made(torch.ones((), dtype=jacobian.dtype))
    losses = [(row.reshape(at.shape) * at).sum() for row, at in zip(jacobian, seen, strict=True)]
    made.backward([loss - loss.detach() + 1 for loss in losses])
    gradient: Any = backbone.theta.grad
    return {"direction": gradient.flatten()}


backend = Adapter(
    "rotograd",
    "rotograd",
    {
        "rotograd": Offer(
            _settings,
            _backward,
            {"mode": "both", "burn_in": 20},
            quoted=(rotating,),
            choices={"mode": ("both", "rotate")},
        )
    },
)
