"""TorchJD's aggregators, weightings and scalarizers as a backend, called as its users call them.

Conventions as TorchJD documents them: PCGrad, GradVac and GradDrop sum over the tasks; CAGrad is
the mean plus a step on the ball, without rescaling; MGDA is Frank-Wolfe with ``epsilon=1e-3,
max_iters=100``; UPGrad and DualProj prefer every task by 1/T; Nash-MTL clips its length to
``max_norm``, 0 for no clip; ConFIG's weights are ones; MoDo is given the product of two jacobians.
The weights of a scalarizer are the gradient of its value by the losses. Randomness comes from
torch's global generator: a seed fixes it, but no draw can be given ("seeded"). No accuracy is
documented, so none is claimed: the answers are judged at working precision. GradNorm, RotoGrad and
GradOPS are not offered by the library.
"""

from typing import Any

import numpy as np

from conformance.adapters.adapter import (
    Adapter,
    Construction,
    Inputs,
    Offer,
    Params,
    constructed,
)
from conformance.adapters.tensors import tensor

Module = Any
Outputs = dict[str, Any]

_NATIVE = ("float64", "float32", "bfloat16")  # the others call what torch has not in bfloat16
_WEIGHTED = ("direction", "weights")
_LOSSES = ("weights", "value")


# How the library is called --------------------------------------------------------------------


def _aggregate(aggregator: Module, inputs: Inputs, dtype: str) -> Outputs:
    return {"direction": aggregator(tensor(inputs["jacobian"], dtype))}


def _weigh(aggregator: Module, inputs: Inputs, dtype: str) -> Outputs:
    """Direction and weights of one and the same call."""
    weights: list[Any] = []
    handle = aggregator.weighting.register_forward_hook(lambda *call: weights.append(call[-1]))
    direction = aggregator(tensor(inputs["jacobian"], dtype))
    handle.remove()
    return {"direction": direction, "weights": weights[0]}


def _two_samples(weighting: Module, inputs: Inputs, dtype: str) -> Outputs:
    """Weights from the product of the jacobians of two samples."""
    first = tensor(inputs["jacobian"], dtype)
    second = tensor(inputs.get("second_jacobian", inputs["jacobian"]), dtype)
    return {"weights": weighting(first @ second.T)}


def _scalarize(scalarizer: Module, inputs: Inputs, dtype: str) -> Outputs:
    losses = tensor(inputs["losses"], dtype).requires_grad_()
    value = scalarizer(losses)
    value.backward()
    return {"weights": losses.grad, "value": value}


def _draw(scalarizer: Module, inputs: Inputs, dtype: str) -> Outputs:
    return {"weights": _scalarize(scalarizer, inputs, dtype)["weights"]}


def _two_epochs(scalarizer: Module, inputs: Inputs, dtype: str) -> Outputs:
    """Weights of the epoch that follows two epochs of one batch each."""
    for name in ("previous_losses", "losses"):
        if name in inputs:
            scalarizer(tensor(inputs[name], dtype))
            scalarizer.step()
    return _draw(scalarizer, inputs, dtype)


def _uncertain(scalarizer: Module, inputs: Inputs, dtype: str) -> Outputs:
    import torch

    scalarizer.to(getattr(torch, dtype))
    with torch.no_grad():
        scalarizer.log_var.copy_(tensor(inputs["log_variances"], dtype))
    return _scalarize(scalarizer, inputs, dtype)


def _scaled(scalarizer: Module, inputs: Inputs, dtype: str) -> Outputs:
    import torch

    scalarizer.to(getattr(torch, dtype))
    with torch.no_grad():
        scalarizer.log_scale.copy_(tensor(inputs["log_scales"], dtype))
    return _scalarize(scalarizer, inputs, dtype)


def _preferred(scalarizer: Module, inputs: Inputs, dtype: str) -> Outputs:
    if "preference" in inputs:
        scalarizer.weights = tensor(inputs["preference"], dtype)
    if "reference_losses" in inputs:
        scalarizer.reference = tensor(inputs["reference_losses"], dtype)
    return _scalarize(scalarizer, inputs, dtype)


# What is made and declared -----------------------------------------------------------------------


def _graddrop(params: Params, tasks: int, dtype: str) -> Module:
    from torchjd.aggregation import GradDrop

    leak = np.broadcast_to(np.asarray(params["leak"], dtype=np.float64), (tasks,))
    return GradDrop(leak=tensor(leak, dtype))


def _krum(params: Params, tasks: int, dtype: str) -> Module:
    from torchjd.aggregation import Krum

    return Krum(n_byzantine=int(params["n_byzantine"]), n_selected=int(params["n_selected"]))


def _nash_mtl(params: Params, tasks: int, dtype: str) -> Module:
    from torchjd.aggregation import NashMTL

    every = int(params["update_every"])
    return NashMTL(n_tasks=tasks, max_norm=params["max_norm"], update_weights_every=every)


def _stch(params: Params, tasks: int, dtype: str) -> Module:
    from torchjd.scalarization import STCH

    return STCH(mu=params["mu"])


def _trimmed_mean(params: Params, tasks: int, dtype: str) -> Module:
    from torchjd.aggregation import TrimmedMean

    return TrimmedMean(trim_number=int(params["trim_number"]))


def _aggregator(name: str, **arguments: str) -> Construction:
    return constructed("torchjd.aggregation", name, **arguments)


def _scalarizer(name: str, **arguments: str) -> Construction:
    return constructed("torchjd.scalarization", name, **arguments)


backend = Adapter(
    "torchjd",
    "torchjd",
    {
        "aligned_mtl": Offer(_aggregator("AlignedMTL"), _weigh, outputs=_WEIGHTED),
        "cagrad": Offer(_aggregator("CAGrad", c="c"), _weigh, {"c": 0.5}, outputs=_WEIGHTED),
        "config": Offer(_aggregator("ConFIG"), _aggregate),
        "dual_proj": Offer(_aggregator("DualProj"), _weigh, outputs=_WEIGHTED),
        "dwa": Offer(
            _scalarizer("DWA", temperature="temperature"),
            _two_epochs,
            {"temperature": 2.0},
            outputs=("weights",),
            quoted=(_scalarize, _draw),
        ),
        "fairgrad": Offer(
            _aggregator("FairGrad", alpha="alpha"), _weigh, {"alpha": 1.0}, outputs=_WEIGHTED
        ),
        "geometric_mean": Offer(_scalarizer("GeometricMean"), _scalarize, outputs=_LOSSES),
        "graddrop": Offer(
            _graddrop,
            _aggregate,
            {"leak": 0.0},
            randomness="seeded",
            lists=("leak",),
            lacks=("representation",),
        ),
        "gradvac": Offer(
            _aggregator("GradVac", beta="beta"),
            _aggregate,
            {"beta": 0.5},
            randomness="seeded",
            stateful=True,
            lacks=("layers",),
        ),
        "imtl_g": Offer(_aggregator("IMTLG"), _weigh, outputs=_WEIGHTED),
        "imtl_l": Offer(
            _scalarizer("IMTLL", shape="tasks"), _scaled, outputs=_LOSSES, quoted=(_scalarize,)
        ),
        "krum": Offer(
            _krum,
            _weigh,
            {"n_byzantine": 0.0, "n_selected": 1.0},
            dtypes=_NATIVE,
            outputs=_WEIGHTED,
        ),
        "mean": Offer(_aggregator("Mean"), _aggregate, dtypes=_NATIVE),
        "mgda": Offer(_aggregator("MGDA"), _weigh, dtypes=_NATIVE, outputs=_WEIGHTED),
        "modo": Offer(
            _aggregator("MoDoWeighting", gamma="learning_rate", rho="rho"),
            _two_samples,
            {"learning_rate": 0.1, "rho": 0.1},
            outputs=("weights",),
            stateful=True,
        ),
        "nash_mtl": Offer(
            _nash_mtl,
            _weigh,
            {"max_norm": 1.0, "update_every": 1},
            outputs=_WEIGHTED,
            stateful=True,
        ),
        "pcgrad": Offer(_aggregator("PCGrad"), _aggregate, dtypes=_NATIVE, randomness="seeded"),
        "random_weighting": Offer(
            _scalarizer("Random"),
            _draw,
            outputs=("weights",),
            randomness="seeded",
            quoted=(_scalarize,),
        ),
        "stch": Offer(_stch, _preferred, {"mu": 1.0}, outputs=_LOSSES, quoted=(_scalarize,)),
        "sum": Offer(_aggregator("Sum"), _aggregate, dtypes=_NATIVE),
        "trimmed_mean": Offer(_trimmed_mean, _aggregate, {"trim_number": 0.0}, dtypes=_NATIVE),
        "uncertainty_weighting": Offer(
            _scalarizer("UW", shape="tasks"), _uncertain, outputs=_LOSSES, quoted=(_scalarize,)
        ),
        "uniform": Offer(_scalarizer("Sum"), _draw, outputs=("weights",), quoted=(_scalarize,)),
        "upgrad": Offer(_aggregator("UPGrad"), _weigh, outputs=_WEIGHTED),
    },
)
