"""Where branches meet: whether two runs lead to one answer, and its bounds if they do."""

from collections.abc import Sequence

from flint import arb, arb_mat

from conformance import tolerance
from conformance.sensitivity import Bounds, Run, Setting


def distance(gramian: arb_mat, first: Sequence[arb], second: Sequence[arb]) -> arb:
    """Length of the difference of two combinations of the rows, from above."""
    row = arb_mat([[one - other for one, other in zip(first, second, strict=True)]])
    return (row * gramian * row.transpose())[0, 0].nonnegative_part().sqrt().upper()


def apart(setting: Setting, node: Run, child: Run) -> Bounds | None:
    """The child's bounds as seen from the node, or None where it is another answer.

    An answer within e u B of the child lies within u (e B + D) of the node, with D their distance
    in units of u. So B + D serves, if D is small; where it is not, both are outcomes.
    """
    unit = arb(tolerance.roundoff(setting.dtype))

    def seen(mine: Sequence[arb], other: Sequence[arb], own: arb, its: arb) -> arb | None:
        gap = distance(setting.gramian, mine, other) / unit
        return its + gap if gap <= tolerance.DISTINCT * own.max(its) else None

    here, there = node.bounds, child.bounds
    if here is None or there is None:
        return None
    direction = seen(node.trace.weights, child.trace.weights, here.direction, there.direction)
    pairs = zip(node.trace.task_weights, child.trace.task_weights, strict=True)
    sizes = zip(here.tasks, there.tasks, strict=True)
    tasks = [seen(*rows, *both) for rows, both in zip(pairs, sizes, strict=True)]
    kept = [task for task in tasks if task is not None]
    if direction is None or len(kept) < len(tasks):
        return None
    return Bounds(direction, there.weights, tuple(kept))


def joined(first: Bounds, second: Bounds) -> Bounds:
    """Bounds that serve for both."""
    tasks = zip(first.tasks, second.tasks, strict=True)
    return Bounds(
        first.direction.max(second.direction),
        first.weights.max(second.weights),
        tuple(one.max(other) for one, other in tasks),
    )
