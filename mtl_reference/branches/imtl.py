"""IMTL in balls: a smooth map from the Gramian and the prices of weights to the weights.

Decisions, as for IMTL-G: "independent": the rows are; the value is the least squared length that
the span of the others leaves of a row, relative to its own. "mass": whether the cost of the
weights, before they are made to cost 1, is positive; the value is that cost over the sum of its
terms' sizes. Beyond either lies no answer, or another map: taken the other way than the midpoint
says, ZeroDivisionError.
"""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Decision, Trace


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    losses: Sequence[arb] | None = None,
    log_scales: Sequence[arb] | None = None,
    scales: str = "optimum",
) -> Trace:
    """Weights (T,) that solve K c = t n, sum_i c_i e^-s_i = 1; ``norms`` are n.

    ZeroDivisionError where a row is zero, the gramian is singular or a loss is not positive.
    """
    tasks = len(norms)
    prices: Sequence[arb] = [arb(1)] * tasks
    if scales == "optimum" and losses is not None:
        prices = losses
    elif scales == "given" and log_scales is not None:
        prices = [(-log).exp() for log in log_scales]
    if any(norm.contains(0) for norm in norms) or not all(price > 0 for price in prices):
        message = "a zero row has no direction, and a loss that is not positive no scale"
        raise ZeroDivisionError(message)
    cosines = [gramian[i, j] / (norms[i] * norms[j]) for i in range(tasks) for j in range(tasks)]
    inverse = arb_mat(tasks, tasks, cosines).inv()
    solution = (inverse * arb_mat(tasks, 1, [arb(1)] * tasks)).entries()
    shape = [entry / norm for entry, norm in zip(solution, norms, strict=True)]
    terms = [entry * price for entry, price in zip(shape, prices, strict=True)]
    mass, size = sum(terms, arb(0)), sum(map(abs, terms), arb(0))
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
