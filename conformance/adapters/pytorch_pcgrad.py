"""WeiChengTseng/Pytorch-PCGrad as a backend, from a checkout: ``pcgrad.py`` with ``PCGrad``.

Conventions: the optimizer is wrapped and ``pc_backward`` is given a list of losses; the modified
gradients are averaged over the tasks (``reduction="mean"``, the default), so the answer is 1/T of
the reference's sum. Orders come from Python's ``random.shuffle`` ("seeded").
"""

from typing import Any

from conformance.adapters import checkout
from conformance.adapters.adapter import Adapter, Inputs, Offer, Params
from conformance.adapters.checkout import module
from conformance.adapters.tensors import linear, tensor

REPOSITORY, FILE = "WeiChengTseng/Pytorch-PCGrad", "pcgrad.py"


def _wrapper(params: Params, tasks: int, dtype: str) -> Any:  # noqa: ANN401  (the library's)
    import os

    return module(os.environ["MTL_CHECKOUT"] + "/pcgrad.py").PCGrad


def _backward(wrapper: Any, inputs: Inputs, dtype: str) -> dict[str, Any]:  # noqa: ANN401
    import torch

    jacobian = tensor(inputs["jacobian"], dtype)
    theta, losses = linear(jacobian, torch.ones(len(jacobian), dtype=jacobian.dtype))
    wrapper(torch.optim.SGD([theta], lr=1.0)).pc_backward(losses)
    return {"direction": theta.grad}


backend = Adapter(
    "pytorch-pcgrad",
    REPOSITORY,
    {
        "pcgrad": Offer(
            _wrapper, _backward, scale="1/T", randomness="seeded", quoted=(module, linear)
        )
    },
    version=lambda: checkout.version(REPOSITORY, FILE),
)
