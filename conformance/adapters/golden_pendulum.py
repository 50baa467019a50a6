"""golden-pendulum-mtl as a backend, for the one of its settings that is a published method.

The library's own method is no method of the reference: it minimises ||sum_i a_i u_i||^2 +
lam ||a - a_phi||_1 over the simplex, u_i the gradients at unit length and a_phi weights in golden
ratio. With ``lam=0`` and no floor below the weights that program is MGDA's with l2 normalisation,
so the weights that it returns are judged by it; the 25 iterations are the library's default. The
direction is MGDA's, those weights on the gradients as they are: the library's own combines unit
gradients and is no published method's.
"""

from typing import Any

from conformance.adapters.adapter import Adapter, Inputs, Offer, Params
from conformance.adapters.tensors import linear, tensor


def _balancer(params: Params, tasks: int, dtype: str) -> Any:  # noqa: ANN401  (the library's)
    from golden_pendulum import GoldenPendulumMTL

    return GoldenPendulumMTL(n_tasks=tasks, lam=0.0, min_weight_fraction=0.0, pcgrad=False)


def _backward(balancer: Any, inputs: Inputs, dtype: str) -> dict[str, Any]:  # noqa: ANN401
    import torch

    jacobian = tensor(inputs["jacobian"], dtype)
    theta, values = linear(jacobian, torch.ones(len(jacobian), dtype=jacobian.dtype))
    losses = {str(task): value for task, value in enumerate(values)}
    told = balancer.backward(losses, torch.nn.ParameterList([theta]))
    weights = torch.tensor(list(told.values()), dtype=jacobian.dtype)
    return {"direction": weights @ jacobian, "weights": weights}


backend = Adapter(
    "golden-pendulum",
    "golden-pendulum-mtl",
    {
        "mgda": Offer(
            _balancer,
            _backward,
            {"normalization": "l2"},
            outputs=("direction", "weights"),
            quoted=(linear,),
            choices={"normalization": ("l2",)},
        )
    },
)
