"""The faces of a hull on which its shortest vector lies: whether its weights are free to move.

The shortest vector of a hull is unique; its weights are where no combination of the rows that it
touches is zero. A method that applies the weights to other vectors than those of the hull has one
answer only if all of these weights give the same.
"""

from collections.abc import Sequence
from typing import Final

from flint import fmpq, fmpq_mat

from mtl_reference.enclosure import Number, Vector, decide, enclose
from mtl_reference.pairing import times
from mtl_reference.rational import RationalVector, nullspace
from mtl_reference.simplex import least_distance, minimum_norm, principal

_BITS: Final = 512  # at which refinable numbers are taken for rationals
_NEAR: Final = fmpq(1, 2**400)  # relative square below which a distance of such counts as none


def free(
    gramian: fmpq_mat, positive: Sequence[int], touching: Sequence[int]
) -> tuple[RationalVector, ...]:
    """Combinations z (T,) of the rows that are zero and by which right multipliers y may move.

    ``positive`` are the rows with y > 0, ``touching`` all that may have y > 0 at an optimum. They
    span all directions in which the set of right multipliers extends.
    """
    tasks = gramian.nrows()
    beside = [task for task in touching if task not in positive]
    rest = _beside(gramian, beside, _basis(gramian, positive))
    units = [tuple(fmpq(int(i == j)) for j in range(len(beside))) for i in range(len(beside))]
    grown = [t for t, unit in zip(beside, units, strict=True) if least_distance(rest, unit) is None]
    support = sorted([*positive, *grown])
    found = []
    for vector in nullspace(principal(gramian, support)):
        told = dict(zip(support, vector, strict=True))
        found.append(tuple(told.get(task, fmpq(0)) for task in range(tasks)))
    return tuple(found)


def same_image(gramian: fmpq_mat, weights: Vector, moves: Sequence[Vector]) -> bool:
    """Whether all weights w + move / (mass of it) give the same combination of the rows.

    ``gramian`` is that of the rows that are combined; a move's own mass is taken off by w.
    """
    whole = _added(weights)
    for move in moves:
        mass = _added(move)
        pairs = zip(move, weights, strict=True)
        change = tuple(m * whole - mass * w for m, w in pairs)
        if any(decide(entry) != 0 for entry in times(gramian, change)):
            return False
    return True


def in_hull(gramian: fmpq_mat, sides: Sequence[fmpq], square: fmpq) -> bool:
    """Whether a vector x lies in the hull of rows: <g_i, x> are ``sides``, |x|^2 is ``square``.

    Up to what is lost where numbers were taken for rationals.
    """
    tasks = gramian.nrows()
    moved = [
        [gramian[i, j] - sides[i] - sides[j] + square for j in range(tasks)] for i in range(tasks)
    ]
    weights = fmpq_mat(tasks, 1, minimum_norm(fmpq_mat(moved)))
    distance = (weights.transpose() * fmpq_mat(moved) * weights)[0, 0]
    largest = max(gramian[task, task] for task in range(tasks))
    return bool(distance <= _NEAR * largest)


def near_rational(number: Number) -> fmpq:
    """A number as a rational: itself, or the middle of a ball of 512 bits."""
    if isinstance(number, fmpq):
        return number
    mantissa, exponent = enclose(number, _BITS).mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def _added(numbers: Vector) -> Number:
    total: Number = fmpq(0)
    for number in numbers:
        total = total + number
    return total


def _basis(gramian: fmpq_mat, rows: Sequence[int]) -> list[int]:
    """Independent rows among some, with the same span."""
    kept: list[int] = []
    for task in rows:
        if principal(gramian, [*kept, task]).rank() > len(kept):
            kept.append(task)
    return kept


def _beside(gramian: fmpq_mat, rows: Sequence[int], basis: Sequence[int]) -> fmpq_mat:
    """The Gramian of what the span of a basis leaves of some rows."""
    size = len(rows)
    block = fmpq_mat(size, size, [gramian[i, j] for i in rows for j in rows])
    if not basis or not rows:
        return block
    cross = fmpq_mat(size, len(basis), [gramian[i, j] for i in rows for j in basis])
    return block - cross * principal(gramian, basis).inv() * cross.transpose()
