"""FAMO in numpy."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(
    losses: Array,
    *,
    previous_losses: Array,
    logits: Array,
    learning_rate: float = 0.025,
    decay: float = 0.001,
) -> Outputs:
    """A step on the logits by the fall of the losses' logarithms, and weights z / L."""
    if (losses <= 0).any() or (previous_losses <= 0).any():
        message = "famo is undefined: a loss is not positive"
        raise ValueError(message)
    falls = np.log(previous_losses / losses)
    shares = softmax(logits)
    slope = (np.diag(shares) - np.outer(shares, shares)) @ falls
    return stepped(logits - learning_rate * (slope + decay * logits), losses)


def softmax(logits: Array) -> Array:
    """Shares of e^logit."""
    powers = np.exp(logits - logits.max())
    shares: Array = powers / powers.sum()
    return shares


def stepped(logits: Array, losses: Array) -> Outputs:
    """The weights at new logits."""
    raw = softmax(logits) / (losses / losses.min())
    return {"weights": raw / raw.sum(), "logits": logits}
