"""GradOPS in balls with its decisions frozen: a smooth map from the Gramian to the weights.

Decisions, where a row that is zero decides nothing:
"conflict i": -min_j cos(g_i, g_j) is positive.
"independent i": a conflicting row has a part off the span of the others; the value is the squared
length of that part over the squared length of the row. Where it is False the fallback steps in,
and brings the decisions of MGDA.
"basis i-j": row j extends the span that row i is projected off; the value is the squared length
of its part off the rows that do, relative to its own. Asked only where the others are dependent.
"projections": some projection R_i is positive, of value sum R_i / sum n_i; if none is, the
weights are 1. "projection i": R_i is positive, of value R_i / sum n_j; if it is not, and alpha
is positive, the weight is 0. Both are asked only where balls hold zero.

A quantity that is exactly zero is a ball that holds zero, not a small number: "independent",
"basis" and the projections are then decided as zero.
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

    ``active`` are the rows that are not zero, ``inverse`` is that of their cosines where all of
    them are independent.
    """

    cosines: arb_mat
    outcome: Mapping[str, bool]
    active: tuple[int, ...]
    inverse: arb_mat | None
    decisions: dict[str, Decision] = field(default_factory=dict)

    def decide(self, name: str, value: arb, *, ball: bool = True) -> bool:
        """The outcome given, or the sign: of the whole ball, or of the midpoint alone."""
        seen = bool(value > 0) if ball else bool(value.mid() > 0)
        taken = self.outcome.get(name, seen)
        self.decisions[name] = Decision(name, value, taken)
        return taken


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
    cosines = _cosines(gramian, norms)
    dependent = any(name.startswith("basis ") for name in outcome)
    inverse = None if dependent else _inverted(cosines, active)
    run = _Run(cosines, outcome, active, inverse)
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
    basis, shares, rest = _projected(run, task, others)
    if not run.decide(f"independent {task}", rest):
        return None
    projected = list(unit)
    for share, other in zip(shares, basis, strict=True):
        projected[other] -= share * norms[task] / norms[other]
    return tuple(projected)


def _projected(run: _Run, task: int, others: Sequence[int]) -> tuple[list[int], list[arb], arb]:
    """A row's projection on the others: a basis, its coefficients, the squared rest; all units."""
    if run.inverse is not None:  # the dual basis: 1 / (C^-1)_ii is what the projection leaves
        place = run.active.index(task)
        rest = 1 / run.inverse[place, place]
        column = (run.inverse[run.active.index(other), place] for other in others)
        return list(others), [-entry * rest for entry in column], rest
    basis = _basis(run, task, others)
    shares = _solved(run.cosines, basis, task)
    taken = (share * run.cosines[task, other] for share, other in zip(shares, basis, strict=True))
    return basis, shares, run.cosines[task, task] - sum(taken, arb(0))


def _basis(run: _Run, task: int, others: Sequence[int]) -> list[int]:
    """The other rows that span what all of them span; all, unless some depend on the rest."""
    asked = any(f"basis {task}-{other}" in run.outcome for other in others)
    if not asked and _inverted(run.cosines, others) is not None:
        return list(others)
    basis: list[int] = []
    for other in others:
        shares = _solved(run.cosines, basis, other)
        rest = run.cosines[other, other] - sum(
            (share * run.cosines[other, k] for share, k in zip(shares, basis, strict=True)), arb(0)
        )
        if run.decide(f"basis {task}-{other}", rest):
            basis.append(other)
    return basis


def _solved(cosines: arb_mat, basis: Sequence[int], task: int) -> list[arb]:
    """The coefficients of the projection of a row on the span of the basis, in unit rows."""
    if not basis:
        return []
    inverse = _inverted(cosines, basis)
    if inverse is None:  # a basis that an outcome forced, of rows that are dependent
        return [arb.nan()] * len(basis)
    column = arb_mat(len(basis), 1, [cosines[other, task] for other in basis])
    return (inverse * column).entries()


def _inverted(cosines: arb_mat, basis: Sequence[int]) -> arb_mat | None:
    """The inverse of some rows' cosines; None where balls do not tell them from singular."""
    try:
        return arb_mat([[cosines[i, j] for j in basis] for i in basis]).inv()
    except ZeroDivisionError:
        return None


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
    """Whether no projection is positive; asked where all their balls hold zero."""
    name, total = "projections", sum(relative.values(), arb(0))
    if name not in run.outcome and not total.contains(0):
        return False
    return not run.decide(name, total)


def _power(run: _Run, task: int, projection: arb, alpha: fmpq) -> arb:
    """A projection's power; integers keep the sign that a frozen branch may give it."""
    name = f"projection {task}"
    asked = name in run.outcome or bool(projection.contains(0))
    if alpha > 0 and asked and not run.decide(name, projection):
        return arb(0)
    if alpha.q != 1:
        return (projection.log() * arb(alpha)).exp()
    power = arb(1)
    for digit in f"{abs(int(alpha.p)):b}":  # by products: a power of a ball that holds 0 is nan
        power = power * power * projection if digit == "1" else power * power
    return power if alpha > 0 else 1 / power
