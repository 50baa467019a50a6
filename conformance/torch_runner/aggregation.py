"""The answer of an aggregator: a direction, and what it was made of; or weights alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from conformance.torch_runner.gramian import Rows, combined
from conformance.torch_runner.shapes import Direction, Jacobian, Matrix, TaskGradients, Weights


@dataclass(frozen=True, slots=True)
class Aggregation:
    """A direction (d,) in the jacobian's dtype and on its device, to be subtracted.

    ``weights`` (T,) are those that the method's paper defines, where it defines any;
    ``task_coefficients`` (T, T) make each task's gradient of
    the rows u_j, in units of its own row's power of two; that is only done when it is asked for.
    ``outputs`` are those of other names; ``state`` is what a stateful method takes at its next
    step; ``parts`` are the answers on ranges of columns that were handled by themselves.
    """

    direction: Direction
    weights: Weights | None = None
    rows: Rows | None = None
    task_coefficients: Matrix | None = None
    outputs: Mapping[str, Tensor] = field(default_factory=dict)
    state: Mapping[str, Any] | None = None
    parts: "tuple[Aggregation, ...]" = ()

    @property
    def task_gradients(self) -> TaskGradients | None:
        """Each task's own modified gradient (T, d), or None where the method has none."""
        if self.parts:
            found = [part.task_gradients for part in self.parts]
            return torch.cat([part for part in found if part is not None], dim=1)
        if "task_gradients" in self.outputs:
            return self.outputs["task_gradients"]
        if self.rows is None or self.task_coefficients is None:
            return None
        pairs = zip(self.task_coefficients, self.rows.exponents.tolist(), strict=True)
        return torch.stack([combined(self.rows, row, exponent) for row, exponent in pairs])

    def output(self, name: str) -> Tensor | None:
        """An output by its name; None where the method gives none at this input."""
        if name in self.outputs:
            return self.outputs[name]
        given: Tensor | None = getattr(self, name, None)
        return given


@dataclass(frozen=True, slots=True)
class Weighting:
    """The answer of a method that weighs losses and gives no direction.

    ``outputs`` are those of other names than ``weights`` (T,); ``state`` is what a stateful method
    takes at its next step.
    """

    weights: Weights | None = None
    outputs: Mapping[str, Tensor] = field(default_factory=dict)
    state: Mapping[str, Any] | None = None

    def output(self, name: str) -> Tensor | None:
        """An output by its name; None where the method gives none at this input."""
        return self.weights if name == "weights" else self.outputs.get(name)


def weights_of(jacobian: Jacobian, weights: Matrix) -> Weights:
    """Weights (T,) in the dtype of the jacobian and on its device."""
    return torch.from_numpy(np.ascontiguousarray(weights)).to(jacobian)
