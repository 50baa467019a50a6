"""The law of RotoGrad: rotations stay rotations, none is better, and the scale's formula."""

from collections.abc import Iterator, Sequence
from math import isqrt
from typing import cast

from flint import fmpq, fmpq_mat
from hypothesis import strategies as st

from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.method import Relation
from properties.example import Example, Margin, Observation, Rows, Subject
from properties.laws.cagrad_mgda import certified
from properties.laws.law import Extra, Law, ask, difference, dot, first_slope, norm, rows_of, sum_of
from properties.question import state_before


def _rotation(example: Example, subject: Subject) -> Iterator[Margin]:
    """The certificate; and tr R'M >= tr Q'M for a rotation Q that is drawn."""
    yield from certified(example, subject)
    seen = ask(subject, example)
    found = cast("tuple[Vector, ...]", seen.outputs.get("rotations", ()))
    for task, turn in enumerate(found):
        products = _products(example, seen, task)
        other = _cayley(cast("Sequence[int]", example.extra["skew"]), isqrt(len(turn)))
        value = dot(difference(turn, other), products)
        slopes = first_slope("rotations", norm(products))
        name = f"the rotation of task {task} is no worse than another"
        yield Margin(name, Relation.NONNEGATIVE, value, (seen,), slopes)


def _products(example: Example, seen: Observation, task: int) -> Vector:
    """M = sum_n row_n v_n', row after row, v the sum of the gradients over their lengths."""
    rows = rows_of(seen)
    units = []
    for row, turn in zip(rows, _turns(example, len(rows[0])), strict=True):
        size = isqrt(len(turn))
        turned = [
            dot(row[n : n + size], turn[j::size]) for n in range(0, len(row), size)
            for j in range(size)
        ]  # fmt: skip
        length = norm(turned)
        if decide(length) == 1:
            units.append(tuple(entry / length for entry in turned))
    reference = sum_of(units) if units else (fmpq(0),) * len(rows[0])
    size = isqrt(len(_turns(example, len(rows[0]))[task]))
    samples = range(0, len(rows[task]), size)
    return [
        dot([rows[task][n + i] for n in samples], [reference[n + j] for n in samples])
        for i in range(size) for j in range(size)
    ]  # fmt: skip


def _turns(example: Example, width: int) -> Sequence[Vector]:
    """The rotations before the step, each row after row."""
    state = state_before(example)
    if state is not None:
        turns = cast("Sequence[Sequence[Vector]]", state["rotations"])
        return [[entry for row in turn for entry in row] for turn in turns]
    if "rotations" not in example.inputs:
        identity = [fmpq(int(i == j)) for i in range(width) for j in range(width)]
        return [identity] * example.tasks
    return [[fmpq(*float(entry).as_integer_ratio()) for entry in turn]
            for turn in example.inputs["rotations"]]  # fmt: skip


def _cayley(skew: Sequence[int], size: int) -> Sequence[Number]:
    """The rational rotation (1 - S) (1 + S)^-1 of a skew matrix S."""
    entries, matrix = iter(skew), fmpq_mat(size, size)
    for i in range(size):
        for j in range(i):
            matrix[i, j] = fmpq(next(entries), 2)
            matrix[j, i] = -matrix[i, j]
    one = fmpq_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
    return ((one - matrix) * (one + matrix).inv()).entries()


def _skews(_rows: Rows, _dtype: str) -> st.SearchStrategy[Extra]:
    """Entries of a skew matrix, of up to three rows."""
    entries = st.lists(st.integers(-4, 4), min_size=3, max_size=3)
    return entries.map(lambda skew: {"skew": skew})


LAWS = (
    Law("rotograd-rotation", "D", "The rotations have determinant 1 and orthogonal columns, and no"
        " other one is nearer; the scaled gradients have the common length.", "none", "X F",
        _rotation, ("generic", "conflicting", "wide", "aligned", "orthogonal", "zero_row"), _skews,
        needs=("direction", "task_gradients", "rotations")),
)  # fmt: skip
