"""Why a GradVac answer is right: it is what equation (5) gives when replayed on gradients.

The method works on weights, Gramians and sines; the replay works on vectors of coordinates and
takes the multiple as [WTFC21] prints it. After its last update each gradient stands at the target
cosine with the row that it met. Without orders every order is replayed for up to 4 tasks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import cast

from flint import arb, fmpq

from mtl_reference.enclosure import Number, Real, Vector, decide, real
from mtl_reference.method import Orders, Outputs, Relation, Residual, State, checked_orders
from mtl_reference.pairing import added, difference, inner, length
from mtl_reference.rational import Jacobian, RationalVector, root_above
from mtl_reference.rational import inner as rational_inner

REPLAYED_TASKS = 4  # 3! orders for each task, each in balls


@dataclass(frozen=True, slots=True)
class _Replay:
    """A task's gradient, and where its last update left it: layer, other task and target."""

    gradient: Vector
    last: tuple[tuple[slice, int, Number], ...]


class _NoCosineError(Exception):
    """A cosine with 0 is asked for: nothing can be replayed."""


def certificate(
    jacobian: Jacobian,
    outputs: Outputs,
    *,
    layers: Sequence[Sequence[int]] | None = None,
    orders: Orders | None = None,
    beta: float = 0.01,
    state: State | None = None,
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "task_gradients" (T, d), whichever are there."""
    del beta  # it moves the targets of the next step only
    rows = [jacobian.row(task) for task in range(jacobian.tasks)]
    ranges = layers if layers is not None else ((0, jacobian.width),)
    columns = [slice(int(first), int(last)) for first, last in ranges]
    none = (((fmpq(0),) * len(rows),) * len(rows),) * len(columns)
    targets = cast("Sequence[Sequence[Vector]]", none if state is None else state["targets"])
    direction = cast("Vector | None", outputs.get("direction"))
    gradients = cast("tuple[Vector, ...] | None", outputs.get("task_gradients"))
    met = [list(_orders(task, len(rows), orders)) for task in range(len(rows))]
    try:
        replays = [
            [_replayed(rows, task, order, columns, targets) for order in met[task]]
            for task in range(len(rows))
        ]
    except _NoCosineError:
        return
    if gradients is not None:
        yield from _as_replayed(rows, gradients, replays)
        if direction is not None:
            yield _adds_up(direction, gradients)
    elif direction is not None and all(len(choices) == 1 for choices in replays):
        summed = _sum([choices[0].gradient for choices in replays])
        value = length(difference(direction, summed))
        yield Residual("replay", Relation.ZERO, value, {"direction": fmpq(1)})


def _orders(task: int, tasks: int, orders: Orders | None) -> Iterator[Sequence[int]]:
    """The order of a task, or all that are replayed."""
    if orders is not None:
        yield checked_orders(orders, tasks)[task]
    elif tasks <= REPLAYED_TASKS:
        yield from permutations([other for other in range(tasks) if other != task])


def _replayed(
    rows: Sequence[RationalVector],
    task: int,
    order: Sequence[int],
    columns: Sequence[slice],
    targets: Sequence[Sequence[Vector]],
) -> _Replay:
    """A task's gradient, layer by layer."""
    gradient: list[Number] = []
    last = []
    for piece, table in zip(columns, targets, strict=True):
        part, turned = _in_layer([row[piece] for row in rows], task, order, table[task])
        gradient += part
        if turned is not None:
            last.append((piece, *turned))
    return _Replay(tuple(gradient), tuple(last))


def _in_layer(
    rows: Sequence[RationalVector], task: int, order: Sequence[int], targets: Vector
) -> tuple[Vector, tuple[int, Number] | None]:
    """Equation (5) [WTFC21], as printed; and the last update, where something is left."""
    gradient: Vector = tuple(rows[task])
    turned = None
    for other in order:
        row, target = rows[other], targets[other]
        along, square, own = inner(gradient, row), inner(gradient, gradient), inner(row, row)
        if own == 0 or decide(square) != 1:
            raise _NoCosineError
        cosine = _cosine(along, square, own)
        if decide(cosine - target) == -1:
            multiple = _multiple(cosine, target, along, square, own)
            gradient = tuple(x + multiple * y for x, y in zip(gradient, row, strict=True))
            turned = (other, target) if decide(inner(gradient, gradient)) == 1 else None
    return gradient, turned


def _cosine(along: Number, square: Number, own: Number) -> Number:
    product, above = real(square * own), real(along)
    return Real(lambda bits: above.enclosure(bits) / product.enclosure(bits).sqrt())


def _multiple(cosine: Number, target: Number, along: Number, square: Number, own: Number) -> Number:
    """|v| (t sqrt(1 - phi^2) - phi sqrt(1 - t^2)) / (|g_j| sqrt(1 - t^2))."""
    if isinstance(target, fmpq) and target == 0:
        return -along / own
    phi, known, ratio = real(cosine), real(target), real(square / own)

    def ball(bits: int) -> arb:
        c, t = phi.enclosure(bits), known.enclosure(bits)
        sine, other = (1 - c * c).nonnegative_part().sqrt(), (1 - t * t).sqrt()
        return ratio.enclosure(bits).sqrt() * (t * sine - c * other) / other

    return Real(ball)


def _as_replayed(
    rows: Sequence[RationalVector],
    gradients: Sequence[Vector],
    replays: Sequence[Sequence[_Replay]],
) -> Iterator[Residual]:
    """Each gradient is its replay (the nearest one), and stands where its updates left it."""
    for task, (gradient, choices) in enumerate(zip(gradients, replays, strict=True)):
        if not choices:
            continue
        rests = [length(difference(gradient, choice.gradient)) for choice in choices]
        place = _least(rests)
        yield Residual(f"replay {task}", Relation.ZERO, rests[place], {"task_gradients": fmpq(1)})
        for piece, other, target in choices[place].last:
            row = rows[other][piece]
            reached = length(gradient[piece]) * length(row) * target
            slope = {"task_gradients": 2 * root_above(rational_inner(row, row))}
            name = f"cosine {task}-{other} from column {piece.start}"
            value = inner(gradient[piece], row) - reached
            yield Residual(name, Relation.ZERO, value, slope)


def _least(numbers: Sequence[Number]) -> int:
    """The place of the least of some numbers."""
    place = 0
    for other in range(1, len(numbers)):
        if decide(numbers[other] - numbers[place]) == -1:
            place = other
    return place


def _sum(vectors: Sequence[Vector]) -> Vector:
    return tuple(added(column) for column in zip(*vectors, strict=True))


def _adds_up(direction: Vector, gradients: Sequence[Vector]) -> Residual:
    """The direction is v_1 + ... + v_T."""
    slopes = {"direction": fmpq(1), "task_gradients": root_above(fmpq(len(gradients)))}
    value = length(difference(direction, _sum(gradients)))
    return Residual("sum", Relation.ZERO, value, slopes)
