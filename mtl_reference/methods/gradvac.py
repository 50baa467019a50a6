"""GradVac: each gradient, turned in turn towards the others that it agrees with less than usual.

[WTFC21] Z. Wang, Y. Tsvetkov, O. Firat, Y. Cao, Gradient Vaccine: Investigating and Improving
Multi-task Optimization in Massively Multilingual Models, 2021, equations (4) and (5).

For every layer and every ordered pair of tasks there is a target: the running mean of the cosines
met before, at first 0. Task i meets the others j in its order; where the cosine phi of its
gradient, as it has become, with the row g_j is below the target t, a multiple of g_j is added that
makes the cosine t. Then the target moves by beta (phi - t), whether there was an update or not.

Cosines are roots of rationals, and t sqrt(1 - phi^2) / sqrt(1 - t^2) brings roots of roots: where
a target that is not 0 has been used the answer is a ball refined on demand; until then it is
rational, so the first step is exact. It is computed on weights, with each layer's Gramian.

*Departures*
1. The orders are an argument. Without them the answer of three or more tasks is a set, unless no
   pair asks for an update; its members are told for at most 4 tasks.
2. The multiple is written with sines: v becomes v less its part along g_j, plus
   |that| t / sqrt(1 - t^2) in the direction of g_j. It is the same number.
3. The layers part the columns: half-open ranges, one after the other. The default is one layer.

*Undefined*
a zero row in a layer, for two or more tasks: there is no cosine with it.
a gradient that has become 0 (it pointed against g_j exactly) and has others still to meet.
an update where the target is 1: no multiple of g_j reaches it.
Where t = -1 no cosine is below the target, and nothing is asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Final, cast

from flint import arb, fmpq, fmpq_mat

from mtl_reference.enclosure import Number, Real, Vector, decide, real
from mtl_reference.method import (
    Answer,
    Kind,
    Method,
    Orders,
    Outputs,
    Parameter,
    State,
    checked_orders,
    finite,
)
from mtl_reference.pairing import added, combine, difference, inner, times
from mtl_reference.rational import Jacobian, Rows, jacobian
from mtl_reference.surd import sqrt

METHOD = Method(
    id="gradvac",
    paper="[WTFC21] Wang et al.: Gradient Vaccine (2021), equations (4) and (5)",
    number_field="Q while the targets in use are 0, else balls; targets: sums of square roots",
    parameters=(Parameter("beta", 0.01, "share of the new cosine in the target, 0 to 1", 0.0),),
    inputs=("jacobian", "layers"),
    outputs=("direction", "task_gradients"),
    randomness=("orders",),
    stateful=True,
)

DIRECTION_TASKS: Final = 4  # (3!)^4 combinations of orders
_LEVELS: Final = (64, 128, 256, 512, 1024)  # bits at which a target is kept for later steps

Layers = Sequence[Sequence[int]]
Targets = tuple[tuple[Vector, ...], ...]  # (n, T, T)


class _UndefinedError(Exception):
    """The definition has no answer; says why."""


@dataclass(frozen=True, slots=True)
class _Vaccinated:
    """A task's gradient in one layer as T weights, and its targets afterwards."""

    weights: Vector
    targets: Vector


def direction(
    rows: Rows,
    *,
    layers: Layers | None = None,
    orders: Orders | None = None,
    beta: float = 0.01,
    state: State | None = None,
) -> Answer:
    """Sum of the turned rows (T, d); ``state["targets"]`` (n, T, T) is what the last step left.

    ``orders[i]`` lists the other tasks as task i meets them; ``layers`` (n, 2) are ranges of
    columns. Raises ValueError for a jacobian that is not finite, orders that are no permutations,
    layers that do not part the columns, beta outside [0, 1], and targets of another shape.

    >>> answer = direction([(1, 0), ("-1/2", 1)], orders=[[1], [0]], beta=0.5)
    >>> print(*answer.exact, answer.state["targets"][0][0][1])
    4/5 7/5 -1/10*sqrt(5)
    """
    rate = _share(beta)
    gradients = jacobian(rows)
    blocks = parted(gradients, layers)
    targets = _targets(state, len(blocks), gradients.tasks)
    natural = tuple(tuple(j for j in range(gradients.tasks) if j != i)
                    for i in range(gradients.tasks))  # fmt: skip
    try:
        if orders is None and gradients.tasks > 2 and _turns(blocks, targets):  # noqa: PLR2004
            return _without_orders(blocks, targets)
        met = natural if orders is None else checked_orders(orders, gradients.tasks)
        return _followed(blocks, met, targets, rate)
    except _UndefinedError as why:
        return Answer(Kind.UNDEFINED, reason=str(why))


def parted(gradients: Jacobian, layers: Layers | None) -> tuple[Jacobian, ...]:
    """The jacobian's columns, layer by layer; ValueError where the ranges do not part them."""
    if layers is None:
        return (gradients,)
    ranges = [(int(first), int(last)) for first, last in layers]
    begins, ends = [0, *(last for _, last in ranges)], [first for first, _ in ranges]
    if begins != [*ends, gradients.width] or any(first >= last for first, last in ranges):
        message = f"layers must part the columns 0 to {gradients.width} (got {ranges})"
        raise ValueError(message)
    table = [gradients.row(task) for task in range(gradients.tasks)]
    return tuple(jacobian([row[first:last] for row in table]) for first, last in ranges)


def _share(beta: float) -> fmpq:
    rate = finite("beta", beta)
    if not 0 <= rate <= 1:
        message = f"beta must lie in [0, 1] (got {beta})"
        raise ValueError(message)
    return rate


def _targets(state: State | None, layers: int, tasks: int) -> Targets:
    """The targets that a state holds; zeros where there is none."""
    if state is None:
        return (((fmpq(0),) * tasks,) * tasks,) * layers
    targets = cast("Targets", state.get("targets", ()))
    if len(targets) != layers or any(len(table) != tasks for table in targets):
        shape = (len(targets), *({len(table) for table in targets}))
        message = f"targets must be ({layers}, {tasks}, {tasks}) numbers (got {shape})"
        raise ValueError(message)
    return targets


def _followed(blocks: Sequence[Jacobian], orders: Orders, targets: Targets, rate: fmpq) -> Answer:
    """All tasks in all layers, the sum, and the next state."""
    made = [
        [_vaccinated(block.gramian(), task, order, table[task], rate)
         for task, order in enumerate(orders)]
        for block, table in zip(blocks, targets, strict=True)
    ]  # fmt: skip
    summed: list[Number] = []
    tasks: list[list[Number]] = [[] for _ in orders]
    for block, layer in zip(blocks, made, strict=True):
        columns = zip(*(task.weights for task in layer), strict=True)
        summed += combine(block, [added(column) for column in columns])
        for task, made_of in enumerate(layer):
            tasks[task] += combine(block, made_of.weights)
    state = {"targets": tuple(tuple(task.targets for task in layer) for layer in made)}
    outputs: Outputs = {"direction": tuple(summed), "task_gradients": tuple(map(tuple, tasks))}
    return Answer(Kind.EXACT, outputs, state=state)


def _vaccinated(
    gramian: fmpq_mat, task: int, order: Sequence[int], targets: Vector, rate: fmpq
) -> _Vaccinated:
    """One task in one layer: the inner loop of Algorithm 1 [WTFC21], on weights."""
    weights: list[Number] = [fmpq(int(task == index)) for index in range(len(targets))]
    moved = list(targets)
    for other in order:
        cosine, multiple = _visit(gramian, weights, task, other, targets[other])
        if multiple is not None:
            weights[other] = weights[other] + multiple
        moved[other] = _kept(targets[other] * (1 - rate) + cosine * rate)
    return _Vaccinated(tuple(weights), tuple(moved))


def _visit(
    gramian: fmpq_mat, weights: Vector, task: int, other: int, target: Number
) -> tuple[Number, Number | None]:
    """The cosine of v = sum_k weights[k] g_k with g_j, and what of g_j is added, if anything."""
    along = inner(weights, [gramian[index, other] for index in range(gramian.nrows())])
    square, own = inner(weights, times(gramian, weights)), gramian[other, other]
    if own == 0:
        message = f"row {other} is zero, and has no cosine with what task {task} has become"
        raise _UndefinedError(message)
    if decide(square) != 1:
        message = f"the gradient of task {task} has become 0, and has no cosine with row {other}"
        raise _UndefinedError(message)
    cosine = along * _inverse_root(square * own)
    if decide(cosine - target) != -1:
        return cosine, None
    aside = square - along * along / own  # the squared length of the part aside from g_j
    if decide(target) in {0, None} or aside == 0:
        return cosine, -along / own  # equation (5) [WTFC21] at t = 0: PCGrad's projection
    if decide(1 - target) != 1:
        message = f"task {task} is to be turned until its cosine with row {other} is 1"
        raise _UndefinedError(message)
    return cosine, _multiple(target, aside / own) - along / own


def _multiple(target: Number, square: Number) -> Number:
    """The quotient t / sqrt(1 - t^2), times the root of a number >= 0."""
    known, under = real(target), real(square)

    def ball(bits: int) -> arb:
        t = known.enclosure(bits)
        return t / (1 - t * t).sqrt() * under.enclosure(bits).nonnegative_part().sqrt()

    return Real(ball)


def _inverse_root(square: Number) -> Number:
    """1 / sqrt of a positive number: a root for rationals, else balls."""
    if isinstance(square, fmpq):
        exact = sqrt(1 / square).as_rational()
        return sqrt(1 / square) if exact is None else exact
    known = real(square)
    return Real(lambda bits: 1 / known.enclosure(bits).sqrt())


def _kept(target: Number) -> Number:
    """A target with balls at hand, so that later steps need not go back through all earlier ones.

    Asked for more bits than are kept it is evaluated anew.
    """
    if not isinstance(target, Real):
        return target
    known = {bits: target.enclosure(bits) for bits in _LEVELS}

    def ball(bits: int) -> arb:
        level = next((level for level in _LEVELS if level >= bits), None)
        return target.enclosure(bits) if level is None else known[level]

    return Real(ball)


def _turns(blocks: Sequence[Jacobian], targets: Targets) -> bool:
    """Whether some pair of rows, as they are, asks for an update."""
    return any(
        _visit(block.gramian(), _unit(i, block.tasks), i, j, table[i][j])[1] is not None
        for block, table in zip(blocks, targets, strict=True)
        for i, j in permutations(range(block.tasks), 2)
    )


def _unit(task: int, tasks: int) -> Vector:
    return tuple(fmpq(int(task == index)) for index in range(tasks))


def _without_orders(blocks: Sequence[Jacobian], targets: Targets) -> Answer:
    """The set of what all orders give."""
    reason = "the orders in which the tasks meet are not given, and the answer depends on them"
    return Answer(Kind.SET, reason=reason, members=lambda vector: _reached(blocks, targets, vector))


def _reached(blocks: Sequence[Jacobian], targets: Targets, vector: Vector) -> bool:
    """Whether some orders give the vector; ValueError above 4 tasks."""
    tasks = blocks[0].tasks
    if tasks > DIRECTION_TASKS:
        message = f"members are decided for at most {DIRECTION_TASKS} tasks (got {tasks})"
        raise ValueError(message)
    outcomes = [list(_outcomes(blocks, task, targets)) for task in range(tasks)]
    return any(
        all(decide(entry) in {0, None} for entry in difference(_summed(choice), vector))
        for choice in product(*outcomes)
    )


def _summed(vectors: Sequence[Vector]) -> Vector:
    """The sum of vectors of one length."""
    return tuple(added(column) for column in zip(*vectors, strict=True))


def _outcomes(blocks: Sequence[Jacobian], task: int, targets: Targets) -> Iterator[Vector]:
    """What each order makes of a task's gradient, where that is defined."""
    tasks = blocks[0].tasks
    for order in permutations([other for other in range(tasks) if other != task]):
        try:
            made = [_vaccinated(block.gramian(), task, order, table[task], fmpq(0))
                    for block, table in zip(blocks, targets, strict=True)]  # fmt: skip
        except _UndefinedError:
            continue
        pairs = zip(blocks, made, strict=True)
        yield tuple(entry for block, each in pairs for entry in combine(block, each.weights))
