"""GradOPS in balls with its decisions frozen: a smooth map from the Gramian to the weights.

Decisions, where a row that is zero decides nothing:
"conflict i": -min_j cos(g_i, g_j) is positive.
"independent i": a conflicting row has a part off the span of the others; the value is the squared
length of that part over the squared length of the row. Where it is False the fallback steps in,
and brings the decisions of MGDA.
"basis i-j": row j extends the span that row i is projected off; the value is the squared length
of its part off the rows that do, relative to its own. The first of them does, without asking.
"projections": some projection R_i is positive, of value sum R_i / sum n_i; if none is, the
weights are 1. "projection i": R_i is positive, of value R_i / sum n_j; if it is not, its power is
0 for a positive alpha, and for a negative one there is none: ZeroDivisionError. Both are asked
wherever alpha is not 0.

A quantity that is exactly zero is a ball that holds zero, not a small number: "independent",
"basis" and the projections are then decided as zero. No outcome makes a row extend a span in
which it lies exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import final

from flint import arb, arb_mat, fmpq

from mtl_reference.branches import mgda
from mtl_reference.method import Decision, Orders, Trace, finite

Row = tuple[arb, ...]


@final
@dataclass(frozen=True, slots=True)
class _Run:
    """One run: what is known beforehand, and the decisions taken so far.

    ``active`` are the rows that are not zero.
    """

    cosines: arb_mat
    outcome: Mapping[str, bool]
    active: tuple[int, ...]
    decisions: dict[str, Decision] = field(default_factory=dict)

    def decide(self, name: str, value: arb, *, ball: bool = True) -> bool:
        """The outcome given, or the sign: of the whole ball, or of the midpoint alone."""
        seen = bool(value > 0) if ball else bool(value.mid() > 0)
        taken = self.outcome.get(name, seen)
        self.decisions[name] = Decision(name, value, taken)
        return taken

    def extends(self, name: str, value: arb) -> bool:
        """The outcome given, or the sign; never more than zero where the ball holds zero."""
        taken = self.outcome.get(name, True) and bool(value > 0)
        self.decisions[name] = Decision(name, value, taken)
        return taken


@final
@dataclass(frozen=True, slots=True)
class _Span:
    """Rows by elimination without roots, C = L D L' on ``basis``: columns of L, and D."""

    basis: list[int] = field(default_factory=list)
    factors: list[list[arb]] = field(default_factory=list)
    pivots: list[arb] = field(default_factory=list)

    def reduced(self, cosines: arb_mat, row: int) -> tuple[list[arb], arb]:
        """A unit row's factors on the basis, and the square of what is left of it."""
        along: list[arb] = []
        for other, known in zip(self.basis, self.factors, strict=True):
            entry = cosines[row, other]
            for factor, before in zip(known, along, strict=True):
                entry -= factor * before
            along.append(entry)
        rest, factors = cosines[row, row], []
        for entry, pivot in zip(along, self.pivots, strict=True):
            factors.append(entry / pivot)
            rest -= entry * factors[-1]
        return factors, rest

    def add(self, row: int, factors: list[arb], rest: arb) -> None:
        """Extend the basis by a row, as it was reduced."""
        self.basis.append(row)
        self.factors.append(factors)
        self.pivots.append(rest)

    def coefficients(self, factors: Sequence[arb]) -> list[arb]:
        """The projection of a reduced row, as a combination of the basis."""
        found = list(factors)
        for last in reversed(range(len(found))):
            for place, factor in enumerate(self.factors[last]):
                found[place] -= factor * found[last]
        return found


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    orders: Orders | None = None,
    alpha: float = 0.0,
    fallback: str = "mgda",
) -> Trace:
    """Weights (T,) of the direction, and (T, T) of the modified gradients, on the rows."""
    del orders
    tasks = len(norms)
    active = tuple(task for task in range(tasks) if not norms[task].contains(0))
    run = _Run(_cosines(gramian, norms), outcome, active)
    rows: list[Row | None] = [_modified(run, task, norms) for task in range(tasks)]
    if any(row is None for row in rows):
        fallen = _fallen_back(run, gramian, norms, fallback)
        rows = [fallen if row is None else row for row in rows]
    modified = [row for row in rows if row is not None]
    shares = _shares(run, gramian, norms, modified, finite("alpha", alpha))
    weights = tuple(
        sum((shares[i] * modified[i][j] for i in range(tasks)), arb(0)) for j in range(tasks)
    )
    return Trace(weights, tuple(run.decisions.values()), tuple(modified))


def _cosines(gramian: arb_mat, norms: Sequence[arb]) -> arb_mat:
    """The Gramian over the lengths; 0 where a row is zero."""
    tasks = range(len(norms))
    zero = [norm.contains(0) for norm in norms]
    entries = [
        arb(0) if zero[i] or zero[j] else gramian[i, j] / (norms[i] * norms[j])
        for i in tasks
        for j in tasks
    ]
    return arb_mat(len(norms), len(norms), entries)


def _modified(run: _Run, task: int, norms: Sequence[arb]) -> Row | None:
    """The coefficients of g'_i on the rows; None where the fallback steps in."""
    unit = tuple(arb(int(index == task)) for index in range(len(norms)))
    others = [other for other in run.active if other != task]
    if task not in run.active or not others:
        return unit
    nearest = min((run.cosines[task, other] for other in others), key=arb.mid)
    if not run.decide(f"conflict {task}", -nearest, ball=False):
        return unit
    span = _span(run, task, others)
    factors, rest = span.reduced(run.cosines, task)
    if not run.decide(f"independent {task}", rest):
        return None
    projected = list(unit)
    for share, other in zip(span.coefficients(factors), span.basis, strict=True):
        projected[other] -= share * norms[task] / norms[other]
    return tuple(projected)


def _span(run: _Run, task: int, others: Sequence[int]) -> _Span:
    """What the other rows span: those that extend the span of the ones before them."""
    span = _Span()
    for other in others:
        factors, rest = span.reduced(run.cosines, other)
        if not span.basis or run.extends(f"basis {task}-{other}", rest):
            span.add(other, factors, rest)
    return span


def _fallen_back(run: _Run, gramian: arb_mat, norms: Sequence[arb], fallback: str) -> Row:
    """The coefficients of the MGDA direction, or of 0."""
    if fallback == "none":
        return (arb(0),) * len(norms)
    nearest = mgda.trace(gramian, norms, run.outcome)
    run.decisions.update({decision.name: decision for decision in nearest.decisions})
    return nearest.weights


def _shares(
    run: _Run, gramian: arb_mat, norms: Sequence[arb], modified: Sequence[Row], alpha: fmpq
) -> list[arb]:
    """Equations (3) to (5): R_i from the Gramian and the lengths, then powers over their mean."""
    tasks = len(norms)
    shares = [arb(1)] * tasks
    if alpha == 0 or not run.active:
        return shares
    summed = arb_mat(tasks, 1, [sum(column, arb(0)) for column in zip(*modified, strict=True)])
    sides = gramian * summed
    scale = sum(norms, arb(0))
    relative = {task: sides[task, 0] / (norms[task] * scale) for task in run.active}
    if _vanished(run, relative):
        return shares
    powers = {task: _power(run, task, value, alpha) for task, value in relative.items()}
    mean = sum(powers.values(), arb(0)) / len(powers)
    for task, power in powers.items():
        shares[task] = power / mean
    return shares


def _vanished(run: _Run, relative: Mapping[int, arb]) -> bool:
    """Whether no projection is positive."""
    return not run.decide("projections", sum(relative.values(), arb(0)))


def _power(run: _Run, task: int, projection: arb, alpha: fmpq) -> arb:
    """A projection's power, which a projection that is not positive may not have."""
    if not run.decide(f"projection {task}", projection):
        if alpha > 0:
            return arb(0)
        message = f"the projection of task {task} is 0, which has no negative power"
        raise ZeroDivisionError(message)
    if alpha.q != 1:
        return (projection.log() * arb(alpha)).exp()
    power = arb(1)
    for digit in f"{abs(int(alpha.p)):b}":  # by products: a power of a ball that holds 0 is nan
        power = power * power * projection if digit == "1" else power * power
    return power if alpha > 0 else 1 / power
