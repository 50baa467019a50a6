"""FAMO: weights that follow how much each loss's logarithm fell.

[LFLS23] Liu, Feng, Stone and Liu, FAMO: fast adaptive multitask optimization, 2023, Algorithm 1.
"""

from conformance.torch_runner.aggregation import Weighting
from conformance.torch_runner.losses import (
    Losses,
    above_zero,
    each,
    logarithms,
    softmax,
    weighting,
)


def weigh(
    losses: Losses,
    *,
    previous_losses: Losses,
    logits: Losses,
    learning_rate: float = 0.025,
    decay: float = 0.001,
) -> Weighting:
    """Weights (T,) and next logits (T,) from losses after and before a step, and logits (T,).

    ValueError for losses that are not positive, NaN and infinities.
    """
    now = each("losses", losses)
    before = each("previous_losses", previous_losses, len(now))
    old = each("logits", logits, len(now))
    above_zero("losses", now, "famo")
    above_zero("previous_losses", before, "famo")
    shares, falls = softmax(old), logarithms(before, now)
    slope = shares * (falls - shares @ falls) + decay * old
    new = old - learning_rate * slope
    raw = softmax(new) * (now.min() / now)
    return weighting(losses, raw / raw.sum(), logits=new)
