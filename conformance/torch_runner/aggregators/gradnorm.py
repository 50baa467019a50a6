"""GradNorm: weights that push the tasks' gradient norms towards targets set by training rates.

[CBLR18] Chen, Badrinarayanan, Lee and Rabinovich, GradNorm: gradient normalization for adaptive
loss balancing in deep multitask networks, 2018.
"""

from collections.abc import Mapping

import numpy as np

from conformance.torch_runner.aggregation import Weighting
from conformance.torch_runner.gramian import prepared
from conformance.torch_runner.losses import Losses, above_zero, each, told
from conformance.torch_runner.shapes import Jacobian, Matrix


def weigh(
    jacobian: Jacobian,
    *,
    losses: Losses,
    initial_losses: Losses | None = None,
    weights: Losses | None = None,
    alpha: float = 1.5,
    learning_rate: float = 0.025,
    state: Mapping[str, Matrix] | None = None,
) -> Weighting:
    """Weights (T,) after one step, from gradients (T, d) by the last shared layer and losses (T,).

    Without a state the weights and the initial losses are those given (1, and the losses, where
    they are not). ValueError where the training rates or the sum of the weights have no answer.
    """
    rows = prepared(jacobian)
    tasks = len(rows.gramian)
    now = each("losses", losses, tasks)
    if state is None:
        start = now if initial_losses is None else each("initial_losses", initial_losses, tasks)
        before = np.ones(tasks) if weights is None else each("weights", weights, tasks)
    else:
        start, before = state["initial_losses"], state["weights"]
    lengths = np.ldexp(np.sqrt(rows.gramian.diagonal()), rows.exponents)
    norms = np.abs(before) * lengths
    side = np.sign(norms - norms.mean() * rates(now, start, alpha)) * np.sign(before)
    moved = before - learning_rate * side * lengths
    if moved.sum() == 0:
        message = "gradnorm is undefined where the weights after the step sum to 0"
        raise ValueError(message)
    after = moved * (tasks / moved.sum())
    kept = {"weights": after, "initial_losses": start}
    return Weighting(told(losses, after), state=kept)


def rates(now: Matrix, start: Matrix, alpha: float) -> Matrix:
    """The relative inverse training rates (T,), raised to alpha."""
    above_zero("initial_losses", start, "gradnorm")
    ratios = now / start
    if (now < 0).any() or not now.any() or (alpha < 0 and not now.all()):
        message = f"gradnorm is undefined for these losses and alpha = {alpha} (losses {now})"
        raise ValueError(message)
    powers: Matrix = (ratios / ratios.mean()) ** alpha
    return powers
