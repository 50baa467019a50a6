"""GEM: the gradient, projected on the cone where no memory loses.

[GEM] Lopez-Paz and Ranzato, Gradient episodic memory for continual learning, 2017.
"""

import numpy as np

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.cones import onto_cone
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.shapes import Direction, Jacobian
from conformance.torch_runner.stacking import stacked


def aggregate(gradient: Direction, *, memory: Jacobian) -> Aggregation:
    """Direction for a gradient (d,) and memories (M, d), with the multipliers (M,) that push it.

    ValueError for NaN, infinities and wrong shapes.
    """
    rows = prepared(stacked(gradient=gradient, memory=memory))
    own, pushes = int(rows.exponents[0]), onto_cone(rows.gramian[1:, 1:], rows.gramian[:1, 1:])[0]
    direction = combined(rows, np.concatenate(([1.0], pushes)), own)
    multipliers = weights_of(gradient, np.ldexp(pushes, own - rows.exponents[1:]))
    return Aggregation(direction, outputs={"multipliers": multipliers})
