"""Projections on the cone of all x that conflict with no row: the solver behind UPGrad and GEM."""

import numpy as np
from numpy.typing import NDArray

from conformance.torch_runner.nonnegative import EXCHANGES, UNIT, dominated, minimiser
from conformance.torch_runner.shapes import Matrix

Supports = NDArray[np.bool_]

HALVINGS = 60
"""Steps that each halve an error, after which none is left of it in float64."""

LOOK = 4
"""Steps after which it is asked whether that is so already."""


def onto_cone(gramian: Matrix, offsets: Matrix) -> Matrix:
    """Multipliers z >= 0 (k, T) such that v_k + z_k'U is the point of the cone nearest to v_k.

    ``offsets`` (k, T) are the products <u_i, v_k>. The active rows are guessed for all v_k at
    once, and where that does not settle found for one after the other.
    """
    found = np.zeros(offsets.shape)
    conflicting = offsets < 0
    if not conflicting.any():
        return found
    swept = contracted(gramian, -offsets)
    if swept is not None:
        return swept
    asked = np.flatnonzero(conflicting.any(axis=1))
    solutions, settled = exchanged(gramian, -offsets[asked])
    found[asked[settled]] = solutions[settled]
    for place in asked[~settled]:
        found[place] = minimiser(gramian, -offsets[place])
    return found


def contracted(gramian: Matrix, linear: Matrix) -> Matrix | None:
    """The minimisers of z'Cz/2 - linear_k'z over z >= 0 where the diagonal of C outweighs the rest.

    Each z_j in turn minimises while the others stand, all at once (Jacobi): where no row has more
    than half of its diagonal beside it, that halves the error at least, and the last step is no
    longer than rounding. None elsewhere.
    """
    if not dominated(gramian):
        return None
    diagonal = gramian.diagonal()
    beside = gramian / diagonal
    beside.flat[:: len(gramian) + 1] = 0
    alone = linear / diagonal
    found: Matrix = np.maximum(alone, 0)
    for _ in range(0, HALVINGS, LOOK):
        for _ in range(LOOK - 1):
            found = np.maximum(alone - found @ beside, 0)
        last, found = found, np.maximum(alone - found @ beside, 0)
        if (np.abs(found - last) <= UNIT * np.abs(found).max()).all():
            break
    return found


def exchanged(gramian: Matrix, linear: Matrix) -> tuple[Matrix, Supports]:
    """The minimisers of z'Cz/2 - linear_k'z over z >= 0 by block pivoting; which of them settled.

    All start from the rows that conflict, and exchange all wrong indices at once.
    """
    supports: Supports = linear > 0
    solutions, settled = np.zeros(linear.shape), np.zeros(len(linear), dtype=np.bool_)
    open_ = np.arange(len(linear))
    unit = len(gramian) * np.finfo(np.float64).eps
    for _ in range(EXCHANGES):
        found, regular = on_supports(gramian, linear[open_], supports[open_])
        slope = linear[open_] - found @ gramian
        rounding = unit * (np.abs(found) @ np.abs(gramian) + np.abs(linear[open_]))
        wrong = np.where(supports[open_], found < 0, slope > rounding)
        done = regular & ~wrong.any(axis=1)
        solutions[open_[done]], settled[open_[done]] = found[done], True
        open_, wrong = open_[regular & ~done], wrong[regular & ~done]
        if not len(open_):
            break
        supports[open_] ^= wrong
    return solutions, settled


def on_supports(gramian: Matrix, linear: Matrix, supports: Supports) -> tuple[Matrix, Supports]:
    """Solve C_SS z_S = linear_S for each support, zero elsewhere; which of them are regular.

    A support is regular if elimination leaves more of each row than rounding could (see
    `nonnegative.independent`).
    """
    size = len(gramian)
    both = supports[:, :, None] & supports[:, None, :]
    parts = np.where(both, gramian, np.eye(size))
    solutions, regular = np.zeros(linear.shape), np.zeros(len(linear), dtype=np.bool_)
    try:
        factors = np.linalg.cholesky(parts)
        pivots = np.diagonal(factors, axis1=1, axis2=2)
        combinations = np.linalg.inv(factors) * pivots[:, :, None]
        errors = size * np.finfo(np.float64).eps * (combinations**2).sum(axis=2)
        regular = (pivots**2 > errors).all(axis=1)
        right = np.where(supports, linear, 0.0)[regular, :, None]
        solutions[regular] = np.linalg.solve(parts[regular], right)[:, :, 0]
    except np.linalg.LinAlgError:  # one of them is singular as it stands: each by itself, then
        regular[:] = False
    return solutions, regular
