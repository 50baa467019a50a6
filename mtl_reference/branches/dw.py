"""DW in balls with its decisions frozen: a smooth map from the Gramian to the weights.

Decisions, where alpha is not 0: "projections", of value sum |R_i| over sum n_i: if it is not
positive the weights are 1. "projection i", of value |R_i| over sum n_j: if it is not positive its
power is 0 for a positive alpha, and for a negative one there is none: ZeroDivisionError. A row that
is zero decides nothing.
"""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat, fmpq

from mtl_reference.method import Decision, Trace, finite


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    alpha: float = 0.0,
) -> Trace:
    """Weights (T,) of the direction on the rows."""
    tasks = len(norms)
    sides = gramian * arb_mat(tasks, 1, [arb(1)] * tasks)
    decisions: list[Decision] = []
    found = shares(sides.entries(), norms, outcome, finite("alpha", alpha), decisions)
    return Trace(tuple(found), tuple(decisions))


def shares(
    sides: Sequence[arb],
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    alpha: fmpq,
    decisions: list[Decision],
) -> list[arb]:
    """The weights (T,) for the products <G, g_i>; what they decide is appended to ``decisions``."""
    found = [arb(1)] * len(norms)
    active = [task for task, norm in enumerate(norms) if not norm.contains(0)]
    if alpha == 0 or not active:
        return found

    def decide(name: str, value: arb) -> bool:
        taken = outcome.get(name, bool(value > 0))
        decisions.append(Decision(name, value, taken))
        return taken

    scale = sum(norms, arb(0))
    relative = {task: abs(sides[task]) / (norms[task] * scale) for task in active}
    if not decide("projections", sum(relative.values(), arb(0))):
        return found
    powers = {}
    for task, value in relative.items():
        positive = decide(f"projection {task}", value)
        if not positive and alpha < 0:
            message = f"the projection of task {task} is 0, which has no negative power"
            raise ZeroDivisionError(message)
        powers[task] = _power(value, alpha) if positive else arb(0)
    mean = sum(powers.values(), arb(0)) / len(powers)
    for task, power in powers.items():
        found[task] = power / mean
    return found


def _power(value: arb, alpha: fmpq) -> arb:
    if alpha.q != 1:
        return (value.log() * arb(alpha)).exp()
    power = arb(1)
    for digit in f"{abs(int(alpha.p)):b}":  # by products: a power of a ball that holds 0 is nan
        power = power * power * value if digit == "1" else power * power
    return power if alpha > 0 else 1 / power
