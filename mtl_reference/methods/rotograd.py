"""RotoGrad: the gradients by a shared representation, rotated towards each other and made equal.

[JV22] A. Javaloy, I. Valera, RotoGrad: Gradient Homogenization in Multitask Learning, 2022.

Task k sees R_k z, the representation z (b samples of m numbers) turned by its own rotation; its
gradient by R_k z is row k of the jacobian, sample after sample, so that d = b m. By z it is
g_k = R_k' row k. Rotate: z gets sum g_k. Scale: z gets C sum_k U_k with U_k = g_k / |g_k| and
C = sum_k alpha_k |g_k|, alpha_k the task's share of |g_k| / |g_k(0)|. After either, R_k becomes the
rotation that brings the samples of the reference v nearest to row k's, v the mean of all g_j made
as long as the mean of the g_j: the Procrustes problem in SO(m), in which v's length has no part.
Answers are roots of rationals at most at the first step, and balls refined on demand after it
(rotation.py finds and proves the rotations).

*Departures*
1. The follower answers best: the rotations are the optimum, where the paper trains them by gradient
   steps with a learning rate of their own.
2. One function, ``mode`` "both", "rotate" (the gradients are not scaled) or "scale" (the rotations
   stay what they are).
3. Rotations that are given are taken as they are: floats are seldom exactly orthogonal.

*State*: the rotations, the lengths |g_k(0)| and the number of steps. The lengths are those of the
first step, and once more those of step ``burn_in``, unless that is 0. A fresh state takes the
rotations from the inputs, or the identity of size d.

*Degenerate cases.* A gradient that is 0 has no unit vector: it adds nothing, its rotation stays.
*Undefined* with scaling where a gradient is 0 at a step whose lengths are kept, or all are 0. Where
the best rotation of a task is not unique (or m > 3, and its matrix is singular) no rotations are
told, and the next step is undefined.
"""

from collections.abc import Sequence
from math import isqrt
from typing import cast

from flint import arb, fmpq

from mtl_reference.enclosure import Number, Real, Vector, decide, real
from mtl_reference.method import Answer, Kind, Method, Output, Parameter, State, chosen, finite
from mtl_reference.pairing import added, inner, length
from mtl_reference.rational import Jacobian, Rows, Scalar, jacobian, matrix
from mtl_reference.rotation import nearest_rotation
from mtl_reference.surd import Surd
from mtl_reference.vectors import simplest

MODES = ("both", "rotate", "scale")

METHOD = Method(
    id="rotograd",
    paper="[JV22] Javaloy, Valera: RotoGrad: Gradient Homogenization in Multitask Learning (2022)",
    number_field="sums of square roots, then balls",
    parameters=(
        Parameter("mode", "both", "whether gradients are rotated, scaled, or both", choices=MODES),
        Parameter("burn_in", 20, "the step whose lengths replace the first ones; 0: none", 0.0),
    ),
    inputs=("jacobian", "rotations"),
    outputs=("direction", "task_gradients", "rotations"),
    stateful=True,
    perturbation="rows",
)

Square = tuple[Vector, ...]  # (m, m), row by row


def direction(
    rows: Rows,
    *,
    rotations: Sequence[Sequence[Scalar]] | None = None,
    mode: str = "both",
    burn_in: float = 20,
    state: State | None = None,
) -> Answer:
    """Gradient of the representation (d,), its part for each task (T, d), the next rotations.

    ``rows`` (T, b m) are the gradients by the rotated representations, ``rotations`` (T, m m)
    hold one matrix a task, row after row. ValueError for numbers that are not finite, another
    number of rotations than of rows, and sizes m that are not whole or do not part d.

    >>> print(*direction([(0, 3), (4, 0)], mode="scale").exact)
    7/2 7/2
    """
    chosen("mode", mode, MODES)
    gradients, kept = jacobian(rows), finite("burn_in", burn_in)
    step = cast("int", state["step"]) if state is not None else 0
    turns = _first(gradients, rotations) if state is None else cast("Sequence[Square]",
                                                                    state["rotations"])  # fmt: skip
    if not turns:
        return Answer(Kind.UNDEFINED, reason="the step before left no unique rotations",
                      state={**(state or {}), "step": step + 1})  # fmt: skip
    table = [gradients.row(task) for task in range(gradients.tasks)]
    turned = [_turned_back(turn, row) for turn, row in zip(turns, table, strict=True)]
    lengths = [length(vector) if any(row) else fmpq(0)
               for vector, row in zip(turned, table, strict=True)]  # fmt: skip
    anew = state is None or step == kept > 0
    first = lengths if anew else cast("Vector", cast("State", state)["lengths"])
    after: dict[str, object] = {"step": step + 1, "lengths": tuple(first), "rotations": turns}
    if mode != "rotate":
        reason = _no_scale(lengths, first)
        if reason:
            return Answer(Kind.UNDEFINED, reason=reason, state=after)
    units = [_unit(vector, size) for vector, size in zip(turned, lengths, strict=True)]
    parts = turned if mode == "rotate" else _scaled(units, _common(lengths, first))
    outputs: dict[str, Output] = {"direction": _summed(parts), "task_gradients": tuple(parts)}
    if mode != "scale":
        after["rotations"] = found = _followed(table, turns, _summed(units))
        if found:
            outputs["rotations"] = tuple(tuple(entry for row in turn for entry in row)
                                         for turn in found)  # fmt: skip
    return Answer(Kind.EXACT, outputs, state=after)


def _first(gradients: Jacobian, rotations: Sequence[Sequence[Scalar]] | None) -> tuple[Square, ...]:
    """The rotations of a fresh state: those given, or the identity."""
    if rotations is None:
        size = gradients.width
        identity = tuple(tuple(fmpq(int(i == j)) for j in range(size)) for i in range(size))
        return (identity,) * gradients.tasks
    flat = matrix("rotations", rotations)
    size = isqrt(len(flat[0]))
    if len(flat) != gradients.tasks or size * size != len(flat[0]) or gradients.width % size:
        message = (f"rotations must be ({gradients.tasks}, m m) numbers, m a divisor of "
                   f"{gradients.width} (got {len(flat)} rows of {len(flat[0])})")  # fmt: skip
        raise ValueError(message)
    return tuple(tuple(row[size * i : size * (i + 1)] for i in range(size)) for row in flat)


def _turned_back(turn: Square, row: Sequence[fmpq]) -> Vector:
    """R' x for each sample x of a row: the gradients by z [JV22]."""
    size = len(turn)
    columns = [tuple(line[j] for line in turn) for j in range(size)]
    starts = range(0, len(row), size)
    return tuple(inner(column, row[n : n + size]) for n in starts for column in columns)


def _no_scale(lengths: Vector, first: Vector) -> str:
    """Why the gradients have no common length; empty where they have."""
    for task, size in enumerate(first):
        if decide(size) == 0:
            return f"the gradient of task {task} is 0 at the step whose lengths are kept"
    return "" if any(decide(size) != 0 for size in lengths) else "all gradients are 0"


def _unit(vector: Vector, size: Number) -> Vector:
    """A vector over its length; zeros where that is 0."""
    if decide(size) == 0:
        return (fmpq(0),) * len(vector)
    return tuple(_simple(entry / size) for entry in vector)


def _common(lengths: Vector, first: Vector) -> Number:
    """C: the lengths' mean, weighed by their ratios to the first ones [JV22]."""
    ratios = [_simple(now / then) for now, then in zip(lengths, first, strict=True)]
    return _quotient(inner(ratios, lengths), added(ratios))


def _quotient(above: Number, below: Number) -> Number:
    """A quotient, as a ball unless the divisor is rational: quotients of sums of roots grow."""
    if isinstance(below, fmpq):
        return above / below
    left, right = real(above), real(below)

    def ball(bits: int) -> arb:
        return left.enclosure(bits) / right.enclosure(bits)

    return Real(ball)


def _scaled(units: Sequence[Vector], common: Number) -> list[Vector]:
    """The unit vectors, all of one length; coordinates that are 0 stay exact."""
    return [tuple(fmpq(0) if _is_zero(entry) else common * entry for entry in unit)
            for unit in units]  # fmt: skip


def _followed(
    table: Sequence[Vector], turns: Sequence[Square], reference: Vector
) -> tuple[Square, ...]:
    """The rotations nearest to sum_n row_{n,k} v_n' [JV22]; () where one is not unique."""
    found: list[Square] = []
    for row, turn in zip(table, turns, strict=True):
        size = len(turn)
        samples = range(0, len(row), size)
        products = [
            [inner([row[n + i] for n in samples], [reference[n + j] for n in samples])
             for j in range(size)]
            for i in range(size)
        ]  # fmt: skip
        best = nearest_rotation(products) if any(row) else turn
        if best is None:
            return ()
        found.append(best)
    return tuple(found)


def _summed(vectors: Sequence[Vector]) -> Vector:
    return tuple(added(column) for column in zip(*vectors, strict=True))


def _simple(number: Number) -> Number:
    return simplest(number) if isinstance(number, Surd) else number


def _is_zero(number: Number) -> bool:
    return not isinstance(number, Real) and number == 0
