"""UPGrad: each task gradient projected on the cone where no task loses; their mean.

[UPGrad] Quinton and Rey, Jacobian descent for multi-objective optimization, 2024.
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
    tasks, largest = len(rows.gramian), int(rows.exponents.max())
    shares = np.eye(tasks) + onto_cone(rows.gramian, rows.gramian)
    sizes = np.ldexp(1 / tasks, rows.exponents - largest)
    coefficients = sizes @ shares
    weights = np.ldexp(coefficients, largest - rows.exponents)
    return Aggregation(combined(rows, coefficients, largest), weights_of(jacobian, weights))
