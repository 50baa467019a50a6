"""The rotation nearest to a square matrix (the Procrustes problem in SO(m)), in proved balls.

For M of shape (m, m) the rotation R with the largest trace of R'M is unique where the sum of the
two least of its signed singular values is positive. For m = 2 it has a closed form. For m = 3 the
trace is a quadratic form in the rotation's quaternion q, and R linear in the projector q q', which
is (1 + sign(K - t)) / 2 with t between the two largest eigenvalues of the form K; sign is the polar
factor of a symmetric matrix. For m > 3 R is the polar factor of M where det M > 0; where det M < 0
that factor Q is no rotation, and R = Q sign(Q'M - t) with t between the least singular value and
the next; where M is singular none is found. Polar factors are found by Newton's iteration on
midpoints, X <- (X + X^-T) / 2, and proved by a bound on how far the factor moves: |U(A) - U(B)| <=
2 |A - B| / (s(A) + s(B)) in Frobenius norms, s the least singular value ([Li95] R.-C. Li, New
perturbation bounds for the unitary polar factor, 1995).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from flint import arb, arb_mat, ctx

from mtl_reference.enclosure import Number, Real, enclose

_STEPS: Final = 400  # of bisection, and of Newton's iteration: the precision ends both before
_KNOWN_BITS: Final = 512  # where balls of so many bits tell no rotation, none is the nearest


def nearest_rotation(matrix: Sequence[Sequence[Number]]) -> tuple[tuple[Real, ...], ...] | None:
    """The rotation with the largest trace of R'M, refinable; None where it is not unique.

    Balls decide that: matrices nearer to such a one than 512 bits tell are taken for it.
    """
    size = len(matrix)

    @lru_cache(maxsize=16)
    def at(bits: int) -> arb_mat:
        entries = [enclose(entry, bits) for row in matrix for entry in row]
        with ctx.workprec(bits):
            return rotation(arb_mat(size, size, entries))

    if not all(entry.is_finite() for entry in at(_KNOWN_BITS).entries()):
        return None

    def entry(row: int, column: int) -> Real:
        return Real(lambda bits: at(bits)[row, column])

    return tuple(tuple(entry(row, column) for column in range(size)) for row in range(size))


def rotation(matrix: arb_mat) -> arb_mat:
    """The nearest rotation in balls at the working precision; nan where that does not tell it."""
    size = matrix.nrows()
    if size == 1:
        return arb_mat(1, 1, [1])
    if size == 2:  # noqa: PLR2004  (the plane)
        return _of_the_plane(matrix)
    if size == 3:  # noqa: PLR2004  (space)
        return _of_space(matrix)
    factor = polar(matrix)
    if not matrix.det() < 0:
        return factor if matrix.det() > 0 else _unknown(size)
    symmetric = _symmetric(factor.transpose() * matrix)
    return factor * _flip(symmetric)


def polar(matrix: arb_mat) -> arb_mat:
    """The orthogonal polar factor of a nonsingular matrix in balls; nan where it is not proved."""
    size = matrix.nrows()
    factor = _newton(matrix.mid())
    if factor is None:
        return _unknown(size)
    stretch = _symmetric(factor.transpose() * matrix).mid()
    if not all(_leading(stretch, k).det() > 0 for k in range(1, size + 1)):
        return _unknown(size)
    off = _frobenius(factor.transpose() * factor - _identity(size))
    apart = _frobenius(matrix - factor * stretch) + off * _frobenius(stretch)
    reach = off + 2 * apart * _frobenius(stretch.inv())
    if not reach.is_finite():
        return _unknown(size)
    widened = arb(0, reach.upper())
    return arb_mat(size, size, [entry + widened for entry in factor.entries()])


def _of_the_plane(matrix: arb_mat) -> arb_mat:
    along, across = matrix[0, 0] + matrix[1, 1], matrix[1, 0] - matrix[0, 1]
    length = (along * along + across * across).sqrt()
    return arb_mat(2, 2, [along, -across, across, along]) * (1 / length)


def _of_space(matrix: arb_mat) -> arb_mat:
    """By the quaternion q = (w, x, y, z): trace R'M = q'Kq."""
    (a, b, c), (d, e, f), (g, h, i) = matrix.tolist()
    form = arb_mat(
        [
            [a + e + i, h - f, c - g, d - b],
            [h - f, a - e - i, b + d, c + g],
            [c - g, b + d, e - a - i, f + h],
            [d - b, c + g, f + h, i - a - e],
        ]
    )
    flip = _flip(form * arb(-1))
    (ww, wx, wy, wz), (_, xx, xy, xz), (_, _, yy, yz), (_, _, _, zz) = (
        (_identity(4) - flip) * arb(0.5)
    ).tolist()
    return arb_mat(
        [
            [ww + xx - yy - zz, 2 * (xy - wz), 2 * (xz + wy)],
            [2 * (xy + wz), ww - xx + yy - zz, 2 * (yz - wx)],
            [2 * (xz - wy), 2 * (yz + wx), ww - xx - yy + zz],
        ]
    )


def _flip(symmetric: arb_mat) -> arb_mat:
    """The reflection along the eigenvector of the least eigenvalue; nan if that is not alone."""
    size = symmetric.nrows()
    between = _between_least(symmetric)
    if between is None:
        return _unknown(size)
    flip = polar(symmetric - _identity(size) * between)
    trace = sum((flip[k, k] for k in range(size)), arb(0))
    return flip if abs(trace - (size - 2)) < 1 else _unknown(size)


def _newton(matrix: arb_mat) -> arb_mat | None:
    """Newton's iteration on midpoints until it stands; None where it meets a singular matrix."""
    size = _frobenius(matrix)
    if not size > 0:
        return None
    current = (matrix * (1 / size)).mid()
    for _ in range(_STEPS):
        try:
            following = ((current + current.inv().transpose()) * arb(0.5)).mid()
        except ZeroDivisionError:
            return None
        moved = _frobenius(following - current)
        current = following
        if moved < arb(2) ** (8 - ctx.prec):
            return current
    return None


def _between_least(symmetric: arb_mat) -> arb | None:
    """A number with one eigenvalue of a symmetric matrix below it; None if not found."""
    size = symmetric.nrows()
    high = (_frobenius(symmetric) * arb.pi()).mid()  # so that no middle is a simple number
    low = -high
    for _ in range(_STEPS):
        middle = ((low + high) / 2).mid()
        below = _below((symmetric - _identity(size) * middle).mid())
        if below == 1:
            return middle
        low, high = (middle, high) if below < 1 else (low, middle)
    return None


def _below(symmetric: arb_mat) -> int:
    """How many eigenvalues are negative: as many as pivots of the elimination (Sylvester)."""
    size = symmetric.nrows()
    rows = [[symmetric[i, j] for j in range(size)] for i in range(size)]
    count = 0
    for k in range(size):
        pivot = rows[k][k].mid()
        count += bool(pivot < 0)
        for i in range(k + 1, size):
            share = (rows[i][k] / pivot).mid() if not pivot.is_zero() else arb(0)
            rows[i] = [(a - share * b).mid() for a, b in zip(rows[i], rows[k], strict=True)]
    return count


def _leading(matrix: arb_mat, size: int) -> arb_mat:
    return arb_mat(size, size, [matrix[i, j] for i in range(size) for j in range(size)])


def _symmetric(matrix: arb_mat) -> arb_mat:
    return (matrix + matrix.transpose()) * arb(0.5)


def _identity(size: int) -> arb_mat:
    return arb_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])


def _frobenius(matrix: arb_mat) -> arb:
    return sum((entry * entry for entry in matrix.entries()), arb(0)).nonnegative_part().sqrt()


def _unknown(size: int) -> arb_mat:
    return arb_mat(size, size, [arb("nan")] * (size * size))
