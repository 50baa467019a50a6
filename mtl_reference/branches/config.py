"""ConFIG in balls with its rank frozen: a smooth map from the Gramian to the weights.

The decision "independent k" tests the k-th largest eigenvalue of the cosine matrix. The decision
"projections" tests the squared length of the part of 1 that the rows reach, over T: beyond 0 lies
no answer, and taken the other way, ZeroDivisionError.
"""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat, ctx

from mtl_reference.method import Decision, Trace
from mtl_reference.simplex import independent
from mtl_reference.spectrum import eigenvectors


def trace(gramian: arb_mat, norms: Sequence[arb], outcome: Mapping[str, bool]) -> Trace:
    """Weights (T,) from the eigenvalues of the cosines that count; ``norms`` are n."""
    tasks = len(norms)
    if any(norm.contains(0) for norm in norms):
        message = "a zero row has no direction"
        raise ZeroDivisionError(message)
    entries = [gramian[i, j] / (norms[i] * norms[j]) for i in range(tasks) for j in range(tasks)]
    cosines = arb_mat(tasks, tasks, entries)
    values, vectors, inverse = eigenvectors(cosines)
    rank = len(independent(cosines, range(tasks)))
    noise = arb(0, (arb(2) ** (-ctx.prec // 2)).upper())
    decisions = []
    for place, value in enumerate(values):
        name = f"independent {place}"
        known = value if place < rank else value + noise
        decisions.append(Decision(name, known, outcome.get(name, place < rank)))
    parts = (inverse * arb_mat(tasks, 1, [arb(1)] * tasks)).entries()
    counted = [part if d.outcome else arb(0) for part, d in zip(parts, decisions, strict=True)]
    part = (vectors * arb_mat(tasks, 1, counted)).entries()
    share = sum((entry * entry for entry in part), arb(0)) / tasks
    if not (share > arb(2) ** (-ctx.prec // 4) and outcome.get("projections", True)):
        message = "the unit rows have no common projection but 0"
        raise ZeroDivisionError(message)
    decisions.append(Decision("projections", share, outcome=True))
    scaled = [
        entry / value if d.outcome else arb(0)
        for entry, value, d in zip(counted, values, decisions, strict=False)
    ]
    shape = (vectors * arb_mat(tasks, 1, scaled)).entries()
    gain = sum((norm * entry for norm, entry in zip(norms, part, strict=True)), arb(0))
    factor = gain / sum(shape, arb(0))
    weights = tuple(factor * entry / norm for entry, norm in zip(shape, norms, strict=True))
    return Trace(weights, tuple(decisions))
