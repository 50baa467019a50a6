"""OGD: the gradient without its parts along an orthonormal basis.

[OGD] Farajtabar, Azizan, Mott and Li, Orthogonal gradient descent for continual learning, 2020.
"""

import numpy as np

from conformance.torch_runner.aggregation import Aggregation
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.shapes import Direction, Jacobian
from conformance.torch_runner.stacking import stacked


def aggregate(gradient: Direction, *, basis: Jacobian) -> Aggregation:
    """The direction g - sum_q <g, q> q for a gradient (d,) and the rows q of a basis (q, d).

    ValueError for NaN, infinities and wrong shapes.
    """
    rows = prepared(stacked(gradient=gradient, basis=basis))
    parts = -np.ldexp(rows.gramian[0, 1:], 2 * rows.exponents[1:])
    coefficients = np.concatenate(([1.0], parts))
    return Aggregation(combined(rows, coefficients, int(rows.exponents[0])))
