"""IMTL-G in balls: a smooth map from the Gramian to the weights, without any decision."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Orders, Trace


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
    del outcome, orders
    tasks = len(norms)
    if any(norm.contains(0) for norm in norms):
        message = "a zero row has no direction"
        raise ZeroDivisionError(message)
    cosines = [gramian[i, j] / (norms[i] * norms[j]) for i in range(tasks) for j in range(tasks)]
    ones = arb_mat(tasks, 1, [arb(1)] * tasks)
    solution = arb_mat(tasks, tasks, cosines).solve(ones)
    shape = [solution[task, 0] / norms[task] for task in range(tasks)]
    mass = sum(shape, arb(0))
    return Trace(tuple(entry / mass for entry in shape))
