"""GEM in balls with its active memories frozen: a smooth map from the Gramian to the weights."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.cone import face, opening
from mtl_reference.method import Trace


def trace(gramian: arb_mat, norms: Sequence[arb], outcome: Mapping[str, bool]) -> Trace:
    """Weights (1, v) on the gradient and the memories; decisions as in cone.py.

    ``reach`` as in dual_proj.py, with the gradient's length for P. The multipliers are judged by
    the direction alone, as they are not unique.
    """
    memories = range(1, len(norms))
    block = arb_mat([[gramian[i, j] for j in memories] for i in memories])
    lengths = [norms[i] for i in memories]
    found = face(block, lengths, [gramian[i, 0] for i in memories], outcome)
    reach = None
    if any(decision.name not in outcome for decision in found.decisions):
        reach = norms[0] * (1 + 2 / opening(block, lengths))
    return Trace((arb(1), *found.multipliers), found.decisions, reach=reach)
