"""The steepest common ascent within a ball, max min_i <g_i, d> with |d - d0| <= r, exact.

For every level let d0 + e be the point nearest to d0 at which <g_i, d0 + e> >= level: a
least-distance program. Its length grows with the level, and the answer is the highest level whose
length fits the ball. On a support S with K_SS invertible, with K_SS x = 1, K_SS y = m_S,
m_i = <g_i, d0>, a = 1'x, p = 1'y and q = m_S'y, the multipliers of e are v = level x - y and
|e|^2 = a level^2 - 2 p level + q. This rises with the level where 1'v = a level - p >= 0, so

    level = (p + sqrt(p^2 - a (q - r^2))) / a,        1'v = sqrt(p^2 - a (q - r^2)).

S is right iff v >= 0 on S and <g_j, d> >= level outside: signs in one quadratic field. A right
support with K_SS invertible exists wherever e is not 0 and right multipliers exist at all: e lies
in the cone of the rows at the lowest level, so in that of independent ones among them
[Caratheodory]. Supports with K_SS singular are therefore never needed, even if other right
multipliers live on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from mtl_reference.rational import RationalVector, root_above
from mtl_reference.simplex import (
    least_distance,
    likely_support,
    minimum_norm,
    principal,
    solve_on,
)
from mtl_reference.surd import Surd, sqrt
from mtl_reference.vectors import simplest

_GUESS_BITS: Final = (256, 2048)  # precisions of the search that guesses; the proof needs none
_LEVEL_BITS: Final = 64  # digits of a trial level: any level near enough finds the support


@final
@dataclass(frozen=True, slots=True)
class Ascent:
    """Proven multipliers v = constant + level * slope, (T,), of e; the level is a root or less."""

    constant: RationalVector
    slope: RationalVector
    level: fmpq | Surd


def steepest(gramian: fmpq_mat, offsets: RationalVector, square: fmpq) -> Ascent | None:
    """Multipliers v >= 0, (T,), of the answer d0 + G'v, for r^2 = ``square`` > 0; proven.

    ``offsets`` are the <g_i, d0>. None where the ball binds no answer: then the highest level
    is 0, and every d in the ball with Gd >= 0 is an answer.

    >>> ascent = steepest(fmpq_mat([[1, 0], [0, 1]]), (fmpq(0), fmpq(0)), fmpq(2))
    >>> ascent.constant, ascent.slope, ascent.level
    ((0, 0), (1, 1), 1)
    """
    stationary = _is_stationary(gramian)
    if stationary:
        nearest, reach = _nearest_in_cone(gramian, offsets)
        if reach <= square:
            none = (fmpq(0),) * len(offsets)
            return Ascent(nearest, none, fmpq(0)) if reach == square else None
    for bits in _GUESS_BITS:
        with ctx.workprec(bits):
            guess = likely_ascent(arb_mat(gramian), [arb(m) for m in offsets], arb(square))
        piece = _piece(gramian, offsets, guess or ())
        proven = piece.ascent(square) if piece else None
        if proven:
            return proven
    high = fmpq(0) if stationary else _ceiling(gramian, offsets, square)
    return _search(gramian, offsets, square, high)


def likely_ascent(gramian: arb_mat, offsets: Sequence[arb], square: arb) -> tuple[int, ...] | None:
    """Support of the answer by trial levels in midpoints: a guess, not a proof; None where lost."""
    tasks, radius = len(offsets), square.sqrt().mid()
    roots = [gramian[i, i].sqrt().mid() for i in range(tasks)]
    low = min(offset.mid() for offset in offsets)
    high = min((m.mid() + radius * n).mid() for m, n in zip(offsets, roots, strict=True))
    level, ones = high, [arb(1)] * tasks
    for attempt in range(ctx.prec // 4):
        support = likely_support(gramian, [((level - m) / radius).mid() for m in offsets])
        x, y = solve_on(gramian, support, [ones, offsets])
        a, p, q = (_product(*pair, support) for pair in ((ones, x), (ones, y), (offsets, y)))
        root = ((p + (p * p - a * (q - square)).sqrt()) / a).mid()
        if abs(root - level) < arb(2) ** (-ctx.prec // 2) * radius * max(roots):
            return support
        if (a * level * level - 2 * p * level + q).mid() <= square.mid():
            low = level
        else:
            high = level
        inside = low < root < high and attempt % 4 != 3  # noqa: PLR2004  (then halve)
        level = root if inside else ((low + high) / 2).mid()
    return None


def _product(first: Sequence[arb], second: Sequence[arb], support: Sequence[int]) -> arb:
    return sum((first[i] * second[i] for i in support), arb(0)).mid()


@final
@dataclass(frozen=True, slots=True)
class _Piece:
    """The answers for all radii that have one support, in the letters of the module docstring."""

    gramian: fmpq_mat
    offsets: RationalVector
    support: tuple[int, ...]
    x: RationalVector
    y: RationalVector
    a: fmpq
    p: fmpq
    q: fmpq

    def radicand(self, square: fmpq) -> fmpq:
        return self.p * self.p - self.a * (self.q - square)

    def square_at(self, level: fmpq) -> fmpq:
        return (self.a * level - 2 * self.p) * level + self.q

    def level(self, square: fmpq) -> fmpq | None:
        """A rational near the level, None where the support never reaches that radius."""
        radicand = self.radicand(square)
        if radicand < 0:
            return None
        with ctx.workprec(2 * _LEVEL_BITS):
            value = (arb(self.p) + arb(radicand).sqrt()) / arb(self.a)
        with ctx.workprec(_LEVEL_BITS):
            mantissa, exponent = (+value).mid().man_exp()
        return fmpq(mantissa) * fmpq(2) ** int(exponent)

    def ascent(self, square: fmpq) -> Ascent | None:
        """The multipliers if all signs are right, times a: (p x - a y) + x sqrt(radicand)."""
        radicand = self.radicand(square)
        if radicand < 0:
            return None
        fixed = tuple(self.p * x - self.a * y for x, y in zip(self.x, self.y, strict=True))
        if not all(_nonnegative(f, x, radicand) for f, x in zip(fixed, self.x, strict=True)):
            return None
        if not self.others_are_higher(fixed, radicand):
            return None
        level = simplest((sqrt(radicand) + self.p) * (1 / self.a))
        return Ascent(tuple(-y for y in self.y), self.x, level)

    def others_are_higher(self, fixed: RationalVector, radicand: fmpq) -> bool:
        """<g_j, d> - level, times a, is not negative outside of the support."""
        tasks = len(fixed)
        moved = self.gramian * fmpq_mat(
            tasks, 2, [n for pair in zip(fixed, self.x, strict=True) for n in pair]
        )
        return all(
            _nonnegative(
                self.a * self.offsets[task] + moved[task, 0] - self.p, moved[task, 1] - 1, radicand
            )
            for task in range(tasks)
            if task not in self.support
        )


def _piece(gramian: fmpq_mat, offsets: RationalVector, support: tuple[int, ...]) -> _Piece | None:
    """The piece of a support; None where its rows depend on each other or there are none."""
    if not support:
        return None
    right = [number for i in support for number in (fmpq(1), offsets[i])]
    try:
        solution = principal(gramian, support).solve(fmpq_mat(len(support), 2, right))
    except ZeroDivisionError:
        return None
    x, y = [fmpq(0)] * len(offsets), [fmpq(0)] * len(offsets)
    for place, task in enumerate(support):
        x[task], y[task] = solution[place, 0], solution[place, 1]
    inner = sum((offsets[task] * y[task] for task in support), fmpq(0))
    sums = sum(x, fmpq(0)), sum(y, fmpq(0))
    return _Piece(gramian, offsets, support, tuple(x), tuple(y), *sums, inner)


def _search(gramian: fmpq_mat, offsets: RationalVector, square: fmpq, high: fmpq) -> Ascent:
    """The answer by trial levels in exact numbers.

    The line of levels falls into finitely many intervals on which the same supports are right,
    and a support is right on a closed interval. So the support at a level near enough to the
    answer is right for the answer, and halving comes near enough.
    """
    low, level, attempt = min(offsets), high, 0
    while True:
        multipliers = least_distance(gramian, tuple(level - m for m in offsets)) or ()
        support = tuple(task for task, value in enumerate(multipliers) if value > 0)
        piece = _piece(gramian, offsets, support)
        proven = piece.ascent(square) if piece else None
        if proven:
            return proven
        if piece and piece.square_at(level) > square:
            high = level
        else:
            low = level
        attempt += 1
        root = piece.level(square) if piece and attempt % 2 else None
        level = root if root is not None and low < root < high else (low + high) / 2


def _is_stationary(gramian: fmpq_mat) -> bool:
    """Whether the hull of the rows holds 0."""
    weights = fmpq_mat(gramian.nrows(), 1, minimum_norm(gramian))
    return (weights.transpose() * gramian * weights)[0, 0] == 0


def _nearest_in_cone(gramian: fmpq_mat, offsets: RationalVector) -> tuple[RationalVector, fmpq]:
    """Multipliers of the point nearest to d0 among all d with Gd >= 0, and its squared distance."""
    multipliers = least_distance(gramian, tuple(-m for m in offsets)) or ()
    column = fmpq_mat(len(multipliers), 1, multipliers)
    return multipliers, (column.transpose() * gramian * column)[0, 0]


def _ceiling(gramian: fmpq_mat, offsets: RationalVector, square: fmpq) -> fmpq:
    """A level above the answer: no <g_i, d> exceeds m_i + r |g_i|."""
    return min(m + root_above(square * gramian[i, i]) for i, m in enumerate(offsets))


def _nonnegative(fixed: fmpq, rooted: fmpq, radicand: fmpq) -> bool:
    """Whether fixed + rooted * sqrt(radicand) >= 0."""
    if fixed < 0:
        return bool(rooted > 0) and bool(rooted * rooted * radicand >= fixed * fixed)
    return bool(rooted >= 0) or bool(fixed * fixed >= rooted * rooted * radicand)
