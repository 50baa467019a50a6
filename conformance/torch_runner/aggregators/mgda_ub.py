"""MGDA-UB: MGDA's weights for the gradients by a shared representation, on those by parameters.

[MGDA] Sener and Koltun, Multi-task learning as multi-objective optimization, 2018, section 3.3.
"""

import numpy as np

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.aggregators.mgda import scales, shortest
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.shapes import Jacobian


def aggregate(jacobian: Jacobian, *, representation_jacobian: Jacobian) -> Aggregation:
    """Direction of a jacobian (T, d) by weights on the simplex for another of shape (T, m).

    The Gramian is that of the smaller representation; the parameters' rows are combined once.
    ValueError for NaN, infinities and wrong shapes.
    """
    if len(representation_jacobian) != len(jacobian):
        message = (
            "representation_jacobian must have one row for each task "
            f"(got {len(representation_jacobian)} for {len(jacobian)} tasks)"
        )
        raise ValueError(message)
    shared, rows = prepared(representation_jacobian), prepared(jacobian)
    weights = shortest(shared) * scales(shared)
    largest = int(rows.exponents.max())
    direction = combined(rows, np.ldexp(weights, rows.exponents - largest), largest)
    return Aggregation(direction, weights_of(jacobian, weights))
