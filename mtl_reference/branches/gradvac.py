"""GradVac in balls with its updates frozen: a smooth map from the Gramians to the weights.

With layers the rows are those of `rows`: for each layer in turn the T gradients on its columns,
zero elsewhere, so that the Gramian (n T, n T) is one of blocks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast, final

from flint import arb, arb_mat, fmpq

from mtl_reference.enclosure import real
from mtl_reference.method import Decision, Orders, State, Trace, checked_orders, finite
from mtl_reference.rational import jacobian

Targets = tuple[tuple[tuple[arb, ...], ...], ...]


@final
@dataclass(frozen=True, slots=True)
class _Run:
    """What one run knows: Gramian, lengths, outcomes given, share of the new cosine, decisions."""

    gramian: arb_mat
    norms: Sequence[arb]
    outcome: Mapping[str, bool]
    rate: arb
    decisions: list[Decision]


def rows(inputs: Mapping[str, Any]) -> tuple[tuple[fmpq, ...], ...]:
    """The rows that the direction combines: the jacobian's, parted by layers if there are any."""
    gradients = jacobian(inputs["jacobian"])
    whole = tuple(gradients.row(task) for task in range(gradients.tasks))
    layers = inputs.get("layers")
    if layers is None:
        return whole
    zero = fmpq(0)
    return tuple(
        tuple(x if first <= k < last else zero for k, x in enumerate(row))
        for first, last in layers
        for row in whole
    )


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    layers: object = None,
    orders: Orders | None = None,
    beta: float = 0.01,
    state: State | None = None,
) -> Trace:
    """Weights (n T,) of the direction and (T, n T) of the tasks' gradients; the next targets.

    The decision "update i-j" is whether task i, as it is when it meets row j, is turned towards
    it; its value is target - cosine. With layers it is "update k: i-j". ZeroDivisionError where
    there is no cosine. ValueError without orders: the set of all answers has no single trace.
    """
    size = 1 if layers is None else len(cast("Sequence[object]", layers))
    tasks = len(norms) // size
    if orders is None:
        message = "orders must be given (got None)"
        raise ValueError(message)
    met = checked_orders(orders, tasks)
    run = _Run(gramian, norms, outcome, arb(finite("beta", beta)), [])
    before = _targets(state, size, tasks)
    weights: list[tuple[arb, ...]] = [()] * tasks
    after = []
    for layer, table in enumerate(before):
        turned = [_turned(run, layer, task, met[task], table[task]) for task in range(tasks)]
        weights = [known + new for known, (new, _) in zip(weights, turned, strict=True)]
        after.append(tuple(targets for _, targets in turned))
    summed = tuple(sum(column, arb(0)) for column in zip(*weights, strict=True))
    return Trace(summed, tuple(run.decisions), tuple(weights), state={"targets": tuple(after)})


def _targets(state: State | None, size: int, tasks: int) -> Targets:
    if state is None:
        return (((arb(0),) * tasks,) * tasks,) * size
    return tuple(
        tuple(tuple(_ball(target) for target in row) for row in table)
        for table in cast("Targets", state["targets"])
    )


def _ball(target: Any) -> arb:  # noqa: ANN401  (a number of any kind, or a ball)
    return target if isinstance(target, arb) else real(target).enclosure(2 * _BITS)


_BITS = 400


def _turned(
    run: _Run, layer: int, task: int, order: Sequence[int], targets: Sequence[arb]
) -> tuple[tuple[arb, ...], tuple[arb, ...]]:
    """The weights of one task's gradient in a layer, and its targets afterwards."""
    tasks = len(targets)
    base = layer * tasks
    weights = [arb(int(index == task)) for index in range(tasks)]
    moved = list(targets)
    for other in order:
        sides = [
            sum((weights[k] * run.gramian[base + k, base + j] for k in range(tasks)), arb(0))
            for j in range(tasks)
        ]
        square = sum((w * side for w, side in zip(weights, sides, strict=True)), arb(0))
        target, norm = targets[other], run.norms[base + other]
        cosine = sides[other] / (square.sqrt() * norm)
        if not cosine.is_finite():
            message = f"task {task} has no cosine with row {other}"
            raise ZeroDivisionError(message)
        if _asked(run, f"update {task}-{other}", layer, target - cosine):
            own = run.gramian[base + other, base + other]
            aside = (square - sides[other] * sides[other] / own).nonnegative_part()
            multiple = (aside / own).sqrt() * target / (1 - target * target).sqrt()
            weights[other] += multiple - sides[other] / own
        moved[other] = target + run.rate * (cosine - target)
    return tuple(weights), tuple(moved)


def _asked(run: _Run, name: str, layer: int, value: arb) -> bool:
    """Whether there is an update: as told, else by the sign of the midpoint."""
    full = name if layer == 0 else f"{name} in layer {layer}"
    taken = run.outcome.get(full, bool(value.mid() > 0))
    run.decisions.append(Decision(full, value, taken))
    return taken
