"""Krum in balls with its choice frozen: constant weights, once the scores are compared.

The decision "keep i-j", for a row i that is chosen and a row j that is not, has the value
(s_j - s_i) / sum n_k^2; where it is taken the other way, j is chosen in the place of i. Scores are
sums of the least distances, and continuous, so the neighbours of a row are no decision.
"""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat, fmpq

from mtl_reference.method import Decision, Trace, finite


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    n_byzantine: float = 0.0,
    n_selected: float = 1.0,
) -> Trace:
    """Weights (T,) of the direction on the rows: 1 / m for those chosen."""
    tasks = len(norms)
    selected = int(finite("n_selected", n_selected).p)
    others = tasks - 2 - int(finite("n_byzantine", n_byzantine).p)
    scores = [_score(gramian, task, others) for task in range(tasks)]
    ranked = sorted(range(tasks), key=lambda task: scores[task].mid())
    chosen = set(ranked[:selected])
    whole = sum((norm * norm for norm in norms), arb(0))
    decisions = []
    for i in ranked[:selected]:
        for j in ranked[selected:]:
            value = (scores[j] - scores[i]) / whole if not whole.is_zero() else arb(0)
            taken = outcome.get(f"keep {i}-{j}", True)
            decisions.append(Decision(f"keep {i}-{j}", value, taken))
            if not taken and i in chosen and j not in chosen:
                chosen = chosen - {i} | {j}
    weights = tuple(arb(fmpq(int(task in chosen), selected)) for task in range(tasks))
    return Trace(weights, tuple(decisions))


def _score(gramian: arb_mat, task: int, others: int) -> arb:
    squares = [
        gramian[task, task] + gramian[other, other] - 2 * gramian[task, other]
        for other in range(gramian.nrows())
        if other != task
    ]
    return sum(sorted(squares, key=lambda square: square.mid())[:others], arb(0))
