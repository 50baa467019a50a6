"""PE-LTR in balls with its support frozen: a smooth map from Gramian and floors to the weights."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.branches.mgda import trace as shortest
from mtl_reference.method import Decision, Trace


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    floors: Sequence[arb],
    solver: str = "exact",
) -> Trace:
    """Weights (T,); the decisions of MGDA for the rows G'c + s g_i, or "kept i" of two stages.

    ``reach``: weights on the simplex have sum w_i n_i at most the largest n.
    """
    tasks, free = len(norms), 1 - sum(floors, arb(0))
    if free.contains(0):
        return Trace(tuple(floors))
    if solver == "two-stage":
        return _two_stage(gramian, norms, outcome, floors, free)
    shift = arb_mat([[c + free * (i == k) for k, c in enumerate(floors)] for i in range(tasks)])
    rows = shift * gramian * shift.transpose()
    lengths = [rows[i, i].nonnegative_part().sqrt() for i in range(tasks)]
    found = shortest(rows, lengths, outcome)
    weights = tuple(c + free * v for c, v in zip(floors, found.weights, strict=True))
    return Trace(weights, found.decisions, reach=_largest(norms))


def _two_stage(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    floors: Sequence[arb],
    free: arb,
) -> Trace:
    """The decision "kept i" tests how far task i stays above its floor, times n_i.

    ZeroDivisionError where the rows depend affinely on each other: there the weights jump.
    """
    tasks = len(norms)
    ones = arb_mat(tasks, 1, [arb(1)] * tasks)
    solution = (gramian + ones * ones.transpose()).solve(ones)
    mass = sum(solution.entries(), arb(0))
    sought = [value / mass - c for value, c in zip(solution.entries(), floors, strict=True)]
    kept = [task for task in range(tasks) if outcome.get(f"kept {task}", True)]
    level = (sum((sought[task] for task in kept), arb(0)) - free) / max(1, len(kept))
    while (
        lower := [
            t for t in kept if f"kept {t}" not in outcome and not sought[t].mid() > level.mid()
        ]
    ) and len(lower) < len(kept):
        kept = [task for task in kept if task not in lower]
        level = (sum((sought[task] for task in kept), arb(0)) - free) / len(kept)
    weights = tuple(
        c + (q - level if task in kept else arb(0))
        for task, (c, q) in enumerate(zip(floors, sought, strict=True))
    )
    decisions = tuple(
        Decision(f"kept {task}", (sought[task] - level) * norms[task], task in kept)
        for task in range(tasks)
    )
    return Trace(weights, decisions)


def _largest(norms: Sequence[arb]) -> arb:
    return max(norms, key=lambda norm: float(norm.mid()), default=arb(0))
