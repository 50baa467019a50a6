"""ARML: auxiliary gradients weighed so that together they come nearest to the main gradient.

[ARML] Shi, Hoffman, Saenko, Darrell and Xu, Auxiliary task reweighting for minimum-data learning,
2020.
"""

import numpy as np

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.hulls import shortest_of
from conformance.torch_runner.shapes import Direction, Jacobian
from conformance.torch_runner.stacking import stacked


def aggregate(jacobian: Jacobian, *, gradient: Direction) -> Aggregation:
    """Direction g + sum a_k h_k for auxiliary rows h_k (T, d) and the main gradient g (d,).

    The weights a (T,) sum to T. ValueError for NaN, infinities and wrong shapes.
    """
    rows = prepared(stacked(jacobian=jacobian, gradient=gradient))
    tasks, largest = len(jacobian), int(rows.exponents.max())
    corners = np.hstack((-tasks * np.eye(tasks), np.ones((tasks, 1))))
    weights = tasks * shortest_of(rows, corners)
    coefficients = np.ldexp(np.append(weights, 1.0), rows.exponents - largest)
    return Aggregation(combined(rows, coefficients, largest), weights_of(jacobian, weights))
