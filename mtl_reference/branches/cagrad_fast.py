"""CAGrad-Fast in balls with its support frozen: CAGrad on the sampled rows and the others' mean.

The decisions "support k" are CAGrad's, k a place among the sampled tasks in rising order, or the
one after them for the mean of the others.
"""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat, fmpq

from mtl_reference.branches.cagrad import about
from mtl_reference.method import Trace
from mtl_reference.rational import Scalar, rational


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    sample: Sequence[int],
    c: Scalar = 0.5,
) -> Trace:
    """Weights (T,); nan where no support has right signs, as for CAGrad."""
    tasks = len(norms)
    chosen = sorted(sample)
    rest = [task for task in range(tasks) if task not in chosen]
    rows = [[fmpq(int(i == j)) for j in range(tasks)] for i in chosen]
    centre = [arb(fmpq(1, tasks))] * len(chosen)
    if rest:
        rows.append([fmpq(int(j in rest), len(rest)) for j in range(tasks)])
        centre.append(arb(fmpq(len(rest), tasks)))
    condensing = arb_mat([[arb(entry) for entry in row] for row in rows])
    inner = condensing * gramian * condensing.transpose()
    lengths = [norms[task] for task in chosen]
    lengths += [inner[len(chosen), len(chosen)].nonnegative_part().sqrt()] if rest else []
    told = about(inner, lengths, outcome, centre, arb(rational(c)))
    weights = (arb_mat(1, len(rows), list(told.weights)) * condensing).entries()
    return Trace(tuple(weights), told.decisions)
