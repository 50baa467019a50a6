"""Area under the curve: the chance that a positive outscores a negative, ties counting one half."""

import torch
from torch import Tensor

from conformance.torch_runner.measurement import Measurement, alike, measured, table


def measure(confidences: Tensor, *, labels: Tensor) -> Measurement:
    """AUC of confidences (n,) for labels (n,), 0 or 1, by two binary searches for each positive.

    ValueError where a class does not occur, for other labels, NaN and infinities.
    """
    scores = table("confidences", confidences, 1)
    classes = alike("labels", labels, len(scores))
    high, low = scores[classes == 1], scores[classes == 0].sort().values
    if not len(high) or not len(low) or len(high) + len(low) != len(scores):
        message = "labels must be 0 or 1, and both must occur"
        raise ValueError(message)
    won = torch.searchsorted(low, high).sum() + torch.searchsorted(low, high, right=True).sum()
    return measured(confidences, figure=int(won) / (2 * len(high) * len(low)))
