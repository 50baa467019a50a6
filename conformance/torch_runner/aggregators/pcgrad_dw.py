"""PCGrad-DW: PCGrad's gradients, weighed by powers of how far their sum carries each task.

[GradOPS] Gradient deconfliction via orthogonal projections onto subspaces for multi-task
learning, WSDM 2025, section 4.5: equations (3)-(5) on PCGrad's output, with absolute projections.
"""

from collections.abc import Sequence

import numpy as np
import torch

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.aggregators.dw import reweighted
from conformance.torch_runner.aggregators.pcgrad import Orders, checked, drawn
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.shapes import Jacobian, Matrix


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
    roots = np.sqrt(rows.gramian.diagonal())
    divisors = np.where(roots > 0, roots, 1)
    coefficients, sides = projected(rows.gramian / divisors[:, None] / divisors, met)
    lengths = np.ldexp(roots, rows.exponents - largest)
    weights = reweighted(lengths @ sides, lengths, rows.resolution, alpha)
    direction = combined(rows, (weights * lengths) @ coefficients / divisors, largest)
    return Aggregation(direction, weights_of(jacobian, weights))


def projected(cosines: Matrix, orders: Orders) -> tuple[Matrix, Matrix]:
    """PCGrad on unit rows: coefficients of v_i / n_i, and their products with the unit rows.

    On unit rows what two tasks lose is the same number for both, as it should be; a product that
    a projection makes 0 is 0.
    """
    np.fill_diagonal(cosines, cosines.diagonal() > 0)
    tasks = np.arange(len(cosines))
    coefficients, sides = np.eye(len(cosines)), cosines.copy()
    for other in orders.T:
        along = np.minimum(sides[tasks, other], 0)
        coefficients[tasks, other] -= along
        sides -= along[:, None] * cosines[other]
        sides[tasks[along < 0], other[along < 0]] = 0
    return coefficients, sides
