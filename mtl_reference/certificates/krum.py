"""Why a Krum answer is right: a choice of rows, none of them with a worse score than one left out.

The scores are taken from differences of the gradients, coordinate by coordinate: the method has
them from the Gramian.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.method import Outputs, Relation, Residual, finite
from mtl_reference.pairing import combine, difference, length
from mtl_reference.rational import Jacobian, RationalVector, inner, root_above


def certificate(
    jacobian: Jacobian,
    outputs: Outputs,
    *,
    n_byzantine: float = 0.0,
    n_selected: float = 1.0,
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    rows = [jacobian.row(task) for task in range(jacobian.tasks)]
    selected = int(finite("n_selected", n_selected).p)
    others = len(rows) - 2 - int(finite("n_byzantine", n_byzantine).p)
    direction = cast("Vector | None", outputs.get("direction"))
    weights = cast("Vector | None", outputs.get("weights"))
    best = [
        [fmpq(int(task in choice), selected) for task in range(len(rows))]
        for choice in _best(_scores(rows, others), selected)
    ]
    if weights is not None:
        value = _nearest([length(difference(weights, choice)) for choice in best])
        yield Residual("choice", Relation.ZERO, value, {"weights": fmpq(1)})
    if direction is not None:
        means = [jacobian.combine(choice) for choice in best]
        value = _nearest([length(difference(direction, mean)) for mean in means])
        yield Residual("mean of a choice", Relation.ZERO, value, {"direction": fmpq(1)})
    if weights is not None and direction is not None:
        squares = sum((inner(row, row) for row in rows), fmpq(0))
        value = length(difference(direction, combine(jacobian, weights)))
        slopes = {"direction": fmpq(1), "weights": root_above(squares)}
        yield Residual("sum", Relation.ZERO, value, slopes)


def _scores(rows: Sequence[RationalVector], others: int) -> list[fmpq]:
    """Sums of the squared distances to the nearest others."""
    found = []
    for i, row in enumerate(rows):
        rests = [
            tuple(x - y for x, y in zip(row, other, strict=True))
            for j, other in enumerate(rows)
            if j != i
        ]
        found.append(sum(sorted(inner(rest, rest) for rest in rests)[:others], fmpq(0)))
    return found


def _best(scores: Sequence[fmpq], selected: int) -> Iterator[tuple[int, ...]]:
    """Every choice in which the worst score is no worse than the best one left out."""
    tasks = range(len(scores))
    for choice in combinations(tasks, selected):
        left = [scores[task] for task in tasks if task not in choice]
        if not left or max(scores[task] for task in choice) <= min(left):
            yield choice


def _nearest(distances: Sequence[Number]) -> Number:
    least, *others = distances
    for other in others:
        least = other if decide(other - least) == -1 else least
    return least
