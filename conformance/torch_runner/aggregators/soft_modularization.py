"""Soft modularization's weights of tasks: less for a task whose policy has become random.

[YXWW20] Yang, Xu, Wu and Wang, Multi-task reinforcement learning with soft modularization, 2020.
"""

from conformance.torch_runner.aggregation import Weighting
from conformance.torch_runner.losses import Losses, above_zero, each, softmax, weighting


def weigh(temperatures: Losses, *, form: str = "paper") -> Weighting:
    """Weights (T,) from temperatures (T,): softmax(-alpha), or the released T softmax(-log alpha).

    ValueError for another form, NaN and infinities, and in the form "code" for temperatures that
    are not positive.
    """
    alphas = each("temperatures", temperatures)
    if form == "paper":
        return weighting(temperatures, softmax(-alphas))
    if form != "code":
        message = f"form must be 'paper' or 'code' (got {form!r})"
        raise ValueError(message)
    above_zero("temperatures", alphas, "soft_modularization")
    shares = alphas.min() / alphas
    return weighting(temperatures, len(alphas) * (shares / shares.sum()))
