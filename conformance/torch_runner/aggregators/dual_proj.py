"""DualProj: the mean gradient, projected on the cone where no task loses.

[DualProj] Quinton and Rey, Jacobian descent for multi-objective optimization, 2024; after Lopez-Paz
and Ranzato, Gradient episodic memory for continual learning, 2017.
"""

import numpy as np

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.cones import onto_cone
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.shapes import Jacobian


def aggregate(jacobian: Jacobian) -> Aggregation:
    """Direction and weights, each at least 1/T, of a jacobian (T, d).

    ValueError for NaN, infinities and wrong shapes.
    """
    rows = prepared(jacobian)
    largest = int(rows.exponents.max())
    mean = np.ldexp(1 / len(rows.gramian), rows.exponents - largest)
    coefficients = mean + onto_cone(rows.gramian, mean @ rows.gramian[None])[0]
    weights = np.ldexp(coefficients, largest - rows.exponents)
    return Aggregation(combined(rows, coefficients, largest), weights_of(jacobian, weights))
