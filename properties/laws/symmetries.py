"""The laws of any aggregator that compare answers: the symmetries of the input."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ldexp
from typing import TypeVar, cast

from flint import fmpq
from hypothesis import strategies as st

from mtl_reference.rational import rational
from properties.example import Example, Margin, Rows, Subject
from properties.jacobians import representable
from properties.laws.aggregators import GENERAL, REGULAR
from properties.laws.law import (
    BOTH,
    Extra,
    Law,
    ask,
    direction,
    parallel,
    same,
    sum_of,
    task_gradients,
    times,
)

Matrix = Sequence[Sequence[int]]
Entry = TypeVar("Entry")


def permuted(example: Example, permutation: Sequence[int]) -> Example:
    """The example with task i in the place of task permutation[i], orders relabelled along."""
    places = {task: place for place, task in enumerate(permutation)}
    orders = example.orders
    if orders is not None:
        orders = tuple(tuple(places[j] for j in orders[i]) for i in permutation)
    return replace(example, rows=tuple(example.rows[i] for i in permutation), orders=orders)


def _permutations(rows: Rows, _dtype: str) -> st.SearchStrategy[Extra]:
    return st.permutations(range(len(rows))).map(lambda order: {"permutation": list(order)})


def permutation_margins(example: Example, subject: Subject) -> Iterator[Margin]:
    """A(PG) = A(G), and the tasks' gradients are permuted along."""
    permutation = cast("list[int]", example.extra["permutation"])
    before, after = ask(subject, example), ask(subject, permuted(example, permutation))
    both = (before, after)
    yield from same("A(PG) = A(G)", direction(after), direction(before), both, BOTH)
    if "task_gradients" in before.outputs and "task_gradients" in after.outputs:
        slopes = {(0, "task_gradients"): fmpq(1), (1, "task_gradients"): fmpq(1)}
        for place, task in enumerate(permutation):
            old, new = task_gradients(before)[task], task_gradients(after)[place]
            yield from same(f"gradient of task {task}", new, old, both, slopes)


def _orthogonal(example: Example, subject: Subject) -> Iterator[Margin]:
    """Q = M / k with M, k whole: k G and G M = (k G) Q are both exact."""
    matrix, factor = cast("Matrix", example.extra["matrix"]), cast("int", example.extra["factor"])
    first = ask(subject, replace(example, rows=scaled_rows(example.rows, [float(factor)])))
    second = ask(subject, replace(example, rows=product(example.rows, matrix)))
    columns = zip(direction(first), matrix, strict=True)
    turned = sum_of([times(d, tuple(fmpq(m, factor) for m in row)) for d, row in columns])
    yield from same("A(GQ) = A(G)Q", direction(second), turned, (first, second), BOTH)


def product(rows: Rows, matrix: Matrix) -> Rows:
    """Rows times a whole matrix, exact; OverflowError beyond the range of floats."""
    columns = list(zip(*matrix, strict=True))
    exact = [[Fraction(entry) for entry in row] for row in rows]
    return tuple(tuple(float(_sum(row, column)) for column in columns) for row in exact)


def _sum(row: Sequence[Fraction], column: Sequence[int]) -> Fraction:
    return sum((a * b for a, b in zip(row, column, strict=True) if b), Fraction(0))


def scaled_rows(rows: Rows, factors: Sequence[float]) -> Rows:
    """Rows times one factor, or each times its own."""
    factors = list(factors) * (len(rows) if len(factors) == 1 else 1)
    return tuple(
        tuple(entry * factor for entry in row) for row, factor in zip(rows, factors, strict=True)
    )


def _exact(rows: Rows, factors: Sequence[float], dtype: str) -> bool:
    """Whether rows times factors are numbers of the dtype."""
    factors = list(factors) * (len(rows) if len(factors) == 1 else 1)
    return all(
        representable(Fraction(entry) * Fraction(factor), dtype)
        for row, factor in zip(rows, factors, strict=True)
        for entry in row
    )


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
    if _exact(rows, [float(factor)], dtype) and _exact_product(rows, mixed, dtype):
        return {"matrix": mixed, "factor": factor}
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
    first = ask(subject, example)
    wide = tuple(tuple(padded(row, places, 0.0)) for row in example.rows)
    second = ask(subject, replace(example, rows=wide))
    expected = tuple(padded(direction(first), places, fmpq(0)))
    yield from same("padded with zeros", direction(second), expected, (first, second), BOTH)


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
    """Each column repeated four times, halved: another jacobian with the same Gramian."""
    first = ask(subject, example)
    spread = tuple(tuple(entry / 2 for entry in row for _ in range(4)) for row in example.rows)
    second = ask(subject, replace(example, rows=spread))
    expected = tuple(entry * fmpq(1, 2) for entry in direction(first) for _ in range(4))
    both = (first, second)
    yield from same("same Gramian, same weights", direction(second), expected, both, BOTH)


def _homogeneous(example: Example, subject: Subject) -> Iterator[Margin]:
    scale = cast("float", example.extra["scale"])
    first = ask(subject, example)
    second = ask(subject, replace(example, rows=scaled_rows(example.rows, [scale])))
    factor = rational(scale)
    slopes = {(0, "direction"): factor, (1, "direction"): fmpq(1)}
    expected = times(factor, direction(first))
    name = f"A(sG) = s A(G) at s = {scale:.3g}"
    yield from same(name, direction(second), expected, (first, second), slopes)


@st.composite
def _scales(draw: st.DrawFn, rows: Rows, dtype: str, *, widest: int = 26) -> Extra:
    """2**k, or an odd number times 2**k where that stays exact; 1e-8 to 1e8 unless told."""
    exponent = draw(st.integers(-widest, widest))
    odd = draw(st.sampled_from((1, 3, 5, 7, 25))) if abs(exponent) <= widest - 5 else 1
    scale = ldexp(odd, exponent)
    return {"scale": scale if _exact(rows, [scale], dtype) else ldexp(1, exponent)}


def _far_scales(rows: Rows, dtype: str) -> st.SearchStrategy[Mapping[str, object]]:
    """Beyond 1e-8 to 1e8: to 1e-30 and 1e30."""
    far = st.integers(27, 100).flatmap(lambda k: st.sampled_from((k, -k)))
    scales = far.map(lambda k: ldexp(1.0, k))
    return scales.filter(lambda s: _exact(rows, [s], dtype)).map(lambda s: {"scale": s})


def _row_scaling(example: Example, subject: Subject) -> Iterator[Margin]:
    factors = cast("list[float]", example.extra["factors"])
    first = ask(subject, example)
    second = ask(subject, replace(example, rows=scaled_rows(example.rows, factors)))
    both = (first, second)
    yield from parallel("parallel", direction(first), direction(second), both, BOTH)


def _row_factors(rows: Rows, _dtype: str) -> st.SearchStrategy[Extra]:
    """Powers of two in ratios up to 1e8."""
    exponents = st.tuples(*[st.integers(-13, 13)] * len(rows))
    return exponents.map(lambda ks: {"factors": [ldexp(1.0, k) for k in ks]})


SMALL = ("generic", "conflicting", "all_conflicting", "aligned", "dependent", "near_tie",
         "antiparallel", "zero_row", "duplicate", "tall", "self_opposing",
         "stationary")  # fmt: skip

LAWS = (
    Law("permutation", "A", "A(PG) = A(G), and what belongs to a task moves along.",
        "orders relabelled along", "P X F", permutation_margins, GENERAL, _permutations,
        replays=True),
    Law("orthogonal", "A", "A(GQ) = A(G)Q for orthogonal Q.",
        "Q rational: signed permutations, Pythagorean rotations, reflections", "X F",
        _orthogonal, GENERAL, _rotations, replays=True),
    Law("zero-padding", "A", "Columns of zeros change nothing but the width.", "none", "X F",
        _zero_padding, SMALL, _paddings, replays=True),
    Law("gramian", "A", "The weights depend on the jacobian only through its Gramian.", "none",
        "X", _gramian, SMALL, replays=True),
    Law("homogeneous", "A", "A(sG) = s A(G).", "s from 1e-8 to 1e8", "P X F", _homogeneous, SMALL,
        _scales, replays=True),
    Law("homogeneous-range", "A", "A(sG) = s A(G) at far scales; tells the range where it holds.",
        "s beyond 1e-8 to 1e8, to 1e-30 and 1e30", "X F", _homogeneous,
        ("generic", "conflicting"), _far_scales, gates=False, replays=True),
    Law("row-scaling", "A", "A(diag(c)G) is parallel to A(G), up to sign.",
        "c > 0, ratios to 1e8", "X F", _row_scaling, REGULAR, _row_factors, replays=True),
)  # fmt: skip
