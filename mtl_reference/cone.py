"""Projections on the cone {x : Gx >= 0} of the rows, in the Gramian: exact, and in balls.

The point of the cone nearest to v is x = v + G'u with the multipliers u >= 0 that make it
shortest: u >= 0, Gx >= 0 and u'Gx = 0. With the offsets m = Gv these conditions read u >= 0,
Ku + m >= 0, u'(Ku + m) = 0, a least-distance program (simplex.py), so that the Gramian and the
offsets are all there is to know. The cone holds 0: there is one nearest point, and only one.
Where rows depend on each other several u may give it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast, final

from flint import arb, arb_mat, fmpq, fmpq_mat

from mtl_reference.method import Decision
from mtl_reference.rational import RationalVector
from mtl_reference.simplex import independent, least_distance, likely_support, solve_on


def nearest(gramian: fmpq_mat, offsets: RationalVector) -> RationalVector:
    """Multipliers u >= 0, (T,), of the point v + G'u of the cone nearest to v; proven.

    ``offsets`` are the <g_i, v>.

    >>> nearest(fmpq_mat([[1, -1], [-1, 2]]), (fmpq(1), fmpq(-1)))
    (0, 1/2)
    """
    if all(offset >= 0 for offset in offsets):
        return (fmpq(0),) * len(offsets)
    # Never None: e = -v leads to 0, which every cone holds.
    return cast("RationalVector", least_distance(gramian, [-offset for offset in offsets]))


@final
@dataclass(frozen=True, slots=True)
class Face:
    """A projection in balls, its active rows frozen: multipliers (T,), and what was decided."""

    multipliers: tuple[arb, ...]
    decisions: tuple[Decision, ...]


def face(
    gramian: arb_mat,
    norms: Sequence[arb],
    offsets: Sequence[arb],
    outcome: Mapping[str, bool],
    name: str = "active",
) -> Face:
    """The projection of v with the active rows that ``outcome`` names, else those at midpoints.

    The decision "NAME i" tests u_i n_i for a row that is active, and -<g_i, x> / n_i, how far the
    point lies behind its plane, for any other: both are lengths, positive where the row is active.
    An active row that depends on those before it has u_i = 0. Rows that are zero bound nothing.
    """
    rows = [row for row, norm in enumerate(norms) if not norm.contains(0)]
    guess: tuple[int, ...] = ()
    if any(f"{name} {row}" not in outcome for row in rows):
        guess = _likely(gramian, norms, offsets)
    active = [row for row in rows if outcome.get(f"{name} {row}", row in guess)]
    kept = independent(gramian, active)
    found = solve_on(gramian, kept, [[-offset for offset in offsets]])[0]
    sides = (gramian * arb_mat(len(norms), 1, found)).entries()
    decisions = []
    for row in rows:
        behind = -(sides[row] + offsets[row]) / norms[row]
        value = found[row] * norms[row] if row in active else behind
        decisions.append(Decision(f"{name} {row}", value, row in active))
    return Face(tuple(found), tuple(decisions))


def opening(gramian: arb_mat, norms: Sequence[arb]) -> arb:
    """How far 0 lies from the hull of the unit rows g_i / n_i; about 0 where the hull holds it.

    It is the largest r for which some unit vector x has <g_i, x> >= r n_i for all rows.
    """
    rows = [row for row, norm in enumerate(norms) if not norm.contains(0)]
    size, ones = len(rows), [arb(1)] * len(rows)
    cosines = arb_mat(
        size, size, [gramian[i, j] / (norms[i] * norms[j]) for i in rows for j in rows]
    )
    raised = cosines + arb_mat(size, size, ones * size)
    support = independent(raised, likely_support(cosines, ones))
    ray = arb_mat(size, 1, solve_on(raised, support, [ones])[0])
    mass = sum(ray.entries(), arb(0))
    return ((ray.transpose() * cosines * ray)[0, 0] / (mass * mass)).nonnegative_part().sqrt()


def _likely(gramian: arb_mat, norms: Sequence[arb], offsets: Sequence[arb]) -> tuple[int, ...]:
    """The active rows at the midpoints; heights are lengths, as the rows' columns are."""
    sizes = [abs(m.mid()) / n for m, n in zip(offsets, norms, strict=True) if not n.contains(0)]
    scale = max((size.mid() for size in sizes), default=arb(0))
    if not scale > 0:
        return ()
    return likely_support(gramian, [(-offset / scale).mid() for offset in offsets])
