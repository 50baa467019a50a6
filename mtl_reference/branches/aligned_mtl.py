"""Aligned-MTL in balls with its rank frozen: a smooth map from the Gramian to the weights.

The decision "independent k" tests the k-th largest eigenvalue over the largest: positive, it
counts. The least that counts scales the direction; taken for positive where it is 0, there is no
answer.
"""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat, ctx, fmpq

from mtl_reference.method import Decision, Trace
from mtl_reference.simplex import independent
from mtl_reference.spectrum import eigenvectors


def trace(gramian: arb_mat, norms: Sequence[arb], outcome: Mapping[str, bool]) -> Trace:
    """Weights (T,) from the eigenvalues that count; 0 where all rows are zero."""
    tasks = len(norms)
    if all(norm.contains(0) for norm in norms):
        return Trace((arb(0),) * tasks)
    values, vectors, inverse = eigenvectors(gramian)
    rank = len(independent(gramian, range(tasks)))
    noise = arb(0, (values[0] * arb(2) ** (-ctx.prec // 2)).upper())
    decisions = []
    for place, value in enumerate(values):
        name = f"independent {place}"
        known = value / values[0] if place < rank else (value + noise) / values[0]
        decisions.append(Decision(name, known, outcome.get(name, place < rank)))
    kept = [place for place in range(tasks) if decisions[place].outcome]
    if not kept or not all(values[place] > 0 for place in kept):
        message = "an eigenvalue that counts is not positive"
        raise ZeroDivisionError(message)
    least = min((values[place] for place in kept), key=arb.mid)
    parts = inverse * arb_mat(tasks, 1, [arb(fmpq(1, tasks))] * tasks)
    scaled = [
        parts[place, 0] * (least / values[place]).sqrt() if place in kept else arb(0)
        for place in range(tasks)
    ]
    weights = (vectors * arb_mat(tasks, 1, scaled)).entries()
    return Trace(tuple(weights), tuple(decisions))
