"""EPO in balls with its program and vertex frozen: a smooth map to the weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import final

from flint import arb, arb_mat, fmpq

from mtl_reference.linear import vertex
from mtl_reference.method import Decision, Trace
from mtl_reference.rational import Scalar, rational

Balls = Sequence[arb]


@final
@dataclass(slots=True)
class _Choice:
    """The decisions taken so far, as the outcome says or else by the midpoint."""

    outcome: Mapping[str, bool]
    taken: list[Decision] = field(default_factory=list)

    def decide(self, name: str, value: arb, *, tie: bool = False) -> bool:
        """Whether the value is positive; ``tie`` is what zero counts for."""
        middle = value.mid()
        told = self.outcome.get(name, bool(middle > 0) or (tie and bool(middle == 0)))
        self.taken.append(Decision(name, value, told))
        return told


def trace(
    gramian: arb_mat,
    norms: Balls,
    outcome: Mapping[str, bool],
    *,
    losses: Balls,
    preference: Balls,
    mode: str = "restricted",
    threshold: Scalar = 2.0**-13,
) -> Trace:
    """Weights (T,) of the vertex.

    The decisions: "unbalanced" tests mu less the threshold, "pulled j" (Ka)_j, "largest j" how far
    r_j l_j exceeds all others, "zero i" and "tight j" the multiplier of a constraint that is tight,
    and minus its slack for one that is not. ZeroDivisionError where the outcome leaves another
    number of tight constraints than a vertex has.
    """
    tasks, choice = len(norms), _Choice(outcome)
    weighed = [r * loss for r, loss in zip(preference, losses, strict=True)]
    mass = sum(weighed, arb(0))
    logs = [(tasks * each / mass).log() for each in weighed]
    imbalance = sum((w / mass * each for w, each in zip(weighed, logs, strict=True)), arb(0))
    shares = [r * (each - imbalance) for r, each in zip(preference, logs, strict=True)]
    pulled = (gramian * arb_mat(tasks, 1, shares)).entries()
    balance = choice.decide("unbalanced", imbalance - arb(rational(threshold)))
    if balance:
        rows, bounds = _balancing(choice, gramian, weighed, pulled)
        objective = pulled
    else:
        rows = {f"tight {j}": [gramian[j, k] for k in range(tasks)] for j in range(tasks)}
        bounds = dict.fromkeys(rows, arb(0))
        if mode == "restricted":
            rows["tight balance"], bounds["tight balance"] = pulled, _lowest(choice, pulled)
        objective = (gramian * arb_mat(tasks, 1, [arb(1)] * tasks)).entries()
    weights = _at_vertex(choice, objective, rows, bounds)
    return Trace(weights, tuple(choice.taken))


def _balancing(
    choice: _Choice, gramian: arb_mat, weighed: Balls, pulled: Balls
) -> tuple[dict[str, list[arb]], dict[str, arb]]:
    """The rows and bounds of the program that balances."""
    tasks = range(len(weighed))
    rises = [choice.decide(f"pulled {j}", pulled[j]) for j in tasks]
    ahead = [
        weighed[j] - max((weighed[i] for i in tasks if i != j), key=_middle, default=arb(0))
        for j in tasks
    ]
    largest = [choice.decide(f"largest {j}", ahead[j], tie=True) for j in tasks]
    bounds = {
        f"tight {j}": arb(0) if largest[j] or not any(rises) else pulled[j]
        for j in tasks
        if largest[j] or not rises[j]
    }
    rows = {f"tight {j}": [gramian[j, k] for k in tasks] for j in tasks if f"tight {j}" in bounds}
    return rows, bounds


def _lowest(choice: _Choice, pulled: Balls) -> arb:
    """The smaller of 0 and the largest pull."""
    highest = max(pulled, key=_middle)
    return arb(0) if choice.decide("some pull", highest, tie=True) else highest


def _at_vertex(
    choice: _Choice, objective: Balls, rows: Mapping[str, Balls], bounds: Mapping[str, arb]
) -> tuple[arb, ...]:
    """The weights at the tight constraints, and what decides that these are tight."""
    tasks = len(objective)
    everything = {f"zero {i}": [arb(int(i == k)) for k in range(tasks)] for i in range(tasks)}
    everything |= {name: list(row) for name, row in rows.items()}
    sides = dict.fromkeys(everything, arb(0)) | dict(bounds)
    tight = _tight(choice, objective, rows, bounds, list(everything))
    if len(tight) != tasks - 1:
        raise ZeroDivisionError
    system = arb_mat([[arb(1)] * tasks, *(everything[name] for name in tight)])
    right = arb_mat(tasks, 1, [arb(1), *(sides[name] for name in tight)])
    weights = system.solve(right).entries()
    found = system.transpose().solve(arb_mat(tasks, 1, list(objective))).entries()
    pushes = dict(zip(tight, found[1:], strict=True))
    for name, row in everything.items():
        slack = sum((a * b for a, b in zip(row, weights, strict=True)), arb(0)) - sides[name]
        value = -pushes[name] if name in pushes else -slack
        choice.taken.append(Decision(name, value, name in pushes))
    return tuple(weights)


def _tight(
    choice: _Choice,
    objective: Balls,
    rows: Mapping[str, Balls],
    bounds: Mapping[str, arb],
    names: Sequence[str],
) -> list[str]:
    """The constraints that are tight: as the outcome says, else at the midpoints' optimum."""
    known = [name for name in names if name in choice.outcome]
    if len(known) == len(names):
        return [name for name in names if choice.outcome[name]]
    listed = list(rows)
    found = vertex(
        [_rational(each) for each in objective],
        [[_rational(each) for each in rows[name]] for name in listed],
        [_rational(bounds[name]) for name in listed],
    )
    if found is None:
        raise ZeroDivisionError
    guess = {*(f"zero {i}" for i in found[0]), *(listed[j] for j in found[1])}
    return [name for name in names if choice.outcome.get(name, name in guess)]


def _rational(ball: arb) -> fmpq:
    mantissa, exponent = ball.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def _middle(ball: arb) -> float:
    return float(ball.mid())
