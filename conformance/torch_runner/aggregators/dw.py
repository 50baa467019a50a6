"""DW: the gradients, weighed by powers of how far their sum carries each task.

[GradOPS] Gradient deconfliction via orthogonal projections onto subspaces for multi-task
learning, WSDM 2025, section 4.5: equations (3)-(5) on raw gradients, with absolute projections.
"""

import numpy as np

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.aggregators.gradops import powers_of
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.shapes import Jacobian, Matrix


def aggregate(jacobian: Jacobian, *, alpha: float = 0.0) -> Aggregation:
    """Direction and weights w_i of a jacobian (T, d); ValueError for NaN, infinities and shapes.

    Where the definition has no answer, alpha < 0 and a projection of zero, the limit of small ones
    is returned.
    """
    rows = prepared(jacobian)
    largest = int(rows.exponents.max())
    scale = np.ldexp(1.0, rows.exponents - largest)
    lengths = np.sqrt(rows.gramian.diagonal())
    sides = np.divide(rows.gramian @ scale, lengths, where=lengths > 0, out=lengths.copy())
    weights = reweighted(sides, lengths * scale, rows.resolution, alpha)
    direction = combined(rows, weights * scale, largest)
    return Aggregation(direction, weights_of(jacobian, weights))


def reweighted(projections: Matrix, lengths: Matrix, resolution: float, alpha: float) -> Matrix:
    """Weights (T,) of equations (3)-(5): |R_i|**alpha over its mean.

    Rows of no length keep the weight 1, and so do all tasks if no projection can be told from what
    rounding leaves of a sum of rows of these lengths.
    """
    alive = lengths > 0
    weights = np.ones(len(lengths))
    sizes = np.abs(projections[alive])
    if alpha == 0 or not (sizes > resolution * lengths.sum()).any():
        return weights
    powers = powers_of(sizes, alpha)
    weights[alive] = powers / powers.mean()
    return weights
