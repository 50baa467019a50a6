"""Pareto-MTL in balls with its hull and support frozen: a smooth map to the weights."""

from collections.abc import Mapping, Sequence
from functools import reduce

from flint import arb, arb_mat

from mtl_reference.branches.mgda import carriers
from mtl_reference.branches.mgda import trace as shortest
from mtl_reference.method import Decision, Trace


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    losses: Sequence[arb],
    preferences: arb_mat,
    region: float = 0.0,
    phase: str = "second",
) -> Trace:
    """Weights (T,). The decision "broken j" tests G_j; "support ..." are MGDA's for the hull.

    ``reach``: the points of the hull are combinations of the rows, whose sums of sizes are at most
    that of one of its corners. ``terms``: the shares of a row in the corners may cancel, and where
    other corners may carry the weight, as much as theirs.
    """
    tasks, own = len(norms), int(region)
    decisions: list[Decision] = []
    corners: dict[str, list[arb]] = {}
    if phase == "second":
        corners = {f"task {i}": [arb(int(i == k)) for k in range(tasks)] for i in range(tasks)}
    for place in (j for j in range(preferences.nrows()) if j != own):
        beyond = [preferences[place, k] - preferences[own, k] for k in range(tasks)]
        value = sum((u * loss for u, loss in zip(beyond, losses, strict=True)), arb(0))
        broken = outcome.get(f"broken {place}", bool(value.mid() > 0))
        decisions.append(Decision(f"broken {place}", value, broken))
        if broken:
            corners[f"constraint {place}"] = beyond
    if not corners:
        return Trace((arb(0),) * tasks, tuple(decisions))
    found, free = _shortest(gramian, outcome, corners)
    shares = arb_mat(1, len(corners), found.weights) * arb_mat(list(corners.values()))
    sizes = [_size(corner, norms) for corner in corners.values()]
    reach = max(sizes, key=lambda size: float(size.mid()))
    terms = sum((w * size for w, size in zip(found.weights, sizes, strict=True)), arb(0))
    terms = reduce(arb.max, (sizes[place] for place in free), terms)
    told = (*decisions, *found.decisions)
    return Trace(tuple(shares.entries()), told, reach=reach, terms={"direction": terms})


def _shortest(
    gramian: arb_mat, outcome: Mapping[str, bool], corners: Mapping[str, Sequence[arb]]
) -> tuple[Trace, list[int]]:
    """MGDA's weights for the hull's corners, its decisions by their names, and the carriers."""
    shift = arb_mat([[*corner] for corner in corners.values()])
    rows = shift * gramian * shift.transpose()
    lengths = [rows[i, i].nonnegative_part().sqrt() for i in range(len(corners))]
    named = {f"support {place}": f"support of {name}" for place, name in enumerate(corners)}
    told = {place: outcome[name] for place, name in named.items() if name in outcome}
    found = shortest(rows, lengths, told)
    renamed = [Decision(named[each.name], each.value, each.outcome) for each in found.decisions]
    return Trace(found.weights, tuple(renamed)), carriers(rows, found.decisions)


def _size(corner: Sequence[arb], norms: Sequence[arb]) -> arb:
    return sum((abs(share) * norm for share, norm in zip(corner, norms, strict=True)), arb(0))
