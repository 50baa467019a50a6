"""When PCGrad has one answer whatever the orders: a condition on three tasks, beside the truth."""

from collections.abc import Sequence

from flint import fmpq_mat

from mtl_reference.methods.pcgrad import outcomes
from mtl_reference.rational import jacobian
from properties.discovery.configurations import Rows


def single(rows: Rows) -> bool:
    """Whether PCGrad gives three tasks the same gradients in every order."""
    gradients = jacobian(rows)
    return all(len(outcomes(gradients, task)) == 1 for task in range(gradients.tasks))


def predicted(rows: Rows) -> bool:
    """Whether that is so for three tasks, by a condition on signs and one product of the Gramian.

    Each task conflicts with none; with one, and the projection makes no other conflict; or with
    two that are at right angles to each other, or parallel.
    """
    gramian = jacobian(rows).gramian()
    return all(_unmoved(gramian, i, [j for j in range(3) if j != i]) for i in range(3))


def _unmoved(gramian: fmpq_mat, task: int, others: Sequence[int]) -> bool:
    conflicts = [j for j in others if gramian[task, j] < 0]
    if not conflicts:
        return True
    j, k = (conflicts + [j for j in others if j not in conflicts])[:2]
    between = gramian[j, k]
    if len(conflicts) == 1:
        return bool(gramian[task, k] * gramian[j, j] >= gramian[task, j] * between)
    one_line = between * between == gramian[j, j] * gramian[k, k]
    return bool(between == 0 or one_line)
