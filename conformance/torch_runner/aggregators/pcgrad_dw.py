"""PCGrad-DW: PCGrad's gradients, weighed by powers of how far their sum carries each task.

[GradOPS] Gradient deconfliction via orthogonal projections onto subspaces for multi-task
learning, WSDM 2025, section 4.5: equations (3)-(5) on PCGrad's output, with absolute projections.
"""

from collections.abc import Sequence

import numpy as np
import torch

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.aggregators.dw import reweighted
from conformance.torch_runner.aggregators.pcgrad import checked, drawn, replayed
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.shapes import Jacobian


def aggregate(
    jacobian: Jacobian,
    *,
    orders: Sequence[Sequence[int]] | None = None,
    generator: torch.Generator | None = None,
    alpha: float = 0.0,
) -> Aggregation:
    """Direction and weights w_i of a jacobian (T, d); orders and errors as for PCGrad."""
    rows = prepared(jacobian)
    tasks = len(rows.gramian)
    met = drawn(tasks, generator) if orders is None else checked(orders, tasks)
    largest = int(rows.exponents.max())
    scale = np.ldexp(1.0, rows.exponents - largest)
    projected = scale[:, None] * replayed(rows.gramian, met)
    weights = reweighted(rows, projected.sum(0), alpha)
    direction = combined(rows, weights @ projected, largest)
    return Aggregation(direction, weights_of(jacobian, weights))
