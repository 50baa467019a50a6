"""LibMTL's weightings as a backend: the real mixin on a small model with the wanted gradients.

The model is one linear layer; the loss of task i is the wanted loss plus the inner product of its
row with the layer's parameters, so the shared gradient of task i is that row, exactly. Buffers of
LibMTL take torch's default dtype, which is set to the request's. The model zeroes its gradients
without dropping them, as torch did before 2.0: ``AbsArchitecture.zero_grad_share_params`` drops
them on newer ones, and then no gradient method of LibMTL 1.1.5 can write its answer. The package
``LibMTL`` itself cannot be imported beside torchvision 0.13 or newer (it wants
``torchvision.models.utils``), so its weightings are imported without it.

Conventions as LibMTL documents them: PCGrad and GradVac sum over the tasks; CAGrad divides by
1 + c^2 (``rescale=1``); "the loss weight for each task is always 1/T" in EW; GradDrop works on
representations, in the activation form, here on one example with positive entries, where that is
the gradient form; a representation that is given is taken as it is. IMTL is both halves, its scales
trained with the model, so "given"; they start at 0, where it is IMTL-G. The weights of a
weighting of losses are what the losses' gradients are multiplied by. Randomness comes from
Python's ``random.shuffle`` and from torch's global generator ("seeded").
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np

from conformance.adapters.adapter import Adapter, Inputs, Make, Offer, Params
from conformance.adapters.tensors import tensor

Outputs = dict[str, Any]


# How the library is called --------------------------------------------------------------------


def mixin(name: str, folder: str | None = None) -> Any:  # noqa: ANN401  (a class)
    """A weighting class of the installed LibMTL, or of the one in a folder."""
    import sys
    from importlib import import_module
    from importlib.util import find_spec
    from pathlib import Path
    from types import ModuleType

    if "LibMTL" not in sys.modules:
        spec = find_spec("LibMTL") if folder is None else None
        places = [folder] if folder else list(getattr(spec, "submodule_search_locations", []))
        package, weighting = ModuleType("LibMTL"), ModuleType("LibMTL.weighting")
        package.__path__ = places
        weighting.__path__ = [str(Path(place) / "weighting") for place in places]
        sys.modules |= {"LibMTL": package, "LibMTL.weighting": weighting}
    return getattr(import_module(f"LibMTL.weighting.{name}"), name)


def model(
    mixin: Any,  # noqa: ANN401  (a class)
    tasks: int,
    dtype: str,
    arguments: Mapping[str, Any],
    *,
    rep_grad: bool = False,
) -> Any:  # noqa: ANN401  (the library's)
    """A model with the mixin, as LibMTL's trainer composes one; ``arguments`` for backward."""
    import torch

    torch.set_default_dtype(getattr(torch, dtype))

    members = {
        "get_share_params": lambda self: self.encoder.parameters(),
        "zero_grad_share_params": lambda self: self.encoder.zero_grad(set_to_none=False),
    }
    made = type("Model", (mixin,), members)()
    made.task_num, made.task_name = tasks, [f"task {task}" for task in range(tasks)]
    made.device, made.rep_grad = torch.device("cpu"), rep_grad
    made.arguments, made.epoch = arguments, 0
    made.init_param()
    return made


def backward(model: Any, jacobian: Any, losses: Any, representation: Any = None) -> Any:  # noqa: ANN401
    """One backward pass on losses with these shared gradients; the gradient that it leaves.

    A model with ``rep_grad`` is given the gradients by a representation (b, m); by default that is
    one example with positive entries.
    """
    import torch

    torch.set_default_dtype(jacobian.dtype)
    model.encoder = torch.nn.Linear(jacobian.shape[1], 1, bias=False)
    (theta,) = model.encoder.parameters()
    torch.nn.init.ones_(theta)
    seen = [theta] * len(jacobian)
    if model.rep_grad:
        model.rep = theta * 1
        if representation is not None:
            theta.data = representation.reshape(1, -1)
            model.rep = theta.reshape(representation.shape)
        model.rep_tasks = {name: model.rep.detach().clone() for name in model.task_name}
        seen = [each.requires_grad_() for each in model.rep_tasks.values()]
    moves = [(row * at.flatten()).sum() for row, at in zip(jacobian, seen, strict=True)]
    values = [loss + (move - move.detach()) for loss, move in zip(losses, moves, strict=True)]
    model.backward(torch.stack(values), **model.arguments)
    return theta.grad[0]


def direct(model: Any, inputs: Inputs, dtype: str) -> Outputs:  # noqa: ANN401  (the library's)
    """The gradient that the shared layer is left with."""
    import torch

    jacobian = tensor(inputs["jacobian"], dtype)
    losses = inputs.get("losses")
    ones = torch.ones(len(jacobian), dtype=jacobian.dtype)
    values = ones if losses is None else tensor(losses, dtype)
    if "log_scales" in inputs:
        model.loss_scale.data = tensor(inputs["log_scales"], dtype)
    given = inputs.get("representation")
    representation = None if given is None else tensor(given, dtype)
    return {"direction": backward(model, jacobian, values, representation)}


def weigh(model: Any, inputs: Inputs, dtype: str) -> Outputs:  # noqa: ANN401  (the library's)
    """What each loss's gradient is multiplied by: the direction where the gradients are units."""
    import torch

    losses = tensor(inputs["losses"], dtype)
    if "previous_losses" in inputs:  # two epochs have been
        model.epoch = 2
        model.train_loss_buffer = np.stack([inputs["previous_losses"], inputs["losses"]], axis=1)
    if "log_variances" in inputs:
        model.loss_scale.data = tensor(inputs["log_variances"], dtype)
    return {"weights": backward(model, torch.eye(len(losses), dtype=losses.dtype), losses)}


# What is made and declared -----------------------------------------------------------------------


@final
@dataclass(frozen=True, slots=True)
class Mixed:
    """A ``make``: the model with a weighting; ``arguments`` tell backward's keywords.

    Each is the name of one of our parameters, or a value that LibMTL documents as its default.
    """

    name: str
    arguments: Mapping[str, str | float] = field(default_factory=dict)
    rep_grad: bool = False
    folder: Callable[[], str] | None = None

    def __call__(self, params: Params, tasks: int, dtype: str) -> Any:  # noqa: ANN401
        """The model, fresh."""
        found = mixin(self.name, self.folder() if self.folder else None)
        return model(found, tasks, dtype, self._given(params), rep_grad=self.rep_grad)

    def source(self, params: Params) -> list[str]:
        """The lines that set ``made``."""
        place = ', os.environ["MTL_CHECKOUT"]' if self.folder else ""
        rep_grad = ", rep_grad=True" if self.rep_grad else ""
        call = f'mixin("{self.name}"{place}), tasks, dtype, {self._given(params)!r}{rep_grad}'
        return ["import os", "", f"made = model({call})"]

    def _given(self, params: Params) -> dict[str, Any]:
        return {
            keyword: params.get(value, value) if isinstance(value, str) else value
            for keyword, value in self.arguments.items()
        }


def offer(make: Make, **declared: Any) -> Offer:  # noqa: ANN401  (fields of Offer)
    """An offer of a direction, or of weights where ``outputs`` says so."""
    drive = weigh if "weights" in declared.get("outputs", ()) else direct
    return Offer(make, drive, quoted=(mixin, model, backward), **declared)


backend = Adapter(
    "libmtl",
    "LibMTL",
    {
        "cagrad": offer(
            Mixed("CAGrad", {"calpha": "c", "rescale": 1}), params={"c": 0.5}, scale="1/(1+c**2)"
        ),
        "dwa": offer(
            Mixed("DWA", {"T": "temperature"}), params={"temperature": 2.0}, outputs=("weights",)
        ),
        "geometric_mean": offer(Mixed("GLS"), outputs=("weights",)),
        "graddrop": offer(
            Mixed("GradDrop", {"leak": "leak"}, rep_grad=True),
            params={"leak": 0.0},
            randomness="seeded",
        ),
        "gradvac": offer(
            Mixed("GradVac", {"beta": "beta"}),
            params={"beta": 0.5},
            randomness="seeded",
            stateful=True,
            lacks=("layers",),
        ),
        "imtl": offer(Mixed("IMTL"), params={"scales": "given"}, choices={"scales": ("given",)}),
        "imtl_g": offer(Mixed("IMTL")),
        "mean": offer(Mixed("EW")),
        "mgda": offer(
            Mixed("MGDA", {"mgda_gn": "normalization"}), params={"normalization": "none"}
        ),
        "pcgrad": offer(Mixed("PCGrad"), randomness="seeded"),
        "random_weighting": offer(
            Mixed("RLW", {"dist": "Normal"}), outputs=("weights",), randomness="seeded"
        ),
        "uncertainty_weighting": offer(Mixed("UW"), outputs=("weights",)),
        "uniform": offer(Mixed("EW"), outputs=("weights",), scale="1/T"),
    },
)
