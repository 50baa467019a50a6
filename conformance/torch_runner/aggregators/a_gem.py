"""A-GEM: the gradient, projected off the reference gradient where they conflict.

[A-GEM] Chaudhry, Ranzato, Rohrbach and Elhoseiny, Efficient lifelong learning with A-GEM, 2019.
"""

import numpy as np

from conformance.torch_runner.aggregation import Aggregation
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.shapes import Direction
from conformance.torch_runner.stacking import stacked


def aggregate(gradient: Direction, *, reference: Direction) -> Aggregation:
    """Direction for a gradient (d,) and a reference gradient (d,).

    ValueError for NaN, infinities and wrong shapes.
    """
    rows = prepared(stacked(gradient=gradient, reference=reference))
    along, square = rows.gramian[0, 1], rows.gramian[1, 1]
    if along >= 0:
        return Aggregation(gradient.detach().clone())
    share = -along / square
    return Aggregation(combined(rows, np.array([1.0, share]), int(rows.exponents[0])))
