"""gradnorm-pytorch's GradNormLossWeighter as a backend, called as its users call it.

The gradients by the last shared layer are those of a parameter that the losses are linear in,
handed over as ``activations``. Conventions as the library documents them: an implementation of
Chen et al. (2018); ``restoring_force_alpha`` is the paper's alpha, ``learning_rate`` the length of
the step on the weights, whose sum stays T. Weights and initial losses, which the module keeps in
its state, are put there as a checkpoint puts them. The library refuses a single loss ("only makes
sense if you have multiple losses"): unsupported. No accuracy is documented, so none is claimed.
"""

from typing import Any

from conformance.adapters.adapter import Adapter, Inputs, Offer, Params
from conformance.adapters.tensors import linear, tensor


def _weighter(params: Params, tasks: int, dtype: str) -> Any:  # noqa: ANN401  (a namespace)
    from types import SimpleNamespace

    return SimpleNamespace(params=params, module=None)


def _loaded(params: Params, inputs: Inputs, dtype: str) -> Any:  # noqa: ANN401  (the library's)
    """The module with the weights and the initial losses that a fresh state starts from."""
    import torch
    from gradnorm_pytorch import GradNormLossWeighter

    if len(inputs["weights"]) == 1:
        message = "num_losses must be above 1: the library has no use for a single loss"
        raise NotImplementedError(message)
    made = GradNormLossWeighter(
        num_losses=len(inputs["weights"]),
        learning_rate=params["learning_rate"],
        restoring_force_alpha=params["alpha"],
    ).to(getattr(torch, dtype))
    kept = {"loss_weights": "weights", "initial_losses": "initial_losses"}
    state = {buffer: tensor(inputs[name], dtype) for buffer, name in kept.items()}
    made.load_state_dict(state | {"initted": torch.tensor(data=True)}, strict=False)
    return made


def _step(holder: Any, inputs: Inputs, dtype: str) -> dict[str, Any]:  # noqa: ANN401
    if holder.module is None:
        holder.module = _loaded(holder.params, inputs, dtype)
    losses = tensor(inputs["losses"], dtype)
    theta, values = linear(tensor(inputs["jacobian"], dtype), losses)
    holder.module.backward(values, activations=theta)
    return {"weights": holder.module.loss_weights.clone()}


backend = Adapter(
    "gradnorm-pytorch",
    "gradnorm-pytorch",
    {
        "gradnorm": Offer(
            _weighter,
            _step,
            {"alpha": 0.0, "learning_rate": 0.0001},
            stateful=True,
            outputs=("weights",),
            quoted=(linear, _loaded),
        )
    },
)
