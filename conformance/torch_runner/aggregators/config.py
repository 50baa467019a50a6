"""ConFIG: the direction with equal projections on all unit gradients, as long as their sum says.

[ConFIG] Liu, Chu and Thuerey, ConFIG: towards conflict-free training of physics informed neural
networks, 2024: u is the pseudo-inverse of the unit rows times 1, over its length, and
d = (sum_i <g_i, u>) u. In the cosines C, d = (n'b / 1'x) sum_i x_i g_i / n_i for x = C^+ 1 and
b = C x.
"""

import numpy as np

from conformance.torch_runner.aggregation import Aggregation, weights_of
from conformance.torch_runner.duals import duals, told
from conformance.torch_runner.gramian import Rows, combined, prepared
from conformance.torch_runner.shapes import Jacobian, Matrix


def aggregate(jacobian: Jacobian) -> Aggregation:
    """Direction and weights of a jacobian (T, d).

    ValueError for NaN, infinities and wrong shapes, and where the definition has no answer: for a
    row of zeros, and where the unit rows have no common projection but 0.
    """
    rows = prepared(jacobian)
    if not rows.gramian.diagonal().all():
        row = int(np.argmin(rows.gramian.diagonal()))
        message = f"config is undefined where a gradient is zero (jacobian row {row})"
        raise ValueError(message)
    largest = int(rows.exponents.max())
    coefficients = conflict_free(rows, largest)
    direction = combined(rows, coefficients, largest)
    weights = np.ldexp(coefficients, largest - rows.exponents)
    return Aggregation(direction, weights_of(jacobian, weights))


def conflict_free(rows: Rows, largest: int) -> Matrix:
    """Coefficients (T,) on the u_i, in units of the longest row."""
    lengths = np.sqrt(rows.gramian.diagonal())
    cosines = rows.gramian / np.outer(lengths, lengths)
    sizes = np.ldexp(lengths, rows.exponents - largest)
    beside = duals(cosines)
    if beside is not None and told(*beside, cosines, rows.resolution).all():
        ray = np.linalg.solve(cosines, np.ones(len(lengths)))
        part = np.ones(len(lengths))
    else:
        ray, part = pseudo_inverse(cosines, rows.resolution)
    coefficients: Matrix = (sizes @ part / ray.sum()) * ray / lengths
    return coefficients


def pseudo_inverse(cosines: Matrix, resolution: float) -> tuple[Matrix, Matrix]:
    """C^+ 1 and C C^+ 1, from the eigenvectors whose eigenvalues rounding cannot have made.

    The part of 1 that they reach is known to the Gramian's error over the least of these.
    """
    values, vectors = np.linalg.eigh(cosines)
    kept = values > resolution * np.abs(vectors).sum(axis=0) ** 2
    space, parts = vectors[:, kept], vectors[:, kept].sum(axis=0)
    noise = resolution * len(values) / values[kept].min()
    if not parts @ parts > noise * noise * len(values):
        message = "config is undefined where the unit gradients have no common projection but 0"
        raise ValueError(message)
    return space @ (parts / values[kept]), space @ parts
