"""ARML in balls with its support frozen: a smooth map from the Gramian to the weights."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.branches.mgda import trace as shortest
from mtl_reference.method import Trace


def trace(gramian: arb_mat, norms: Sequence[arb], outcome: Mapping[str, bool]) -> Trace:
    """Weights (1, a) on the main gradient and the auxiliary ones; MGDA's decisions for g - K h_k.

    ``reach``: the weights (1, -a) of what is left of g have a sum of sizes of at most n_0 + K times
    the largest n_k. What moves it moves the direction as far.
    """
    tasks = len(norms) - 1
    shift = arb_mat([[1, *(-tasks * (i == k) for k in range(tasks))] for i in range(tasks)])
    rows = shift * gramian * shift.transpose()
    lengths = [rows[i, i].nonnegative_part().sqrt() for i in range(tasks)]
    found = shortest(rows, lengths, outcome)
    weights = (arb(1), *(tasks * share for share in found.weights))
    largest = max(norms[1:], key=lambda norm: float(norm.mid()))
    return Trace(weights, found.decisions, reach=norms[0] + tasks * largest)
