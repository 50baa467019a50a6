"""GradOPS-static: the gradients that GradOPS modifies, with weights that are given.

[GradOPS] Gradient deconfliction via orthogonal projections onto subspaces for multi-task
learning, WSDM 2025, section 4.4, with GradOPS's fallback on MGDA.
"""

from collections.abc import Sequence
from math import fsum

import numpy as np

from conformance.torch_runner.aggregation import Aggregation
from conformance.torch_runner.aggregators.gradops import modified
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.shapes import Jacobian


def aggregate(jacobian: Jacobian, *, weights: float | Sequence[float] = 1.0) -> Aggregation:
    """Direction and each task's gradient g'_i of a jacobian (T, d).

    ``weights`` are not negative and add up to T, one a task; or 1 for all. ValueError for others,
    and for NaN, infinities and wrong shapes.
    """
    rows = prepared(jacobian)
    tasks = len(rows.gramian)
    listed = [weights] * tasks if isinstance(weights, (int, float)) else list(weights)
    if len(listed) != tasks or min(listed) < 0 or fsum(listed) != tasks:
        message = f"weights must be {tasks} numbers >= 0 that add up to {tasks} (got {weights})"
        raise ValueError(message)
    largest = int(rows.exponents.max())
    parts, _ = modified(rows, largest, "mgda")
    direction = combined(rows, np.array(listed) @ parts, largest)
    own = np.ldexp(parts, (largest - rows.exponents)[:, None])
    return Aggregation(direction, rows=rows, task_coefficients=own)
