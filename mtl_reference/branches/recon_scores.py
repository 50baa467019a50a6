"""Recon's scores in balls: numbers that nothing moves, and the comparisons that make them."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from flint import arb, arb_mat

from mtl_reference.method import Decision, Trace
from mtl_reference.rational import rational


def trace(
    inputs: Mapping[str, Sequence[arb_mat]], outcome: Mapping[str, bool], *, severity: float = 0.0
) -> Trace:
    """The scores (n,) of n layers, of which "layer_gradients" has the gradients.

    The decision "conflict k: i-j" tests S - cos. A cosine that cannot be told from the severity is
    not below it; rows that are zero meet nobody.
    """
    bound, decisions, counts = arb(rational(severity)), [], []
    for place, layer in enumerate(inputs["layer_gradients"]):
        gramian = layer * layer.transpose()
        found = list(_compared(place, gramian, bound, outcome))
        decisions += found
        counts.append(arb(sum(each.outcome for each in found)))
    return Trace(decisions=tuple(decisions), outputs={"scores": tuple(counts)})


def _compared(
    place: int, gramian: arb_mat, bound: arb, outcome: Mapping[str, bool]
) -> Sequence[Decision]:
    """The decisions of one layer."""
    found = []
    for i, j in combinations(range(gramian.nrows()), 2):
        square = gramian[i, i] * gramian[j, j]
        if not square.mid() > 0:
            continue
        name, value = f"conflict {place}: {i}-{j}", bound - gramian[i, j] / square.sqrt()
        found.append(Decision(name, value, outcome.get(name, bool(value > 0))))
    return found
