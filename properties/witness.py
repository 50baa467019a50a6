"""Independent answers to sixty digits, by interior paths: MGDA, CAGrad, projections on cones.

Nothing is shared with the reference: no support, no exact number. MGDA and CAGrad are stated as
the best common level t of the rows in the space of the directions,

    MGDA    max t - |d|^2 / 2   with <g_i, d> >= t,
    CAGrad  max t               with <g_i, d> >= t and |d - g0|^2 <= c^2 |g0|^2,

and the projection of a vector v on the cone of all x that conflict with no row (UPGrad, DualProj,
GEM) as the shortest v + G'u with u >= 0, in the space of the multipliers u. Their logarithmic
barriers are followed by Newton's method until the barrier is worth less than the digits asked for,
with room for ties, where the path converges like a square root. Damped steps stay inside the
domain, since these barriers are self-concordant [Nesterov & Nemirovskii, Interior-Point Polynomial
Algorithms in Convex Programming, 1994].
"""

from collections.abc import Callable, Sequence
from typing import Final

from mpmath import mp, mpf

DIGITS: Final = 60  # of an answer
_WORKING_DIGITS: Final = 420
_LAST_BARRIER: Final = 132  # the path ends at 10**-132: its root is beyond the digits of an answer
_MOST_STEPS: Final = 2000  # of FairGrad's way from MGDA's answer
_REDUCTION: Final = 3  # digits by which the barrier's weight falls at a time

Vector = list[mpf]
State = tuple[Vector, list[Vector]]  # gradient and Hessian of a barrier function
Barrier = Callable[[Vector, mpf], State]


def mgda(rows: Sequence[Sequence[float | str]]) -> tuple[mpf, ...]:
    """Direction (d,) of MGDA for rows (T, d) of floats or texts "p/q"; needs no independence."""
    with mp.workdps(_WORKING_DIGITS):
        gradients = _read(rows)
        width = len(gradients[0])

        def barrier(point: Vector, weight: mpf) -> State:
            return _with_square(_halfspaces(gradients, point, weight), point, weight)

        start = [mpf(0)] * width + [mpf(-1)]
        return _rounded(_followed(barrier, start)[:width])


def cagrad(rows: Sequence[Sequence[float | str]], c: float | str = 0.5) -> tuple[mpf, ...]:
    """Direction (d,) of CAGrad for rows (T, d), where it is unique; ValueError for c |g0| = 0."""
    with mp.workdps(_WORKING_DIGITS):
        gradients = _read(rows)
        mean = [sum(column) / len(gradients) for column in zip(*gradients, strict=True)]
        square = _number(c) ** 2 * _inner(mean, mean)
        if square == 0:
            message = "the ball must have an inside (got c |g0| = 0)"
            raise ValueError(message)

        def barrier(point: Vector, weight: mpf) -> State:
            return _with_ball(_halfspaces(gradients, point, weight), point, mean, square)

        lowest = min(_inner(row, mean) for row in gradients)
        start = [*mean, lowest - 1]
        return _rounded(_followed(barrier, start)[: len(mean)])


def dual_proj(rows: Sequence[Sequence[float | str]]) -> tuple[mpf, ...]:
    """Direction (d,) of DualProj for rows (T, d) whose cone has an inside."""
    with mp.workdps(_WORKING_DIGITS):
        gradients = _read(rows)
        mean = [sum(column) / len(gradients) for column in zip(*gradients, strict=True)]
        return _rounded(_projected(gradients, mean))


def upgrad(rows: Sequence[Sequence[float | str]]) -> tuple[mpf, ...]:
    """Direction (d,) of UPGrad for rows (T, d) whose cone has an inside."""
    with mp.workdps(_WORKING_DIGITS):
        gradients = _read(rows)
        found = [_projected(gradients, gradient) for gradient in gradients]
        return _rounded([sum(column) / len(found) for column in zip(*found, strict=True)])


def gem(
    gradient: Sequence[float | str], memory: Sequence[Sequence[float | str]]
) -> tuple[mpf, ...]:
    """Direction (d,) of GEM for a gradient (d,) and memories (M, d) whose cone has an inside."""
    with mp.workdps(_WORKING_DIGITS):
        return _rounded(_projected(_read(memory), _read([gradient])[0]))


def _projected(gradients: list[Vector], vector: Vector) -> Vector:
    """The point of the cone of all x that conflict with no row, nearest to a vector."""
    matrix = [[_inner(one, other) for other in gradients] for one in gradients]
    offsets = [_inner(one, vector) for one in gradients]

    def barrier(point: Vector, weight: mpf) -> State:
        slope = [
            (_inner(line, point) + offset) / weight - 1 / u
            for line, offset, u in zip(matrix, offsets, point, strict=True)
        ]
        bend = [[entry / weight for entry in line] for line in matrix]
        for place, u in enumerate(point):
            bend[place][place] += 1 / (u * u)
        return slope, bend

    multipliers = _followed(barrier, [mpf(1)] * len(gradients))
    return [
        entry + _inner(multipliers, list(column))
        for entry, column in zip(vector, zip(*gradients, strict=True), strict=True)
    ]


def fairgrad(rows: Sequence[Sequence[float | str]], alpha: float | str = 1.0) -> tuple[mpf, ...]:
    """Direction (d,) of FairGrad for rows (T, d) without 0 in their hull; alpha = 1 is Nash-MTL."""
    with mp.workdps(3 * DIGITS):
        gradients, fairness = _read(rows), _number(alpha)
        point = _start(gradients)
        for _ in range(_MOST_STEPS):
            slope, bend = _utility(gradients, point, fairness)
            step = list(mp.lu_solve(mp.matrix(bend), mp.matrix(slope)))
            gains = ((_inner(row, step), _inner(row, point)) for row in gradients)
            loss = max(fall / gain for fall, gain in gains)
            factor = 1 / (1 + (1 + fairness) * max(loss, mpf(0)))
            point = [p - factor * s for p, s in zip(point, step, strict=True)]
            if max(map(abs, step)) < mpf(10) ** -(2 * DIGITS) * max(map(abs, point)):
                return _rounded(point)
        message = f"the steps must settle within {_MOST_STEPS} (they did not)"
        raise ValueError(message)


def _start(gradients: list[Vector]) -> Vector:
    """A direction that gains for all tasks: MGDA's, roughly."""
    with mp.workdps(2 * DIGITS):

        def barrier(point: Vector, weight: mpf) -> State:
            return _with_square(_halfspaces(gradients, point, weight), point, weight)

        width = len(gradients[0])
        start = [mpf(0)] * width + [mpf(-1)]
        return [10 * coordinate for coordinate in _followed(barrier, start, DIGITS // 2)[:width]]


def nash_mtl(rows: Sequence[Sequence[float | str]]) -> tuple[mpf, ...]:
    """Direction (d,) of Nash-MTL for rows (T, d) without 0 in their hull."""
    return fairgrad(rows, 1.0)


def _utility(gradients: list[Vector], point: Vector, fairness: mpf) -> State:
    """Gradient and Hessian of |x|^2 / 2 less the utilities."""
    size = len(point)
    slope, bend = list(point), [[mpf(i == j) for j in range(size)] for i in range(size)]
    for row in gradients:
        gain = _inner(row, point)
        share = gain**-fairness
        slope = [s - share * entry for s, entry in zip(slope, row, strict=True)]
        root = mp.sqrt(fairness * share / gain)
        bend = _plus_square(bend, [root * entry for entry in row])
    return slope, bend


def _halfspaces(gradients: list[Vector], point: Vector, weight: mpf) -> State:
    """Add up -t / weight and -log(<g_i, d> - t) at the point (d, t)."""
    size = len(point)
    slope = [mpf(0)] * (size - 1) + [-1 / weight]
    bend = [[mpf(0)] * size for _ in range(size)]
    for row in gradients:
        normal = [*row, mpf(-1)]
        room = _inner(normal, point)
        slope = [s - n / room for s, n in zip(slope, normal, strict=True)]
        bend = _plus_square(bend, [n / room for n in normal])
    return slope, bend


def _with_square(state: State, point: Vector, weight: mpf) -> State:
    """Add |d|^2 / (2 weight)."""
    slope, bend = state
    for i, coordinate in enumerate(point[:-1]):
        slope[i] += coordinate / weight
        bend[i][i] += 1 / weight
    return slope, bend


def _with_ball(state: State, point: Vector, mean: Vector, square: mpf) -> State:
    """Add -log(square - |d - g0|^2)."""
    slope, bend = state
    offset = [a - b for a, b in zip(point[:-1], mean, strict=True)] + [mpf(0)]
    room = square - _inner(offset, offset)
    slope = [s + 2 * o / room for s, o in zip(slope, offset, strict=True)]
    for i in range(len(mean)):
        bend[i][i] += 2 / room
    return slope, _plus_square(bend, [2 * o / room for o in offset])


def _followed(barrier: Barrier, start: Vector, last: int = _LAST_BARRIER) -> Vector:
    """The end of the path, from a point of the domain."""
    point = start
    for digits in range(0, last + 1, _REDUCTION):
        weight, decrement = mpf(10) ** -digits, mpf(1)
        while decrement > mpf(1) / 16:
            slope, bend = barrier(point, weight)
            step = list(mp.lu_solve(mp.matrix(bend), mp.matrix(slope)))
            decrement = mp.sqrt(_inner(step, slope))
            factor = 1 / (1 + decrement)
            point = [p - factor * s for p, s in zip(point, step, strict=True)]
    return point


def _plus_square(matrix: list[Vector], column: Vector) -> list[Vector]:
    return [
        [entry + left * right for entry, right in zip(row, column, strict=True)]
        for row, left in zip(matrix, column, strict=True)
    ]


def _read(rows: Sequence[Sequence[float | str]]) -> list[Vector]:
    return [[_number(entry) for entry in row] for row in rows]


def _number(entry: float | str) -> mpf:
    """A float as it is, or the quotient written "p/q"."""
    if isinstance(entry, str):
        numerator, _, denominator = entry.partition("/")
        return mpf(int(numerator)) / int(denominator or 1)
    return mpf(entry)


def _inner(first: Vector, second: Vector) -> mpf:
    return mp.fsum(a * b for a, b in zip(first, second, strict=True))


def _rounded(vector: Vector) -> tuple[mpf, ...]:
    with mp.workdps(DIGITS):
        return tuple(+coordinate for coordinate in vector)
