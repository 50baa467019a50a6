"""The laws of any aggregator that compare answers: the symmetries of the input."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeVar, cast

from flint import fmpq
from hypothesis import strategies as st

from mtl_reference import METHODS, QUANTITIES
from mtl_reference.enclosure import Vector
from mtl_reference.method import ParameterValue
from properties.example import Example, Margin, Rows, Subject
from properties.jacobians import Row, representable
from properties.laws.aggregators import GENERAL
from properties.laws.law import (
    BOTH,
    Extra,
    Law,
    ask,
    both_slopes,
    direction,
    main_output,
    same,
    sum_of,
    task_gradients,
    times,
)
from properties.laws.scaling import SMALL, stays_exact
from properties.question import Change, along, changed

DRAWN = ("uniforms",)  # randomness with an axis of parameters
Matrix = Sequence[Sequence[int]]
Entry = TypeVar("Entry")


def permuted(example: Example, permutation: Sequence[int]) -> Example:
    """The example with task permutation[i] in the place of task i; all that is a task's moves."""
    places = {task: place for place, task in enumerate(permutation)}
    move = along("T", lambda values: [values[i] for i in permutation])

    def change(name: str, values: Any) -> Any:  # noqa: ANN401  (of any shape)
        if name == "orders":
            return tuple(tuple(places[j] for j in values[i]) for i in permutation)
        if name == "sample":
            return tuple(places[int(task)] for task in values)
        return move(name, values)

    return replace(changed(example, change), params=_permuted_params(example, permutation))


def _permuted_params(example: Example, permutation: Sequence[int]) -> Mapping[str, ParameterValue]:
    """Parameters that hold one number a task are permuted along."""
    shapes = {each.name: each.shape for each in METHODS[example.method].parameters}
    return {
        name: tuple(value[i] for i in permutation)
        if isinstance(value, (tuple, list)) and shapes.get(name) == ("T",)
        else value
        for name, value in example.params.items()
    }


def _permutations(rows: Rows, _dtype: str) -> st.SearchStrategy[Extra]:
    return st.permutations(range(len(rows))).map(lambda order: {"permutation": list(order)})


def permutation_margins(example: Example, subject: Subject) -> Iterator[Margin]:
    """A(PG) = A(G), and what belongs to a task is permuted along.

    Weights beside a direction are left out: where they are not unique they need not move along.
    """
    permutation = cast("list[int]", example.extra["permutation"])
    before, after = ask(subject, example), ask(subject, permuted(example, permutation))
    both, main = (before, after), METHODS[example.method].main
    move = along("T", lambda values: [values[i] for i in permutation])
    named = main if "T" not in QUANTITIES[main].shape else f"{main} permuted along"
    name = "A(PG) = A(G)" if main == "direction" else named
    expected = cast("Vector", move(main, main_output(before)))
    yield from same(name, main_output(after), expected, both, both_slopes(before))
    if "task_gradients" in before.outputs and "task_gradients" in after.outputs:
        slopes = both_slopes(before, "task_gradients")
        for place, task in enumerate(permutation):
            old, new = task_gradients(before)[task], task_gradients(after)[place]
            yield from same(f"gradient of task {task}", new, old, both, slopes)


def _orthogonal(example: Example, subject: Subject) -> Iterator[Margin]:
    """Q = M / k with M, k whole: k G and G M = (k G) Q are both exact.

    Where an input may not be multiplied by k (it is no gradient) or leaves the dtype, the signed
    permutation alone is taken.
    """
    matrix, factor = cast("Matrix", example.extra["matrix"]), cast("int", example.extra["factor"])
    if factor != 1 and not _turns_exactly(example, matrix, factor):
        matrix, factor = cast("Matrix", example.extra["signed"]), 1
    first = ask(subject, changed(example, _over_columns(lambda row: _times(row, factor))))
    second = ask(subject, changed(example, _over_columns(lambda row: product((row,), matrix)[0])))
    columns = zip(direction(first), matrix, strict=True)
    turned = sum_of([times(d, tuple(fmpq(m, factor) for m in row)) for d, row in columns])
    yield from same("A(GQ) = A(G)Q", direction(second), turned, (first, second), BOTH)


def _over_columns(act: Callable[[Row], Row]) -> Change:
    """The change of the real inputs that have an axis of parameters, row by row."""
    over = along("d", act)

    def change(name: str, values: Any) -> Any:  # noqa: ANN401  (of any shape)
        return values if name in DRAWN or QUANTITIES[name].kind != "real" else over(name, values)

    return change


def _turns_exactly(example: Example, matrix: Matrix, factor: int) -> bool:
    """Whether all that turns may be multiplied by the factor, and stays exact when turned.

    The jacobian was drawn so; other gradients are looked at here.
    """
    method, dtype = METHODS[example.method], str(example.extra.get("dtype", "float64"))
    others = [(name, step.inputs[name]) for step in example.steps
              for name in step.inputs if "d" in QUANTITIES[name].shape]  # fmt: skip
    rows = [step.rows for step in example.earlier if step.rows]
    for name, values in others:
        if name not in method.rows:
            return False
        rows.append(values if len(QUANTITIES[name].shape) > 1 else (values,))
    return all(
        stays_exact(each, [float(factor)], dtype) and _exact_product(each, matrix, dtype)
        for each in rows
    )


def _times(row: Row, factor: float) -> Row:
    return tuple(entry * factor for entry in row)


def product(rows: Rows, matrix: Matrix) -> Rows:
    """Rows times a whole matrix, exact; OverflowError beyond the range of floats."""
    columns = list(zip(*matrix, strict=True))
    exact = [[Fraction(entry) for entry in row] for row in rows]
    return tuple(tuple(float(_sum(row, column)) for column in columns) for row in exact)


def _sum(row: Sequence[Fraction], column: Sequence[int]) -> Fraction:
    return sum((a * b for a, b in zip(row, column, strict=True) if b), Fraction(0))


TRIPLES = ((3, 4, 5), (5, 12, 13), (8, 15, 17))


@st.composite
def _rotations(draw: st.DrawFn, rows: Rows, dtype: str) -> Extra:
    """A signed permutation, alone or after a Pythagorean rotation or a Householder reflection."""
    width = len(rows[0])
    places = draw(st.permutations(range(width)))
    signs = draw(st.tuples(*[st.sampled_from((1, -1))] * width))
    matrix = [[signs[i] * (places[i] == j) for j in range(width)] for i in range(width)]
    turned, factor = draw(st.sampled_from(_turns(width)))
    columns = list(zip(*matrix, strict=True))
    mixed = [
        [sum(a * m for a, m in zip(row, column, strict=True)) for column in columns]
        for row in turned
    ]
    if stays_exact(rows, [float(factor)], dtype) and _exact_product(rows, mixed, dtype):
        return {"matrix": mixed, "factor": factor, "signed": matrix}
    return {"matrix": matrix, "factor": 1}


def _turns(width: int) -> list[tuple[list[list[int]], int]]:
    """Whole matrices M with M M' = k^2, as pairs (M, k)."""
    identity = [[int(i == j) for j in range(width)] for i in range(width)]
    turns = [(identity, 1)]
    if width >= 2:  # noqa: PLR2004  (a plane)
        for a, b, c in TRIPLES:
            turn = [[c * entry for entry in row] for row in identity]
            turn[0][:2], turn[1][:2] = [a, -b], [b, a]
            turns.append((turn, c))
        ones = [[width * (i == j) - 2 for j in range(width)] for i in range(width)]
        turns.append((ones, width))
    return turns


def _exact_product(rows: Rows, matrix: Matrix, dtype: str) -> bool:
    columns = list(zip(*matrix, strict=True))
    return all(
        representable(sum(Fraction(a) * b for a, b in zip(row, column, strict=True)), dtype)
        for row in rows
        for column in columns
    )


def _zero_padding(example: Example, subject: Subject) -> Iterator[Margin]:
    places = cast("list[int]", example.extra["zeros"])
    first, second = ask(subject, example), ask(subject, changed(example, _padding(places)))
    expected = tuple(padded(direction(first), places, fmpq(0)))
    yield from same("padded with zeros", direction(second), expected, (first, second), BOTH)


def _padding(places: Sequence[int]) -> Change:
    """The change that puts zeros in, and for randomness one half."""

    def change(name: str, values: Any) -> Any:  # noqa: ANN401  (of any shape)
        filler = 0.5 if name in DRAWN else 0.0
        return along("d", lambda row: padded(row, places, filler))(name, values)

    return change


def padded(row: Sequence[Entry], places: Sequence[int], zero: Entry) -> list[Entry]:
    """The row with zeros put in, one after the other, at the places."""
    result = list(row)
    for place in places:
        result.insert(place, zero)
    return result


def _paddings(rows: Rows, _dtype: str) -> st.SearchStrategy[Extra]:
    places = st.lists(st.integers(0, len(rows[0])), min_size=1, max_size=4)
    return places.map(lambda zeros: {"zeros": zeros})


def _gramian(example: Example, subject: Subject) -> Iterator[Margin]:
    """Each column repeated four times, halved: other gradients with the same inner products."""
    first = ask(subject, example)
    spread = _over_columns(lambda row: tuple(entry / 2 for entry in row for _ in range(4)))
    second = ask(subject, changed(example, spread))
    expected = tuple(entry * fmpq(1, 2) for entry in direction(first) for _ in range(4))
    both = (first, second)
    yield from same("same Gramian, same weights", direction(second), expected, both, BOTH)


LAWS = (
    Law("permutation", "A", "A(PG) = A(G), and what belongs to a task moves along.",
        "orders relabelled along", "P X F", permutation_margins, GENERAL, _permutations,
        needs=(), replays=True),
    Law("orthogonal", "A", "A(GQ) = A(G)Q for orthogonal Q.",
        "Q rational: signed permutations, Pythagorean rotations, reflections", "X F",
        _orthogonal, GENERAL, _rotations, replays=True),
    Law("zero-padding", "A", "Columns of zeros change nothing but the width.", "none", "X F",
        _zero_padding, SMALL, _paddings, replays=True),
    Law("gramian", "A", "The weights depend on the jacobian only through its Gramian.", "none",
        "X", _gramian, SMALL, replays=True),
)  # fmt: skip
