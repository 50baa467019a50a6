"""PCGrad in balls with its projections frozen: a smooth map from the Gramian to the weights."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Decision, Orders, Trace, checked_orders


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    orders: Orders | None = None,
) -> Trace:
    """Weights (T,) of the direction and (T, T) of the tasks' gradients.

    The decision "conflict i-j" is whether task i, as it is when it meets row j, conflicts with
    it; its value is -<v_i, g_j> / (n_i n_j). Rows that are zero meet nobody. ValueError without
    orders: the set of all answers has no single trace.
    """
    if orders is None:
        message = "orders must be given (got None)"
        raise ValueError(message)
    decisions: list[Decision] = []
    rows = [
        _projected(gramian, norms, outcome, task, order, decisions)
        for task, order in enumerate(checked_orders(orders, len(norms)))
    ]
    weights = tuple(sum(column, arb(0)) for column in zip(*rows, strict=True))
    return Trace(weights, tuple(decisions), tuple(rows))


def _projected(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    task: int,
    order: Sequence[int],
    decisions: list[Decision],
) -> tuple[arb, ...]:
    """The weights of one task's gradient; what it decides is appended to ``decisions``."""
    tasks = len(norms)
    weights = [arb(int(index == task)) for index in range(tasks)]
    for other in order:
        if norms[task].contains(0) or norms[other].contains(0):
            continue
        along = sum((weights[k] * gramian[k, other] for k in range(tasks)), arb(0))
        name, value = f"conflict {task}-{other}", -along / (norms[task] * norms[other])
        conflict = outcome.get(name, bool(value.mid() > 0))
        decisions.append(Decision(name, value, conflict))
        if conflict:
            weights[other] -= along / gramian[other, other]
    return tuple(weights)
