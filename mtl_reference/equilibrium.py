"""The positive solution of (K a)_i = a_i^-p, found by damped Newton steps, proved by another.

It is the minimiser over a > 0 of a'Ka/2 - sum_i phi(a_i) with phi' = a^-p, which is strictly
convex: there is one at most. There is one if and only if the hull of the rows does not hold 0. If
it does, w'Kw = 0 for some w >= 0, so that K w = 0 and 0 = w'Ka = sum_i w_i a_i^-p > 0 cannot be.
If it does not, a'Ka >= m^2 (sum a)^2 with m > 0 bounds the minimiser, and phi' keeps it off 0.

*The step.* In relative steps a_i (1 + h_i), with b_i^2 = a_i^(1+p), q_i^2 = a_i^(1-p), B = diag(b):
(BKB + p I) x = q - BKB q, h = x / q. BKB is positive semidefinite, so the matrix is never near
singular. phi'' grows by (1 - t r)^-(p+1) at most along t h, r the largest fall of an entry, so that
t = (1 - (1 + p r)^(-1/p)) / r lowers the convex objective at every step [Nesterov and Nemirovskii,
Interior-Point Polynomial Algorithms in Convex Programming, 1994, for p = 1: t = 1 / (1 + r)].

*The proof.* An interval Newton step maps the box a_i (1 +- r) into itself: it then holds one
solution, and that is the only one there is.
"""

from collections.abc import Sequence
from typing import Final, final

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from mtl_reference.enclosure import Real

_GUARD_BITS: Final = 32
_ROUNDS: Final = 64  # steps before a search is given up, beside one for each bit of precision
_WIDEST: Final = 0.25  # radius of the largest box on which a step is tried
_WIDENING: Final = 16
_MOST_BITS: Final = 2**20  # precision at which a search is given up: no float needs as much


@final
class Equilibrium:
    """The solution for one Gramian (T, T) whose rows have no 0 in their hull, and one power p > 0.

    >>> first, second = Equilibrium(fmpq_mat([[4, 0], [0, 1]]), fmpq(1)).enclosures(60)
    >>> abs(first - 0.5) < 1e-18, abs(second - 1) < 1e-18
    (True, True)
    """

    def __init__(self, gramian: fmpq_mat, power: fmpq) -> None:
        self.gramian, self.power = gramian, power
        self._start: list[arb] | None = None
        self._balls: dict[int, tuple[arb, ...]] = {}

    def weights(self) -> tuple[Real, ...]:
        """The entries of the solution (T,), refinable."""
        return tuple(self._entry(task) for task in range(self.gramian.nrows()))

    def _entry(self, task: int) -> Real:
        return Real(lambda bits: self.enclosures(bits)[task])

    def enclosures(self, bits: int) -> tuple[arb, ...]:
        """Balls that hold the solution, of relative radius at most 2**-bits."""
        working = bits + _GUARD_BITS
        while bits not in self._balls:
            if working > _MOST_BITS:
                message = f"the solution must be told by {_MOST_BITS} bits (got none)"
                raise ArithmeticError(message)
            with ctx.workprec(working):
                found = self._enclosed()
            if found is not None and all(ball.rel_accuracy_bits() >= bits for ball in found):
                self._balls[bits] = found
            working *= 2
        return self._balls[bits]

    def _enclosed(self) -> tuple[arb, ...] | None:
        """Balls at the working precision; None where it is too low for a proof."""
        gramian, power = arb_mat(self.gramian), arb(self.power)
        point = approached(gramian, power, self._start)
        if point is None:
            return None
        self._start = point
        return _proven(gramian, power, point)


def approached(
    gramian: arb_mat, power: arb, start: Sequence[arb] | None = None
) -> list[arb] | None:
    """Midpoints near the solution (T,) by damped Newton steps; None where they lead nowhere.

    Nothing is proved here: a Gramian with 0 in the hull has no solution, and the point grows at
    each step until products that should cancel have no digit left.
    """
    point = list(start) if start is not None else _first(gramian, power)
    last, edge = arb(1), arb(2) ** (-ctx.prec // 2)
    for _ in range(_ROUNDS + ctx.prec):
        step = _step(gramian, power, point, [arb(1)] * len(point) if point else [])
        if step is None:
            return None
        size = max((abs(h) for h in step), default=arb(0))
        factor = _damping(power, step)
        point = [(a * (1 + factor * h)).mid() for a, h in zip(point, step, strict=True)]
        if size < edge or (factor == 1 and last < _WIDEST**2 and not size < last / 2):
            return point
        last = size
    return None


def _first(gramian: arb_mat, power: arb) -> list[arb]:
    """What is right for a row alone, n_i^(-2/(1+p)), all times what is right along that ray."""
    tasks = gramian.nrows()
    ray = [_raised(gramian[i, i].mid(), -1 / (1 + power)).mid() for i in range(tasks)]
    square = _form(gramian, ray).mid()
    mass = sum((_raised(a, 1 - power) for a in ray), arb(0))
    if not (square > 0 and mass.is_finite()):
        return []
    factor = _raised((mass / square).mid(), 1 / (1 + power))
    return [(a * factor).mid() for a in ray]


def _step(
    gramian: arb_mat, power: arb, point: Sequence[arb], box: Sequence[arb]
) -> list[arb] | None:
    """The relative Newton step from a point, with the slope taken over the box of relative moves.

    Balls if the box has a radius, else midpoints; None where the slope may be singular.
    """
    tasks, exact = len(point), all(side.is_exact() for side in box)
    roots = [_raised(a, (1 - power) / 2) for a in point]
    sizes = [a / root for a, root in zip(point, roots, strict=True)]  # a^((1 + p)/2)
    entries = [gramian[i, j] * sizes[i] * sizes[j] for i in range(tasks) for j in range(tasks)]
    if not all(entry < arb(2) ** ctx.prec for entry in entries):
        return None
    matrix, column = arb_mat(tasks, tasks, entries), arb_mat(tasks, 1, roots)
    right = column - matrix * column
    for task, side in enumerate(box):
        matrix[task, task] += power * _raised(side, -power - 1)
    try:
        moved = matrix.solve(right, algorithm="approx" if exact else None)
    except ZeroDivisionError:
        return None
    step = [moved[task, 0] / roots[task] for task in range(tasks)]
    if not step or not all(h.is_finite() for h in step):
        return None
    return [h.mid() for h in step] if exact else step


def _damping(power: arb, step: Sequence[arb]) -> arb:
    """How much of a step lowers the objective for sure; all of it where it is short."""
    fall = max((-h for h in step), default=arb(0))
    if not fall > arb(2) ** (-ctx.prec // 4):
        return arb(1)
    return ((1 - _raised(1 + power * fall, -1 / power)) / fall).mid()


def _proven(gramian: arb_mat, power: arb, point: Sequence[arb]) -> tuple[arb, ...] | None:
    """Balls about a point that hold the solution; None where no box is mapped into itself."""
    step = _step(gramian, power, point, [arb(1)] * len(point))
    if step is None:
        return None
    radius = 4 * max(abs(h) for h in step) + arb(2) ** (_GUARD_BITS // 2 - ctx.prec)
    while radius < _WIDEST:
        box = [arb(1, radius.upper())] * len(point)
        moved = _step(gramian, power, point, box)
        if moved is not None and all(abs(h) < radius.lower() for h in moved):
            return tuple(a * (1 + h) for a, h in zip(point, moved, strict=True))
        radius = (radius * _WIDENING).mid()
    return None


def _raised(base: arb, exponent: arb) -> arb:
    """A positive ball to a real power; the whole and half ones without logarithms."""
    whole = (2 * exponent).unique_fmpz() if (2 * exponent).is_exact() else None
    if whole is None or abs(whole) > _WIDENING:
        return (base.log() * exponent).exp()
    count = int(whole)
    root = base if count % 2 == 0 else base.sqrt()
    result = arb(1)
    for _ in range(abs(count) // (1 if count % 2 else 2)):
        result *= root
    return result if count >= 0 else 1 / result


def _form(gramian: arb_mat, vector: Sequence[arb]) -> arb:
    row = arb_mat(1, len(vector), list(vector))
    return (row * gramian * row.transpose())[0, 0]
