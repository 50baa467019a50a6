"""The answer of an aggregator: a direction, and what it was made of."""

from dataclasses import dataclass

import numpy as np
import torch

from conformance.torch_runner.gramian import Rows, combined
from conformance.torch_runner.shapes import Direction, Jacobian, Matrix, TaskGradients, Weights


@dataclass(frozen=True, slots=True)
class Aggregation:
    """A direction (d,) in the jacobian's dtype and on its device, to be subtracted.

    ``weights`` (T,) are those that the method's paper defines, where it defines any;
    ``task_coefficients`` (T, T) make each task's gradient of
    the rows u_j, in units of its own row's power of two; that is only done when it is asked for.
    """

    direction: Direction
    weights: Weights | None = None
    rows: Rows | None = None
    task_coefficients: Matrix | None = None

    @property
    def task_gradients(self) -> TaskGradients | None:
        """Each task's own modified gradient (T, d), or None where the method has none."""
        if self.rows is None or self.task_coefficients is None:
            return None
        pairs = zip(self.task_coefficients, self.rows.exponents.tolist(), strict=True)
        return torch.stack([combined(self.rows, row, exponent) for row, exponent in pairs])


def weights_of(jacobian: Jacobian, weights: Matrix) -> Weights:
    """Weights (T,) in the dtype of the jacobian and on its device."""
    return torch.from_numpy(np.ascontiguousarray(weights)).to(jacobian)
