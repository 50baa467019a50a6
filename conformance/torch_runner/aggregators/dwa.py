"""Dynamic weight averaging: a loss that falls slowly gets a larger weight.

[LJD19] Liu, Johns and Davison, End-to-end multi-task learning with attention, 2019, equation (7).
"""

import numpy as np

from conformance.torch_runner.aggregation import Weighting
from conformance.torch_runner.losses import Losses, each, softmax, weighting


def weigh(
    losses: Losses, *, previous_losses: Losses | None = None, temperature: float = 2.0
) -> Weighting:
    """Weights (T,) from the mean losses (T,) of the last epoch and of the one before.

    Without the latter, as in the first two epochs, every weight is 1. ValueError for a temperature
    that is not positive, a previous loss of 0, NaN and infinities.
    """
    if not 0 < temperature < np.inf:
        message = f"temperature must be positive and finite (got {temperature})"
        raise ValueError(message)
    last = each("losses", losses)
    if previous_losses is None:
        return weighting(losses, np.ones(len(last)))
    before = each("previous_losses", previous_losses, len(last))
    if not before.all():
        message = f"dwa is undefined where previous_losses[{int(np.argmin(abs(before)))}] is 0"
        raise ValueError(message)
    with np.errstate(over="ignore"):
        exponents = last / before / temperature
    return weighting(losses, len(last) * softmax(exponents))
