"""Dynamic task prioritization: a task that still does badly gets a larger weight.

[GHHWF18] Guo, Haque, Huang, Yeung and Fei-Fei, Dynamic task prioritization for multitask learning,
2018.
"""

from collections.abc import Mapping

import numpy as np

from conformance.torch_runner.aggregation import Weighting
from conformance.torch_runner.losses import Losses, each, told
from conformance.torch_runner.shapes import Matrix


def weigh(
    kpis: Losses,
    *,
    gamma: float = 1.0,
    alpha: float = 0.5,
    state: Mapping[str, Matrix] | None = None,
) -> Weighting:
    """Weights (T,) from indicators (T,) in (0, 1], smoothed by the share alpha of the new ones.

    ValueError where a smoothed indicator is not in (0, 1], for a gamma < 0 and an alpha outside
    [0, 1].
    """
    if not 0 <= alpha <= 1 or not 0 <= gamma < np.inf:
        message = f"alpha must lie in [0, 1] and gamma not be negative (got {alpha} and {gamma})"
        raise ValueError(message)
    smooth = each("kpis", kpis)
    if state is not None:
        smooth = alpha * smooth + (1 - alpha) * state["kpis"]
    for place in np.flatnonzero((smooth <= 0) | (smooth > 1))[:1]:
        message = f"dtp is undefined where an indicator is not in (0, 1] (kpis[{place}])"
        raise ValueError(message)
    weights = -((1 - smooth) ** gamma) * np.log(smooth)
    return Weighting(told(kpis, weights), state={"kpis": smooth})
