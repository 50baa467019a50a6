"""Convex programs over the simplex and the cone of the gradients, in the Gramian, exact.

Every program here is a least-distance program, min |e| with <g_i, e> >= h_i, and that is a
nonnegative least-squares problem in the columns (g_i, h_i) [Lawson & Hanson, Solving Least
Squares Problems, chapter 23]. Its support is guessed by a walk in rounded numbers; one exact
solve and exact signs then prove the guess. Where the proof fails the same walk is made in exact
numbers, where it ends after finitely many steps with a proven answer: the columns of its support
stay independent and its objective falls, whatever rows depend on each other, coincide or vanish.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from mtl_reference.rational import RationalVector, solve

_GUESS_BITS: Final = 256  # precision of the walk that guesses; the proof does not lean on it


def minimum_norm(gramian: fmpq_mat) -> RationalVector:
    """Weights on the simplex, (T,), of the shortest vector in the hull of the rows; proven.

    The shortest vector is unique; where rows depend on each other these are some of its weights.

    >>> minimum_norm(fmpq_mat([[1, 0], [0, 3]]))
    (3/4, 1/4)
    """
    tasks = gramian.nrows()
    for task in range(tasks):
        if gramian[task, task] == 0:
            return tuple(fmpq(int(task == other)) for other in range(tasks))
    height = power_of_two_root(min(gramian[task, task] for task in range(tasks)))
    multipliers = _nonnegative_least_squares(gramian, (height,) * tasks)
    mass = total(multipliers)
    return tuple(multiplier / mass for multiplier in multipliers)


def least_distance(gramian: fmpq_mat, heights: Sequence[fmpq]) -> RationalVector | None:
    """Multipliers v >= 0, (T,), of the shortest e = G'v with <g_i, e> >= heights_i; proven.

    None where no e satisfies them all.

    >>> least_distance(fmpq_mat([[1, 0], [0, 4]]), (fmpq(1), fmpq(-1)))
    (1, 0)
    """
    scale = power_of_two_root(max((abs(height) for height in heights), default=fmpq(0)))
    scaled = tuple(height / scale for height in heights)
    multipliers = _nonnegative_least_squares(gramian, scaled)
    rest = 1 - total(h * u for h, u in zip(scaled, multipliers, strict=True))
    return None if rest == 0 else tuple(scale * u / rest for u in multipliers)


def onto_simplex(point: Sequence[fmpq], mass: fmpq) -> RationalVector:
    """The nearest vector of numbers >= 0 that sum to ``mass`` > 0: the point less one number, cut.

    >>> onto_simplex([fmpq(2), fmpq(0), fmpq(-1)], fmpq(1))
    (1, 0, 0)
    """
    kept, level = list(point), fmpq(0)
    while True:
        level = (total(kept) - mass) / len(kept)
        above = [value for value in kept if value > level]
        if len(above) == len(kept):
            return tuple(max(value - level, fmpq(0)) for value in point)
        kept = above


def likely_support(gramian: arb_mat, heights: Sequence[arb]) -> tuple[int, ...]:
    """Support of the least-distance program by a walk on midpoints: a guess, not a proof.

    The columns are scaled to unit length first, so that rows of any size are treated alike; what
    is lost in half of the working precision counts as a tie.
    """
    size = len(heights)
    column = arb_mat(size, 1, heights)
    matrix = (gramian + column * column.transpose()).mid()
    scale = [_unit_scale(matrix[index, index]) for index in range(size)]
    entries = [matrix[i, j] * scale[i] * scale[j] for i in range(size) for j in range(size)]
    right = [height * factor for height, factor in zip(heights, scale, strict=True)]
    return _Guess(arb_mat(size, size, entries).mid(), arb_mat(size, 1, right).mid()).walk()


def independent(gramian: arb_mat, support: Sequence[int]) -> tuple[int, ...]:
    """The rows of a support that do not depend on those before them, by elimination in balls.

    A row counts as dependent when less than 5/16 of the working precision of its squared length
    is left: far below what binary64 can hold, and above the steps of a difference quotient.
    """
    edge = arb(2) ** (-(5 * ctx.prec) // 16)
    kept: list[tuple[int, list[arb]]] = []
    for task in support:
        column: list[arb] = []
        for place, (other, factors) in enumerate(kept):
            known = (a * b for a, b in zip(column, factors[:place], strict=True))
            column.append((gramian[task, other] - sum(known, arb(0))) / factors[place])
        pivot = gramian[task, task] - sum((a * a for a in column), arb(0))
        if pivot.mid() > edge * gramian[task, task].mid():
            kept.append((task, [*column, pivot.sqrt()]))
    return tuple(task for task, _ in kept)


def solve_on(
    gramian: arb_mat, support: Sequence[int], rights: Sequence[Sequence[arb]]
) -> list[list[arb]]:
    """Solutions of K_SS x = r_S for several right sides, in balls, 0 outside of the support."""
    size, tasks = len(support), gramian.nrows()
    if size == 0:
        return [[arb(0)] * tasks for _ in rights]
    block = arb_mat(size, size, [gramian[i, j] for i in support for j in support])
    columns = arb_mat(size, len(rights), [right[i] for i in support for right in rights])
    solution = block.solve(columns, nonstop=True)
    place = {task: k for k, task in enumerate(support)}
    return [
        [solution[place[task], k] if task in place else arb(0) for task in range(tasks)]
        for k in range(len(rights))
    ]


def power_of_two_root(square: fmpq) -> fmpq:
    """A power of two near the root of a positive rational; 1 for zero."""
    if square == 0:
        return fmpq(1)
    exponent = (square.p.bit_length() - square.q.bit_length()) // 2
    return fmpq(2) ** exponent


def total(terms: Iterable[fmpq]) -> fmpq:
    """The sum of rationals, 0 for none."""
    return sum(terms, fmpq(0))


def principal(matrix: fmpq_mat, support: Sequence[int]) -> fmpq_mat:
    """The rows and columns of a matrix that belong to a support."""
    return fmpq_mat(len(support), len(support), [matrix[i, j] for i in support for j in support])


def _nonnegative_least_squares(gramian: fmpq_mat, heights: Sequence[fmpq]) -> RationalVector:
    """The u >= 0 with M u - h >= 0 and u'(M u - h) = 0, M = K + h h'; proven."""
    size = len(heights)
    right = fmpq_mat(size, 1, heights)
    walk = _Walk(gramian + right * right.transpose(), right)
    with ctx.workprec(_GUESS_BITS):
        guess = likely_support(arb_mat(gramian), [arb(height) for height in heights])
    if not walk.start(guess):
        walk.finish()
    return tuple(walk.point.get(index, fmpq(0)) for index in range(size))


class _Walk:
    """The active-set walk of Lawson and Hanson in exact numbers, with its current point."""

    def __init__(self, matrix: fmpq_mat, right: fmpq_mat) -> None:
        self.matrix = matrix
        self.right = right
        self.point: dict[int, fmpq] = {}

    def start(self, support: Sequence[int]) -> bool:
        """Take a guessed support if it gives a feasible point; True if that is the answer."""
        if not support:
            return False
        try:
            point = self.stationary(support)
        except ZeroDivisionError:
            return False
        if all(value > 0 for value in point.values()):
            self.point = point
        return bool(self.point) and self.entering() is None

    def finish(self) -> None:
        """Let one index enter after the other until none improves the point."""
        while (entering := self.entering()) is not None:
            self.point[entering] = fmpq(0)
            self.descend()

    def stationary(self, support: Sequence[int]) -> dict[int, fmpq]:
        """The point on a support where the equations of the support hold."""
        values = solve(principal(self.matrix, support), [self.right[i, 0] for i in support])
        return dict(zip(support, values, strict=True))

    def entering(self) -> int | None:
        """The index with the most negative slack, relative to its column; None at the optimum."""
        size = self.matrix.nrows()
        point = fmpq_mat(size, 1, [self.point.get(index, fmpq(0)) for index in range(size)])
        slack = self.matrix * point - self.right
        negative = [index for index in range(size) if slack[index, 0] < 0]
        gains = {index: slack[index, 0] ** 2 / self.matrix[index, index] for index in negative}
        return max(gains, key=gains.__getitem__, default=None)

    def descend(self) -> None:
        """Move to the stationary point of the support; what would turn negative leaves it."""
        while True:
            target = self.stationary(sorted(self.point))
            blocking = [index for index, value in target.items() if value <= 0]
            if not blocking:
                self.point = target
                return
            share = min(self.point[i] / (self.point[i] - target[i]) for i in blocking)
            moved = {i: self.point[i] + share * (target[i] - self.point[i]) for i in target}
            self.point = {index: value for index, value in moved.items() if value > 0}


class _Guess:
    """The same walk on rounded numbers, with unit columns; it gives up after a few rounds."""

    def __init__(self, matrix: arb_mat, right: arb_mat) -> None:
        self.matrix = matrix
        self.right = right
        self.size = matrix.nrows()
        self.noise = arb(2) ** (-ctx.prec // 2)
        self.point: dict[int, arb] = {}

    def walk(self) -> tuple[int, ...]:
        """The support at the end of the walk."""
        self.start()
        for _ in range(4 * self.size):
            entering = self.entering()
            if entering is None:
                break
            self.point[entering] = arb(0)
            self.descend()
        return tuple(sorted(self.point))

    def start(self) -> None:
        """From all indices, drop the negative ones until none is left: often nearly there.

        Where the columns that are left may depend on each other the walk starts from nothing: a
        support that solves its equations in more than one way is of no use to the proof.
        """
        support = list(range(self.size))
        while support:
            target = self.stationary(support)
            support = [index for index, value in target.items() if value > 0]
            if len(support) == len(target):
                self.point = target if self.are_independent(support) else {}
                return

    def are_independent(self, support: Sequence[int]) -> bool:
        """Whether balls prove the columns independent."""
        size = len(support)
        block = arb_mat(size, size, [self.matrix[i, j] for i in support for j in support])
        try:
            block.solve(arb_mat(size, 1))
        except ZeroDivisionError:
            return False
        return True

    def entering(self) -> int | None:
        point = arb_mat(self.size, 1, [self.point.get(i, arb(0)) for i in range(self.size)])
        slack = (self.matrix * point - self.right).mid()
        outside = [index for index in range(self.size) if index not in self.point]
        lowest = min(outside, key=lambda index: slack[index, 0], default=None)
        return None if lowest is None or not slack[lowest, 0] < -self.noise else lowest

    def descend(self) -> None:
        while self.point:
            target = self.stationary(sorted(self.point))
            floor = self.noise * max(abs(value) for value in target.values())
            blocking = [index for index, value in target.items() if not value > floor]
            if not blocking:
                self.point = target
                return
            shares = {i: self.share(self.point[i], target[i]) for i in blocking}
            first = min(shares, key=shares.__getitem__)
            moved = {i: self.point[i] + shares[first] * (target[i] - self.point[i]) for i in target}
            self.point = {i: v.mid() for i, v in moved.items() if i != first and v.mid() > 0}

    def share(self, value: arb, target: arb) -> arb:
        gap = (value - target).mid()
        return (value / gap).mid() if gap > 0 else arb(0)

    def stationary(self, support: Sequence[int]) -> dict[int, arb]:
        size = len(support)
        block = arb_mat(size, size, [self.matrix[i, j] for i in support for j in support])
        right = arb_mat(size, 1, [self.right[i, 0] for i in support])
        try:
            solution = block.solve(right, algorithm="approx")
        except ZeroDivisionError:
            return dict.fromkeys(support, arb(0))
        return {index: solution[k, 0].mid() for k, index in enumerate(support)}


def _unit_scale(square: arb) -> arb:
    return square.rsqrt().mid() if square > 0 else arb(1)
