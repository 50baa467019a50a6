"""IMTL-G in balls: a smooth map from the Gramian to the weights.

Decisions:
"independent": the rows are; the value is the least squared length that the span of the others
leaves of a row, relative to its own. "mass": whether the sum of the weights, before they are made
to sum to 1, is positive; the value is that sum over the sum of their sizes. Beyond either lies
no answer, or another map: taken the other way than the midpoint says, ZeroDivisionError.
"""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Decision, Orders, Trace


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    orders: Orders | None = None,
) -> Trace:
    """Weights (T,) that solve K a = s n, sum a = 1; ``norms`` are n, the rest is the gramian.

    The gramian is scaled to cosines first, which changes nothing but the precision. Where it is
    singular the weights are not a smooth map of it: ZeroDivisionError.
    """
    del orders
    tasks = len(norms)
    if any(norm.contains(0) for norm in norms):
        message = "a zero row has no direction"
        raise ZeroDivisionError(message)
    cosines = [gramian[i, j] / (norms[i] * norms[j]) for i in range(tasks) for j in range(tasks)]
    inverse = arb_mat(tasks, tasks, cosines).inv()
    solution = (inverse * arb_mat(tasks, 1, [arb(1)] * tasks)).entries()
    shape = [entry / norm for entry, norm in zip(solution, norms, strict=True)]
    mass, size = sum(shape, arb(0)), sum(map(abs, shape), arb(0))
    rest = 1 / max((inverse[task, task] for task in range(tasks)), key=arb.mid)
    decisions = _decide(outcome, {"independent": rest, "mass": mass / size})
    return Trace(tuple(entry / mass for entry in shape), decisions)


def _decide(outcome: Mapping[str, bool], values: Mapping[str, arb]) -> tuple[Decision, ...]:
    """The decisions, none of which can be taken otherwise."""
    for name, value in values.items():
        if outcome.get(name, bool(value.mid() > 0)) is not bool(value.mid() > 0):
            message = f"{name} is {value}, and no answer lies beyond 0"
            raise ZeroDivisionError(message)
    return tuple(Decision(name, value, bool(value.mid() > 0)) for name, value in values.items())
