"""IMTL: losses scaled by IMTL-L, then combined by IMTL-G with equal projections.

[IMTL] Liu, Li, Kuang, Xue, Chen, Yang, Liao and Zhang, Towards impartial multi-task learning,
2021. In Gram form: K c = t n with sum_i c_i e^-s_i = 1, n the lengths of the rows.
"""

import numpy as np

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.aggregators.imtl_g import impartial
from conformance.torch_runner.gramian import combined, prepared
from conformance.torch_runner.losses import Losses, above_zero, each
from conformance.torch_runner.shapes import Jacobian


def aggregate(
    jacobian: Jacobian,
    *,
    losses: Losses | None = None,
    log_scales: Losses | None = None,
    scales: str = "optimum",
) -> Aggregation:
    """Direction and weights on the rows of a jacobian (T, d), for losses (T,) or log-scales (T,).

    ``scales`` is "optimum", which uses the losses, or "given", which uses the log-scales.
    ValueError for another choice, NaN and infinities, wrong shapes, a row of zeros, and losses that
    are not positive.
    """
    rows = prepared(jacobian)
    tasks = len(rows.gramian)
    if not rows.gramian.diagonal().all():
        row = int(np.argmin(rows.gramian.diagonal()))
        message = f"imtl is undefined where a gradient is zero (jacobian row {row})"
        raise ValueError(message)
    if scales not in {"optimum", "given"}:
        message = f"scales must be 'optimum' or 'given' (got {scales!r})"
        raise ValueError(message)
    values = np.ones(tasks) if losses is None else each("losses", losses, tasks)
    logs = np.zeros(tasks) if log_scales is None else each("log_scales", log_scales, tasks)
    if scales == "optimum":
        above_zero("losses", values, "imtl")
    prices = values if scales == "optimum" else np.exp(-logs)
    unit = int(np.frexp(prices.max())[1])
    smallest = int(rows.exponents.min())
    scale = np.ldexp(1.0, smallest - rows.exponents)
    coefficients = impartial(rows, scale * np.ldexp(prices, -unit))
    direction = combined(rows, coefficients, smallest - unit)
    return Aggregation(direction, weights_of(jacobian, np.ldexp(coefficients * scale, -unit)))
