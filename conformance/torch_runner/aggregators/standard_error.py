"""Standard error: the standard deviation of some runs' figures over the root of their number."""

import numpy as np
from torch import Tensor

from conformance.torch_runner.measurement import Measurement, measured, table
from conformance.torch_runner.shapes import Matrix


def measure(figures: Tensor) -> Measurement:
    """Standard error of figures (n,); ValueError for fewer than two, NaN and infinities."""
    sample = table("figures", figures, 1).cpu().numpy()
    if len(sample) == 1:
        message = "standard_error is undefined for one figure alone"
        raise ValueError(message)
    return measured(
        figures, figure=float(np.sqrt(squares(sample) / (len(sample) - 1) / len(sample)))
    )


def squares(sample: Matrix) -> float:
    """The sum of the squares about the mean, which is taken of what is left of the first figure."""
    rest = sample - sample[0]
    rest = rest - rest.mean()
    return float(rest @ rest)
