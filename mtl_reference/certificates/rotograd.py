"""Why a step of RotoGrad is right: adjoint products, proportions, and the optimum's inequalities.

A task's gradient is told by its products with the samples' unit vectors turned forward. Scaled ones
are parallel to it, of one common length. A rotation R is the best for M if and only if it is
orthogonal with determinant 1, R'M is symmetric, and no two eigenvalues of R'M have a negative sum:
for m = 2 its trace, for m = 3 the minors of trace(P) I - P. For m > 3 that is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import isqrt
from typing import Final, cast

from flint import fmpq

from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.method import Outputs, Relation, Residual, State
from mtl_reference.pairing import added, difference, inner, length, size_above
from mtl_reference.rational import Jacobian, Scalar, matrix, root_above

PLANE: Final = 2
SPACE: Final = 3

Matrix = Sequence[Vector]


def certificate(
    jacobian: Jacobian,
    outputs: Outputs,
    *,
    rotations: Sequence[Sequence[Scalar]] | None = None,
    mode: str = "both",
    burn_in: float = 20,
    state: State | None = None,
) -> Iterator[Residual]:
    """Conditions on "direction" (d,), "task_gradients" (T, d), "rotations" (T, m m), if there."""
    turns = _held(jacobian, rotations, state)
    rows = [jacobian.row(task) for task in range(jacobian.tasks)]
    direction = cast("Vector | None", outputs.get("direction"))
    parts = cast("tuple[Vector, ...] | None", outputs.get("task_gradients"))
    told = cast("tuple[Vector, ...] | None", outputs.get("rotations"))
    turned = [_adjoint(turn, row) for turn, row in zip(turns, rows, strict=True)]
    if direction is not None and parts is not None:
        slopes: dict[str, Number] = {"direction": fmpq(1),
                                     "task_gradients": root_above(fmpq(len(rows)))}  # fmt: skip
        summed = [added(column) for column in zip(*parts, strict=True)]
        yield Residual("sum", Relation.ZERO, length(difference(direction, summed)), slopes)
    if parts is not None and mode == "rotate":
        for task, (part, right) in enumerate(zip(parts, turned, strict=True)):
            value = length(difference(part, right))
            yield Residual(f"turned back {task}", Relation.ZERO, value, {"task_gradients": fmpq(1)})
    elif parts is not None:
        yield from _scaled(parts, turned, _first_lengths(turned, burn_in, state))
    if told is not None:
        for task, row in enumerate(rows):
            if any(row):
                yield from _best(task, told[task], _products(row, turned, len(turns[task])))


def _held(
    jacobian: Jacobian, rotations: Sequence[Sequence[Scalar]] | None, state: State | None
) -> Sequence[Matrix]:
    """The rotations before the step."""
    if state is not None:
        return cast("Sequence[Matrix]", state["rotations"])
    size = jacobian.width
    if rotations is None:
        return [[[fmpq(int(i == j)) for j in range(size)] for i in range(size)]] * jacobian.tasks
    flat = matrix("rotations", rotations)
    size = isqrt(len(flat[0]))
    return [[row[size * i : size * (i + 1)] for i in range(size)] for row in flat]


def _adjoint(turn: Matrix, row: Sequence[fmpq]) -> list[Number]:
    """What every unit vector e of a sample has as product with g_k: <R e, row>."""
    size = len(turn)
    found: list[Number] = []
    for sample in range(0, len(row), size):
        for place in range(size):
            unit = [fmpq(int(place == other)) for other in range(size)]
            forward = [inner(line, unit) for line in turn]
            found.append(inner(forward, row[sample : sample + size]))
    return found


def _first_lengths(turned: Sequence[Vector], burn_in: float, state: State | None) -> Vector:
    if state is None or (burn_in > 0 and state["step"] == burn_in):
        return [length(vector) for vector in turned]
    return cast("Vector", state["lengths"])


def _scaled(parts: Sequence[Vector], turned: Sequence[Vector], first: Vector) -> Iterator[Residual]:
    """|n_k part_k - C g_k| = 0, and C sum_k n_k / n_k(0) = sum_k n_k^2 / n_k(0)."""
    sizes = [length(vector) for vector in turned]
    ratios = [size / then for size, then in zip(sizes, first, strict=True)]
    for task, (part, vector) in enumerate(zip(parts, turned, strict=True)):
        if decide(sizes[task]) in {0, None}:
            slopes: Mapping[str, Number] = {"task_gradients": fmpq(1)}
            yield Residual(f"nothing {task}", Relation.ZERO, length(part), slopes)
            continue
        common = length(part)
        across = [sizes[task] * a - common * b for a, b in zip(part, vector, strict=True)]
        slopes = {"task_gradients": 2 * size_above(sizes[task])}
        yield Residual(f"parallel {task}", Relation.ZERO, length(across), slopes)
        value = common * added(ratios) - inner(ratios, sizes)
        slopes = {"task_gradients": size_above(added(ratios))}
        yield Residual(f"common length {task}", Relation.ZERO, value, slopes)


def _products(row: Sequence[fmpq], turned: Sequence[Vector], size: int) -> Matrix:
    """M = sum_n row_n v_n' with v the sum of the gradients over their lengths."""
    sizes = [length(vector) for vector in turned]
    kept = [(vector, size_) for vector, size_ in zip(turned, sizes, strict=True)
            if decide(size_) == 1]  # fmt: skip
    reference = [added([vector[place] / size_ for vector, size_ in kept])
                 for place in range(len(row))]  # fmt: skip
    samples = range(0, len(row), size)
    return [[added([row[n + i] * reference[n + j] for n in samples]) for j in range(size)]
            for i in range(size)]  # fmt: skip


def _best(task: int, flat: Vector, products: Matrix) -> Iterator[Residual]:
    """The rotation is orthogonal, of determinant 1, and the best for the products."""
    size = len(products)
    turn = [flat[size * i : size * (i + 1)] for i in range(size)]
    reach = size_above(length([entry for row in products for entry in row]))
    columns = list(zip(*turn, strict=True))
    for i, j in combinations(range(size), 2):
        value = inner(columns[i], columns[j])
        yield _told(f"columns {i} and {j} of {task}", value, fmpq(2), bend=fmpq(1))
    for i, column in enumerate(columns):
        yield _told(f"length of column {i} of {task}", inner(column, column) - 1, fmpq(2),
                    bend=fmpq(1))  # fmt: skip
    yield _told(f"determinant {task}", determinant(turn) - 1, fmpq(size), bend=fmpq(2**size))
    raised = [[inner(column, line) for line in zip(*products, strict=True)] for column in columns]
    for i, j in combinations(range(size), 2):
        yield _told(f"symmetric {i}, {j} of {task}", raised[i][j] - raised[j][i], 2 * reach)
    yield from _largest(task, raised, reach)


def _largest(task: int, raised: Matrix, reach: fmpq) -> Iterator[Residual]:
    """No two eigenvalues of P = R'M have a negative sum; a 1 x 1 matrix asks nothing."""
    size = len(raised)
    trace = added([raised[i][i] for i in range(size)])
    relation = Relation.NONNEGATIVE
    if size == PLANE:
        yield _told(f"largest {task}", trace, 2 * reach, relation)
    if size != SPACE:
        return
    rest = [[(trace if i == j else fmpq(0)) - raised[i][j] for j in range(size)]
            for i in range(size)]  # fmt: skip
    for order in range(1, size + 1):
        value = determinant([row[:order] for row in rest[:order]])
        slope = order * (3 * reach) ** order
        bend = (6 * reach) ** order
        yield _told(f"largest {task}, minor {order}", value, slope, relation, bend)


def _told(name: str, value: Number, slope: Number, relation: Relation = Relation.ZERO,
          bend: Number | None = None) -> Residual:  # fmt: skip
    bends: dict[str, Number] = {} if bend is None else {"rotations": bend}
    return Residual(name, relation, value, {"rotations": slope}, bends)


def determinant(table: Matrix) -> Number:
    """The determinant of a square matrix of any numbers, by its first row."""
    if len(table) == 1:
        return table[0][0]
    total: Number = fmpq(0)
    for place, entry in enumerate(table[0]):
        minor = [[*row[:place], *row[place + 1 :]] for row in table[1:]]
        total = total + (-1) ** place * entry * determinant(minor)
    return total
