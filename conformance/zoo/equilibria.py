"""The positive solution of K a = a^-p in float64, by least squares on the rows themselves.

In relative steps h the equation reads (A'A + p I) (q h) = q - A'(A q), A = U'B for unit rows U,
with b = a^((1+p)/2) n and q = a^((1-p)/2). These are the normal equations of least squares in
[A; sqrt(p) I] (q h) = [0; (q - A'A q) / sqrt(p)]: the Gramian is never formed.
"""

import numpy as np

from conformance.zoo.programs import ROUNDOFF, Array, units

STEPS = 500
NEAR = 0.01


def equilibrium(rows: Array, power: float, name: str) -> tuple[Array, int]:
    """Weights a on the rows as (coefficients, exponent); ValueError where rounding sees none.

    a = coefficients * 2**exponent, up to the whole part of its degree in the rows.
    """
    unit, norms, least = units(rows)
    if not norms.all():
        message = f"{name} is undefined: row {int(np.argmin(norms))} is zero"
        raise ValueError(message)
    weights = settled(unit, np.ones(len(norms)) if power == 1 else norms, power)
    gains = weights if power == 1 else weights * norms
    share = gains / gains.sum()
    if not np.linalg.norm(share @ unit) > 8 * ROUNDOFF * len(rows):
        message = f"{name} is undefined: 0 lies in the hull of the rows"
        raise ValueError(message)
    if power == 1:
        return gains / norms, -least
    degree = -2 * least / (1 + power)
    return weights * 2.0 ** (degree - np.floor(degree)), int(np.floor(degree))


def settled(unit: Array, norms: Array, power: float) -> Array:
    """The weights at which steps no longer shrink, from what is right for each row alone."""
    weights = norms ** (-2 / (1 + power))
    total = np.linalg.norm((weights * norms) @ unit)
    if total > 0:
        weights = weights * ((weights ** (1 - power)).sum() / total**2) ** (1 / (1 + power))
    last = np.inf
    for _ in range(STEPS):
        step = relative(unit, norms, power, weights)
        size, fall = np.abs(step).max(), -step.min()
        if not np.isfinite(size) or size == 0 or (last < NEAR and size >= last / 2):
            break
        weights = weights * (1 + step / (1 + (1 + power) * max(fall, 0.0)))
        last = size
    return weights


def relative(unit: Array, norms: Array, power: float, weights: Array) -> Array:
    """The relative step of Newton's method."""
    roots = weights ** ((1 - power) / 2)
    columns = unit.T * (weights * norms / roots)
    root = np.sqrt(power)
    matrix = np.vstack([columns, root * np.eye(len(weights))])
    missing = roots - columns.T @ (columns @ roots)
    right = np.concatenate([np.zeros(len(columns)), missing / root])
    grown: Array = np.linalg.lstsq(matrix, right, rcond=None)[0]
    return grown / roots
