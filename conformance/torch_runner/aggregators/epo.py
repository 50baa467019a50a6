"""EPO search: weights by a linear program that balances the losses, or descends.

[EPO] Mahapatra and Rajan, Multi-task learning with user preferences, 2020.
"""

import numpy as np
from torch import Tensor

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.linear import best
from conformance.torch_runner.shapes import Jacobian, Matrix
from conformance.torch_runner.stacking import checked

MODES = ("restricted", "relaxed")
EPSILON = np.finfo(np.float64).eps


def aggregate(
    jacobian: Jacobian,
    *,
    losses: Tensor,
    preference: Tensor,
    mode: str = "restricted",
    threshold: float = 2.0**-13,
) -> Aggregation:
    """Direction and weights on the simplex for rows (T, d), losses (T,) and a preference (T,).

    ValueError for NaN, infinities, wrong shapes, numbers that are not positive, an unknown mode,
    and where no weights keep the constraints.
    """
    if mode not in MODES:
        message = f"mode must be one of {', '.join(map(repr, MODES))} (got {mode!r})"
        raise ValueError(message)
    rows = prepared(jacobian)
    largest = int(rows.exponents.max())
    scale = np.ldexp(1.0, rows.exponents - largest)
    gramian = rows.gramian * np.outer(scale, scale)
    values = positive("losses", losses, len(gramian))
    weights = solved(gramian, values, positive("preference", preference, len(gramian)),
                    mode, threshold)  # fmt: skip
    return Aggregation(combined(rows, weights * scale, largest), weights_of(jacobian, weights))


def positive(name: str, values: Tensor, tasks: int) -> Matrix:
    """A vector of T positive numbers in float64; ValueError where it is none."""
    found: Matrix = checked(name, values.detach()).double().cpu().numpy()[0]
    if values.ndim != 1 or len(found) != tasks or not (found > 0).all():
        message = f"{name} must be {tasks} positive numbers (got {found.tolist()})"
        raise ValueError(message)
    return found


def solved(
    gramian: Matrix, losses: Matrix, preference: Matrix, mode: str, threshold: float
) -> Matrix:
    """Weights (T,) for a Gramian in any unit."""
    weighed = preference * losses
    logs = np.log(len(losses) * (weighed / weighed.sum()))
    imbalance = float(weighed / weighed.sum() @ logs)
    shares = preference * (logs - imbalance)
    pulled, lengths = gramian @ shares, np.sqrt(gramian.diagonal())
    lengths = np.where(lengths > 0, lengths, lengths.max() or 1.0)
    if imbalance > threshold:
        if not (pulled > 0).any():
            return best(pulled, gramian, np.zeros(len(losses)), lengths)
        largest = weighed == weighed.max()
        kept = largest | (pulled <= 0)
        return best(pulled, gramian[kept], np.where(largest, 0.0, pulled)[kept], lengths)
    rows, bounds = gramian, np.zeros(len(losses))
    if mode == "restricted":
        try:
            level = min(0.0, pulled.max())
            held = np.vstack((rows, pulled)), np.append(bounds, level)
            return best(gramian.sum(axis=0), *held, lengths)
        except ValueError:
            # At a stationary point only b'Ca = 0 is left, which rounding of Ca may lose.
            level -= 8 * len(losses) * EPSILON * (np.abs(gramian) @ np.abs(shares)).max()
            rows, bounds = np.vstack((rows, pulled)), np.append(bounds, level)
    return best(gramian.sum(axis=0), rows, bounds, lengths)
