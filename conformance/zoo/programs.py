"""The convex programs behind MGDA and CAGrad in float64, solved face by face of the simplex.

Rows are scaled to unit length first, so that rows of any size are treated alike. Of all faces the
one is kept whose point satisfies the optimality conditions best: no threshold says when a
condition holds. The 2**T faces limit this to ``MOST_TASKS`` tasks.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_TASKS = 12
ROUNDOFF = float(np.finfo(np.float64).eps)


def balanced(rows: Array) -> tuple[Array, NDArray[np.intc]]:
    """Rows scaled exactly to a largest entry in [1/2, 1), and the exponents taken out."""
    exponents = np.frexp(np.abs(rows).max(axis=1, initial=0.0))[1]
    return np.ldexp(rows, -exponents[:, None]), exponents


def common(rows: Array) -> tuple[Array, int]:
    """All rows scaled by one power of two to a largest entry in [1/2, 1), and its exponent."""
    exponent = int(np.frexp(np.abs(rows).max(initial=0.0))[1])
    return np.ldexp(rows, -exponent), exponent


def units(rows: Array) -> tuple[Array, Array, int]:
    """Unit rows (zero rows stay zero), and the norms as norms * 2**exponent, the least >= 1/2.

    A norm too large for that scale is infinite, and its reciprocal zero, as it should be.
    """
    scaled, exponents = balanced(rows)
    norms = np.linalg.norm(scaled, axis=1)
    divisors = np.where(norms > 0, norms, 1.0)
    least = int(exponents[norms > 0].min(initial=0)) if norms.any() else 0
    with np.errstate(over="ignore"):
        return scaled / divisors[:, None], np.ldexp(norms, exponents - least), least


def faces(tasks: int) -> Iterator[list[int]]:
    """All supports of weights over the tasks, the small ones first."""
    if tasks > MOST_TASKS:
        message = f"this backend enumerates faces: at most {MOST_TASKS} tasks (got {tasks})"
        raise NotImplementedError(message)
    for size in range(1, tasks + 1):
        yield from map(list, combinations(range(tasks), size))


def affine_nearest(unit: Array, shares: Array) -> Array:
    """Coefficients t with shares @ t = 1 that make t @ unit shortest: least squares along a QR."""
    basis, corner = np.linalg.qr(shares[:, None], mode="complete")
    start, along = basis[:, 0] / corner[0, 0], basis[:, 1:]
    shift = np.linalg.lstsq(unit.T @ along, -(start @ unit), rcond=None)[0]
    nearest: Array = start + along @ shift
    return nearest


def shortest(unit: Array, shares: Array) -> Array:
    """Coefficients t >= 0 on unit rows with shares @ t = 1 that make t @ unit shortest.

    The point of the convex hull of unit / shares nearest to the origin, by its optimality
    conditions <u_i, d> >= |d|^2 shares_i with equality where t_i > 0.
    """
    best, least = np.zeros(len(unit)), np.inf
    for face in filter(lambda face: shares[face].any(), faces(len(unit))):
        t = np.zeros(len(unit))
        t[face] = affine_nearest(unit[face], shares[face])
        direction = t @ unit
        slack = unit @ direction - (direction @ direction) * shares
        off = np.delete(slack, face)
        defect = max(np.abs(slack[face]).max(), -off.min(initial=0.0), -t.min())
        if defect < least:
            best, least = np.maximum(t, 0.0), defect
    return best / (shares @ best)


def on_ball(unit: Array, shares: Array, centre: Array, radius: float) -> Array:
    """Coefficients t >= 0 on unit rows that maximise min <u_i, centre + t @ unit> / shares_i.

    The length of t @ unit is the radius. In orthonormal coordinates of a face, with unit = R'Q',
    the step is level * z - y for z = R'^-1 shares and y = Q' centre, and its length tells the
    level.
    """
    best, least = np.zeros(len(unit)), np.inf
    for face in faces(len(unit)):
        basis, corner = np.linalg.qr(unit[face].T)
        t = np.zeros(len(unit))
        try:
            z, y = np.linalg.solve(corner.T, shares[face]), basis.T @ centre
            middle = (z @ y) / (z @ z)
            room = radius**2 - np.sum((middle * z - y) ** 2)
            if not room >= 0:
                continue
            level = middle + np.sqrt(room / (z @ z))
            t[face] = np.linalg.solve(corner, level * z - y)
        except np.linalg.LinAlgError:
            continue
        step = t @ unit
        slack = unit @ (centre + step) - level * shares
        off = np.delete(slack, face)
        short = abs(np.linalg.norm(step) - radius)
        defect = max(np.abs(slack[face]).max(), -off.min(initial=0.0), -t.min(), short)
        if defect < least:
            best, least = t, defect
    return np.maximum(best, 0.0)


def cone_projection(unit: Array, vector: Array) -> Array:
    """Coefficients t >= 0 on unit rows such that vector + t @ unit is nearest and in their cone."""
    best, least = np.zeros(len(unit)), max(-(unit @ vector).min(), 0.0)
    for face in faces(len(unit)):
        t = np.zeros(len(unit))
        t[face] = np.linalg.lstsq(unit[face].T, -vector, rcond=None)[0]
        defect = max(-(unit @ (vector + t @ unit)).min(), -t.min())
        if defect < least:
            best, least = np.maximum(t, 0.0), defect
    return best


def ascent(rows: Array, centre: Array, radius: float) -> Array:
    """Weights v >= 0 (T,) on rows such that centre + v @ rows answers CAGrad on that ball."""
    unit, norms, exponent = units(rows)
    nonzero = norms > 0
    if not (radius > 0 and nonzero.any()):
        return np.zeros(len(rows))
    unit, norms = unit[nonzero], norms[nonzero]
    shares = norms.min() / norms
    nearest = shortest(unit, shares)
    t = np.zeros(len(unit))
    stationary = np.linalg.norm(nearest @ unit) <= 4 * ROUNDOFF * nearest.sum()
    if stationary:
        # The best level is 0 if the cone of directions without loss meets the ball.
        t = cone_projection(unit, centre)
    if not stationary or np.linalg.norm(t @ unit) > radius * (1 + 4 * ROUNDOFF):
        t = on_ball(unit, shares, centre, radius)
    weights = np.zeros(len(rows))
    weights[nonzero] = np.ldexp(t / norms, -exponent)
    return weights
