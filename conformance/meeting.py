"""Where branches meet: whether two runs lead to one answer, and its bounds if they do."""

from flint import arb

from conformance import tolerance
from conformance.sensitivity import Bounds, Run
from conformance.setting import Setting
from mtl_reference.method import Trace


def distances(setting: Setting, first: Trace, second: Trace) -> dict[str, list[arb]]:
    """Lengths of the differences of each output's rows, from above, in units of u."""
    unit = arb(tolerance.roundoff(setting.dtype))
    return {
        name: [square.nonnegative_part().sqrt().upper() / unit for square in row]
        for name, row in setting.squares(first, second).items()
    }


def apart(setting: Setting, node: Run, child: Run) -> Bounds | None:
    """The child's bounds as seen from the node, or None where it is another answer.

    An answer within e u B of the child lies within u (e B + D) of the node, with D their distance
    in units of u. So B + D serves, if D is small; where it is not, both are outcomes.
    """
    here, there = node.bounds, child.bounds
    if here is None or there is None:
        return None
    gaps = distances(setting, node.trace, child.trace)
    seen = dict(there.rows)
    for name in setting.image(node.trace):
        mine, its = here.rows[name], there.rows[name]
        for gap, own, other in zip(gaps[name], mine, its, strict=True):
            if not gap <= tolerance.DISTINCT * own.max(other):
                return None
        seen[name] = tuple(other + gap for gap, other in zip(gaps[name], its, strict=True))
    return Bounds(seen)


def joined(first: Bounds, second: Bounds) -> Bounds:
    """Bounds that serve for both."""
    return Bounds(
        {
            name: tuple(one.max(other) for one, other in zip(row, second.rows[name], strict=True))
            for name, row in first.rows.items()
        }
    )
