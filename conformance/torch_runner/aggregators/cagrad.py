"""CAGrad: the direction near the mean gradient that serves the worst-off task best.

[CAGrad] Liu, Liu, Jin, Stone and Liu, Conflict-averse gradient descent for multi-task learning,
2021: maximise min_i <g_i, d> over ||d - g0|| <= c ||g0||, g0 the mean.

Written as d = g0 + sum_i z_i u_i with z >= 0, the conditions are that y = C z + m - mu t >= 0,
z'y = 0 and z'C z = kappa^2, where m_i = <u_i, g0>, kappa = c ||g0|| and mu t_i stands for the value
min_i <g_i, d> seen from row i. For a given mu that is the point nearest to g0 at which every task
has at least the value, so its distance grows with mu, and the support found, mu is the root of a
quadratic.
"""

from dataclasses import dataclass, replace

import numpy as np

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.aggregators.mgda import scales, shortest
from conformance.torch_runner.duals import told
from conformance.torch_runner.gramian import Rows, combined, prepared
from conformance.torch_runner.nonnegative import (
    EXCHANGES,
    Support,
    independent,
    minimiser,
    on_support,
    wanted,
)
from conformance.torch_runner.shapes import Jacobian, Matrix

STEPS = 200
"""Steps that enclosing the value may take; halving alone would settle it in 64."""


@dataclass(frozen=True, slots=True)
class Program:
    """The program in Gram form: C, m, t and kappa, in units of the longest row."""

    gramian: Matrix
    mean_products: Matrix
    scale: Matrix
    radius: float


def aggregate(jacobian: Jacobian, *, c: float = 0.5) -> Aggregation:
    """Direction and its weights on the rows of a jacobian (T, d), for c >= 0.

    At a Pareto-stationary point several directions may be best: it is zero for c >= 1, else
    the one nearest to the mean. ValueError for NaN, infinities, wrong shapes and c < 0.
    """
    rows = prepared(jacobian)
    largest = int(rows.exponents.max())
    coefficients = conflict_averse(rows, largest, c)
    direction = combined(rows, coefficients, largest)
    weights = np.ldexp(coefficients, largest - rows.exponents)
    return Aggregation(direction, weights_of(jacobian, weights))


def conflict_averse(rows: Rows, largest: int, c: float, shares: Matrix | None = None) -> Matrix:
    """Coefficients (T,) on the u_i, in units of the longest row, for c >= 0.

    ``shares`` are those of the rows in g0; without them they are 1/T.
    """
    if not 0 <= c < np.inf:
        message = f"c must be a number, at least 0 (got {c})"
        raise ValueError(message)
    equal = 1 / len(rows.gramian)
    mean = np.ldexp(equal if shares is None else shares, rows.exponents - largest)
    products = rows.gramian @ mean
    square = float(mean @ products)
    if c == 0 or square <= 0:
        return mean
    if len(mean) == 1:
        return mean * (1 + c)
    # A zero row bounds the value by zero and moves nothing: what is best without it is an answer.
    kept = rows.gramian.diagonal() > 0
    others = replace(rows, gramian=rows.gramian[np.ix_(kept, kept)], exponents=rows.exponents[kept])
    radius = c * np.sqrt(square)
    program = Program(others.gramian, products[kept], scales(others), radius)
    coefficients = mean.copy()
    coefficients[kept] += best(others, program, mean[kept], c)
    return coefficients


def best(rows: Rows, program: Program, mean: Matrix, c: float) -> Matrix:
    """The z (T,) of rows that are not zero."""
    regular = independent(rows.gramian, rows.resolution)
    guess = guessed(program) if c < 1 or regular else None
    if guess is not None:
        return guess
    if regular or not stationary(rows):
        return added(program, np.inf)
    return -mean if c >= 1 else nearest(program)


def stationary(rows: Rows) -> bool:
    """Whether the shortest vector of the hull cannot be told from zero."""
    coefficients = shortest(rows)
    square = np.array([coefficients @ rows.gramian @ coefficients])
    return not told(coefficients[None], square, rows.gramian, rows.resolution)[0]


def nearest(program: Program) -> Matrix:
    """The z (T,) at a stationary point, where no value above zero can be had.

    The point nearest to g0 at which no task loses, if it is in the ball; else mu < 0.
    """
    solution = minimiser(program.gramian, -program.mean_products)
    if solution @ program.gramian @ solution <= program.radius**2:
        return solution
    return added(program, 0.0)


def added(program: Program, ceiling: float) -> Matrix:
    """The z (T,) with the best value mu, which is below ``ceiling``: guessed, or enclosed."""
    guess = guessed(program)
    return enclosed(program, ceiling) if guess is None else guess


def guessed(program: Program) -> Matrix | None:
    """The z (T,) by block pivoting: the whole support, and all wrong indices exchanged at once.

    All of it comes from the one Gramian, whose errors then cancel where the mean does: c g0 by
    rows that nearly oppose each other is c/T of each row, however little is known of ||g0||.
    """
    support: Support = np.ones(len(program.scale), dtype=np.bool_)
    for _ in range(EXCHANGES):
        found = on_piece(program, support)
        if found is None:
            return None
        solution, _, wrong = found
        if not wrong.any():
            return solution
        support ^= wrong
    return None


def on_piece(program: Program, support: Support) -> tuple[Matrix, float, Support] | None:
    """z, mu and the indices that are on the wrong side, if the support were right.

    z = mu x - y with C x = t and C y = m on the support, so z'C z = kappa^2 is a quadratic in
    mu with its minimum rho^2 at mu0; the larger root is the one at which the value is best.
    """
    right = np.stack((program.scale, program.mean_products), axis=1)
    pair = on_support(program.gramian, right, support)
    if pair is None or not support.any():
        return None
    slope, offset = pair.T
    growth = program.scale @ slope
    if not growth > 0:
        return None
    lowest = (program.scale @ offset) / growth
    start = lowest * slope - offset
    rest = program.radius**2 - start @ program.gramian @ start
    if not rest >= 0:
        return None
    rise = np.sqrt(rest / growth)
    value, solution = lowest + rise, start + rise * slope
    square, unit = np.array([program.radius**2]), len(solution) * np.finfo(np.float64).eps
    if not told(solution[None], square, program.gramian, unit)[0]:
        return None  # the rows of the support depend on each other, and their null vector grew
    linear = value * program.scale - program.mean_products
    outside = wanted(program.gramian, linear, solution)
    return solution, value, np.where(support, solution < 0, outside)


def enclosed(program: Program, ceiling: float) -> Matrix:
    """The z (T,) by enclosing mu, with which the distance from g0 grows.

    Each support has a root mu; a single task's is an upper bound. Each mu tried yields a support,
    whose own root is tried next if it lies inside the bounds, and the middle if not.
    """
    ratios = program.mean_products / program.scale
    low, high = float(ratios.min()), ceiling
    found = on_piece(program, ratios == low)
    value = low if found is None else found[1]
    best = np.zeros(len(ratios))
    for _ in range(STEPS):
        value = value if low < value < high else between(low, high)
        solution = minimiser(program.gramian, value * program.scale - program.mean_products)
        if solution @ program.gramian @ solution <= program.radius**2:
            low, best = value, solution
        else:
            high = value
        found = on_piece(program, solution > 0)
        if found is not None and not found[2].any():
            return found[0]
        value = low if found is None else found[1]
    return best


def between(low: float, high: float) -> float:
    """A number between the bounds, of which the upper one may be infinite."""
    return low + 2 * abs(low) + 1 if high == np.inf else (low + high) / 2
