"""MGDA-UB in balls, entry by entry: the representation's Gramian, MGDA on it, the rows combined.

The decisions "support i" are MGDA's. The weights are told where they are unique.
"""

from collections.abc import Mapping

from flint import arb, arb_mat

from mtl_reference.branches import mgda
from mtl_reference.method import Trace
from mtl_reference.simplex import independent


def trace(inputs: Mapping[str, arb_mat], outcome: Mapping[str, bool]) -> Trace:
    """Direction (d,), and weights (T,) where the representation's rows are independent."""
    rows, shared = inputs["jacobian"], inputs["representation_jacobian"]
    gramian = shared * shared.transpose()
    tasks = gramian.nrows()
    norms = [gramian[task, task].nonnegative_part().sqrt() for task in range(tasks)]
    told = mgda.trace(gramian, norms, outcome)
    path = arb_mat(1, tasks, list(told.weights)) * rows
    outputs: dict[str, tuple[arb, ...]] = {"direction": tuple(path.entries())}
    if len(independent(gramian, range(tasks))) == tasks:
        outputs["weights"] = told.weights
    return Trace(outputs=outputs, decisions=told.decisions)
