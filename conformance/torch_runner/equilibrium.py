"""The positive solution of K a = a^-p by damped Newton steps on cosines: Nash-MTL and FairGrad.

With y_i = a_i n_i and C the cosines, y_i (C y)_i = a_i^(1-p) = q_i^2. A relative step h of a has
(BCB + p I) (q h) = q - BCB q with b_i = y_i / q_i: BCB is positive semidefinite, so that the system
is well-conditioned whatever the lengths of the rows. The share t = (1 - (1 + p r)^(-1/p)) / r of
the step, r the largest relative fall, lowers the convex function behind it for sure (for p = 1 the
damped step 1 / (1 + r) of self-concordant functions: Nesterov and Nemirovskii, 1994).
"""

from dataclasses import dataclass

import numpy as np

from conformance.torch_runner.duals import told
from conformance.torch_runner.gramian import Rows
from conformance.torch_runner.shapes import Matrix

STEPS = 400
"""Steps that a search may take; one that doubles the weights each time takes no more than 60."""

NEAR = 2.0**-6
"""Size of a step from which on steps square it, until it stagnates at the level of rounding."""

FARTHEST = 0.9
"""The most that one step takes of a weight: more of it would cancel to nothing."""


@dataclass(frozen=True, slots=True)
class Solution:
    """Coefficients c (T,) and an exponent: sum_i a_i g_i = 2**exponent sum_i c_i u_i."""

    coefficients: Matrix
    exponent: int


def solution(rows: Rows, power: float, method: str) -> Solution:
    """The solution for p = ``power``; ValueError where rounding cannot tell that there is one.

    Lengths are taken in units of the longest row, 2**top, in which the direction has the degree
    (p - 1) / (p + 1). For p = 1 it has none in any row's length, so that all are taken as 1.
    """
    squares = rows.gramian.diagonal()
    if not squares.all():
        row = int(np.argmin(squares))
        message = f"{method} is undefined where a gradient is zero (jacobian row {row})"
        raise ValueError(message)
    lengths = np.sqrt(squares)
    cosines = rows.gramian / (lengths[:, None] * lengths)
    top = int(rows.exponents.max())
    sizes = np.ldexp(lengths, rows.exponents - top) if power != 1 else np.ones(len(lengths))
    gains = balanced(cosines, sizes, power)
    share = gains / gains.sum()
    if not told(share[None], np.array([share @ cosines @ share]), cosines, rows.resolution)[0]:
        message = f"{method} is undefined where 0 lies in the hull of the gradients"
        raise ValueError(message)
    degree = top * (power - 1) / (power + 1)
    whole = int(np.floor(degree))
    return Solution(gains / lengths * 2.0 ** (degree - whole), whole)


def balanced(cosines: Matrix, sizes: Matrix, power: float) -> Matrix:
    """The y = a n (T,) for rows of these lengths; as far as steps lead where there is none."""
    weights = started(cosines, sizes, power)
    last = np.inf
    for _ in range(STEPS):
        step = newton(cosines, sizes, power, weights)
        size, fall = float(np.abs(step).max()), float(-step.min())
        if not size > 0 or (last < NEAR and size >= last / 2):
            break
        if fall > NEAR:
            step *= min(1 - (1 + power * fall) ** (-1 / power), FARTHEST) / fall
        weights, last = weights * (1 + step), size
    gains: Matrix = weights * sizes
    return gains


def newton(cosines: Matrix, sizes: Matrix, power: float, weights: Matrix) -> Matrix:
    """The relative step from weights a (T,)."""
    roots = weights ** ((1 - power) / 2)
    scale = weights * sizes / roots
    matrix = scale[:, None] * cosines * scale
    right = roots - matrix @ roots
    matrix.flat[:: len(matrix) + 1] += power
    try:
        step: Matrix = np.linalg.solve(matrix, right) / roots
    except np.linalg.LinAlgError:
        return np.full(len(roots), np.nan)
    return step


def started(cosines: Matrix, sizes: Matrix, power: float) -> Matrix:
    """What is right for each row alone, all times what is right along that ray."""
    ray = sizes ** (-2 / (1 + power))
    gains = ray * sizes
    square = float(gains @ cosines @ gains)
    mass = float((ray ** (1 - power)).sum())
    factor = (mass / square) ** (1 / (1 + power)) if square > 0 else 1.0
    weights: Matrix = ray * factor
    return weights
