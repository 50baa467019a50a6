"""CAGrad in balls with its support frozen: a smooth map from the Gramian to the weights."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat, fmpq

from mtl_reference.ascent import likely_ascent
from mtl_reference.method import Decision, Orders, Trace
from mtl_reference.rational import Scalar, rational
from mtl_reference.simplex import independent, solve_on


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    orders: Orders | None = None,
    c: Scalar = 0.5,
) -> Trace:
    """Weights 1/T + v (T,) for the multipliers v of the support, in the letters of ascent.py.

    The decision "support i" tests v_i n_i for a row of the support, and for any other how far
    its row falls short of the level, (level - <g_i, d>) / n_i: both are lengths, positive where
    the row belongs to the support. A row that depends on those before it has v = 0. Where the
    radius is zero the weights are 1/T and nothing is decided. Where no support
    has right signs (a set of answers, or the answer 0 that no sphere holds) all weights are nan:
    there the direction does not depend continuously on the Gramian.
    """
    del orders
    share = arb(fmpq(1, len(norms)))
    return about(gramian, norms, outcome, [share] * len(norms), arb(rational(c)))


def about(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    centre: Sequence[arb],
    radius: arb,
) -> Trace:
    """The same for a ball about g0 = G'centre, of radius c |g0|, for given c."""
    tasks = len(norms)
    offsets = (gramian * arb_mat(tasks, 1, centre)).entries()  # <g_i, g0>
    pairs = zip(centre, offsets, strict=True)
    square = radius * radius * sum((m * offset for m, offset in pairs), arb(0))
    if not square > 0:
        return Trace(tuple(centre))
    guess: tuple[int, ...] | None = ()
    if any(_name(task) not in outcome for task in range(tasks)):
        guess = likely_ascent(gramian.mid(), [m.mid() for m in offsets], square.mid())
    if guess is None:
        return Trace((arb.nan(),) * tasks)
    members = {task for task in range(tasks) if outcome.get(_name(task), task in guess)}
    level, multipliers = _multipliers(gramian, offsets, square, sorted(members))
    weights = tuple(m + v for m, v in zip(centre, multipliers, strict=True))
    sides = (gramian * arb_mat(tasks, 1, weights)).entries()  # <g_i, d>
    decisions = []
    for task in range(tasks):
        below = level - sides[task]
        shortfall = below if norms[task].contains(0) else below / norms[task]
        value = multipliers[task] * norms[task] if task in members else shortfall
        decisions.append(Decision(_name(task), value, task in members))
    return Trace(weights, tuple(decisions))


def _name(task: int) -> str:
    return f"support {task}"


def _multipliers(
    gramian: arb_mat, offsets: Sequence[arb], square: arb, support: Sequence[int]
) -> tuple[arb, list[arb]]:
    """The level, and v = level x - y with |G'v|^2 = square, on a support."""
    rows = independent(gramian, support)
    ones = [arb(1)] * len(offsets)
    x, y = solve_on(gramian, rows, [ones, offsets])
    a, p = sum(x, arb(0)), sum(y, arb(0))
    q = sum((m * value for m, value in zip(offsets, y, strict=True)), arb(0))
    level = (p + (p * p - a * (q - square)).sqrt()) / a
    return level, [level * left - right for left, right in zip(x, y, strict=True)]
