"""The vocabulary of inputs: strategies of jacobians, each built so that it reaches one hard place.

Every entry is a float that the dtype holds exactly. Entries are small integers or full mantissas
over a fixed power of two, so that sums stay exact where a family builds one row from others, and
so that failures shrink to small whole numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import frexp, ldexp
from struct import pack, unpack
from types import MappingProxyType
from typing import final

from hypothesis import strategies as st
from hypothesis.internal.conjecture.data import ConjectureData

from properties.example import Rows

Row = tuple[float, ...]
Build = Callable[[int, int, str], st.SearchStrategy[Rows]]

PRECISION: Mapping[str, int] = MappingProxyType({"float64": 53, "float32": 24, "bfloat16": 8})
TINY: Mapping[str, int] = MappingProxyType({"float64": -1074, "float32": -149, "bfloat16": -133})
EVEN_BITS = 22
SPREAD = 0x9E3779B97F4A7C15  # the golden ratio in 64 bits, odd: multiples spread over all digits
FEW = 63  # whole numbers up to here are drawn evenly
SPARE = 6  # bits left free where rows are summed: 7 terms, doubled, in halves


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of jacobian: what it promises, the tasks that it needs, and how it is built.

    Calling it gives a strategy of (tasks, width) rows; ``wide`` and ``tall`` bend the width, and
    families that need room for a construction widen it to ``least_width`` of the tasks.
    """

    name: str
    promise: str
    build: Build
    least_tasks: int = 1
    most_tasks: int = 1000
    least_width: Callable[[int], int] = lambda _: 1

    def __call__(self, tasks: int, width: int, dtype: str) -> st.SearchStrategy[Rows]:
        """Strategy of jacobians of shape (tasks, width) whose entries ``dtype`` holds."""
        if not self.least_tasks <= tasks <= self.most_tasks:
            message = f"tasks of {self.name} must be at least {self.least_tasks} (got {tasks})"
            raise ValueError(message)
        return _built(self.build, tasks, max(width, self.least_width(tasks)), dtype)


@cache
def _built(build: Build, tasks: int, width: int, dtype: str) -> st.SearchStrategy[Rows]:
    """A family's strategy, kept: to check one takes Hypothesis longer than to draw from it."""
    return build(tasks, width, dtype)


def representable(number: Fraction | float, dtype: str) -> bool:
    """Whether a number is exactly a finite ``dtype``."""
    try:
        rounded = float(number)
        if rounded != number:
            return False
        if dtype == "float64":
            return True
        word = pack(">f", rounded)
    except OverflowError:
        return False
    exact = bool(unpack(">f", word)[0] == rounded)
    return exact and (dtype == "float32" or word[2:] == b"\0\0")


def inner(left: Sequence[float], right: Sequence[float]) -> Fraction:
    """Exact inner product of two rows."""
    pairs = zip(left, right, strict=True)
    return sum((Fraction(a) * Fraction(b) for a, b in pairs), Fraction(0))


@cache
def orders(tasks: int) -> st.SearchStrategy[tuple[tuple[int, ...], ...]]:
    """For each task an order in which it meets the others."""
    others = [[j for j in range(tasks) if j != i] for i in range(tasks)]
    return st.tuples(*(st.permutations(rest).map(tuple) for rest in others))


def natural_orders(tasks: int) -> tuple[tuple[int, ...], ...]:
    """Every task meets the others in the order of their numbers."""
    return tuple(tuple(j for j in range(tasks) if j != i) for i in range(tasks))


@final
class Whole(st.SearchStrategy[Rows]):
    """Rows (tasks, width) of numbers told by whole ones from -most to most, drawn in one piece.

    Strategies nested in strategies would draw the same, and take three times as long about it.
    """

    def __init__(self, tasks: int, width: int, most: int, told: Callable[[int], float]) -> None:
        super().__init__()
        self.tasks, self.width, self.most, self.told = tasks, width, most, told
        ends = {-most: 2, 1 - most: 1, most - 1: 1, most: 2}  # as Hypothesis has them, of 128
        self.weights = {n: share / 128 for n, share in ends.items()} if most > FEW else None

    def __repr__(self) -> str:
        """The shape and the largest number."""
        return f"Whole({self.tasks}, {self.width}, most={self.most})"

    def do_draw(self, data: ConjectureData) -> Rows:
        """Draw entry by entry."""
        draw, told, most, weights = data.draw_integer, self.told, self.most, self.weights
        return tuple(
            tuple(told(draw(-most, most, weights=weights)) for _ in range(self.width))
            for _ in range(self.tasks)
        )


@cache
def _small(tasks: int, width: int) -> st.SearchStrategy[Rows]:
    """Rows of whole numbers up to 4."""
    return Whole(tasks, width, 4, float)


@cache
def _matrix(tasks: int, width: int, dtype: str, spare: int = 0) -> st.SearchStrategy[Rows]:
    """Rows of small integers, or of full mantissas (less ``spare`` bits) below 4."""
    return st.one_of(_small(tasks, width), _full(tasks, width, PRECISION[dtype] - spare))


@cache
def _full(tasks: int, width: int, bits: int) -> st.SearchStrategy[Rows]:
    """Rows of mantissas of up to ``bits`` bits, most of them that long, over a power of two.

    Hypothesis draws mostly short numbers from wide ranges; it draws evenly from 2**23 numbers, and
    the low digits follow from the high ones.
    """
    low = max(bits - EVEN_BITS, 0)

    def told(head: int) -> float:
        mantissa = (head << low) + (head * SPREAD) % (1 << low)
        return ldexp(mantissa, 2 - bits)

    return Whole(tasks, width, 2 ** (bits - low) - 1, told)


def _scaled(row: Row, factor: float) -> Row:
    return tuple(factor * entry + 0.0 for entry in row)  # + 0.0: no negative zeros


def _sum(rows: Sequence[Row]) -> Row:
    return tuple(sum(column) for column in zip(*rows, strict=True))


def _unit(width: int, at: int, value: float = 1.0) -> Row:
    return tuple(value if j == at else 0.0 for j in range(width))


def _nudged(row: Row, at: int, by: float) -> Row:
    return tuple(entry + by if j == at else entry for j, entry in enumerate(row))


def _step(dtype: str) -> float:
    """Return the dtype's spacing between 8 and 16: exact to add to entries on its grid."""
    return ldexp(1.0, 4 - PRECISION[dtype])


def _shuffled(draw: st.DrawFn, rows: Sequence[Row]) -> Rows:
    return tuple(rows[i] for i in draw(st.permutations(range(len(rows)))))


def _nonzero(row: Row) -> Row:
    return row if any(row) else _unit(len(row), 0)


@st.composite
def _conflicting(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> Rows:
    rows = list(draw(_matrix(tasks, width, dtype)))
    pairs = [(i, j, inner(rows[i], rows[j])) for i, j in combinations(range(tasks), 2)]
    if any(product < 0 for *_, product in pairs):
        return tuple(rows)
    positive = [j for _, j, product in pairs if product > 0]
    if positive:
        rows[positive[0]] = _scaled(rows[positive[0]], -1.0)
    else:
        rows[0] = _nonzero(rows[0])
        rows[1] = _scaled(rows[0], -1.0)
    return tuple(rows)


@st.composite
def _all_conflicting(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> Rows:
    """Rows a_i e_i - 1 with a_i > T: independent, every inner product -a_i - a_j + T < 0."""
    peaks = draw(st.tuples(*[st.integers(tasks + 1, tasks + 6)] * tasks))
    signs = draw(st.tuples(*[st.sampled_from((1.0, -1.0))] * width))
    scales = draw(st.tuples(*[st.integers(-3, 3)] * tasks))
    places = draw(st.permutations(range(width)))
    rows = []
    for i, (peak, exponent) in enumerate(zip(peaks, scales, strict=True)):
        row = [float(peak * (i == j) - (j < tasks)) for j in range(width)]
        rows.append(tuple(ldexp(signs[j] * row[j], exponent) for j in places))
    del dtype
    return tuple(rows)


@st.composite
def _aligned(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> Rows:
    rows = draw(_matrix(tasks, width, dtype))
    return tuple(_nonzero(tuple(abs(entry) for entry in row)) for row in rows)


@st.composite
def _dependent(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> Rows:
    rows = draw(_matrix(tasks - 1, width, dtype, SPARE))
    factors = draw(st.tuples(*[st.sampled_from((1.0, -1.0, 0.5, -2.0, 0.0))] * (tasks - 1)))
    last = _sum([_scaled(row, factor) for row, factor in zip(rows, factors, strict=True)])
    return _shuffled(draw, [*rows, last])


def _closed(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> list[Row]:
    """Non-zero rows with a positive combination that is zero."""
    rows = [_nonzero(row) for row in draw(_matrix(tasks - 1, width, dtype, SPARE))]
    factors = draw(st.tuples(*[st.sampled_from((1.0, 0.5, 2.0))] * (tasks - 1)))
    last = _sum([_scaled(row, -factor) for row, factor in zip(rows, factors, strict=True)])
    if not any(last):
        rows[0] = _scaled(rows[0], 2.0)
        last = _sum([_scaled(row, -factor) for row, factor in zip(rows, factors, strict=True)])
    return [*rows, last]


@st.composite
def _stationary(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> Rows:
    return _shuffled(draw, _closed(draw, tasks, width, dtype))


@st.composite
def _stationary_face(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> Rows:
    beside = draw(st.integers(1, tasks - 2))
    rows = _closed(draw, tasks - beside, width, dtype)
    return _shuffled(draw, [*rows, *draw(_matrix(beside, width, dtype))])


@st.composite
def _badly_scaled(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> Rows:
    """Norms at least 2**50 apart times the entries: 16 decades."""
    rows = [_nonzero(row) for row in draw(_matrix(tasks, width, dtype, 2))]
    between = draw(st.tuples(*[st.integers(-27, 27)] * (tasks - 2)))
    exponents = [-27, 27, *between]
    sizes = [frexp(max(abs(entry) for entry in row))[1] for row in rows]
    return _shuffled(
        draw,
        [_scaled(r, ldexp(1.0, e - k)) for r, e, k in zip(rows, exponents, sizes, strict=True)],
    )


@st.composite
def _near_tie(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> Rows:
    """Draw a pair with <u, v> = 0, |u| = |v| or <u, v> = <u, u>, up to one last place."""
    a, b = draw(st.integers(1, 4)), draw(st.integers(-3, 4))
    u = (float(a), float(b), *[0.0] * (width - 2))
    turned = (float(-b), float(a), *[0.0] * (width - 2))
    swapped = (float(b), float(-a), *[0.0] * (width - 2))
    v = draw(st.sampled_from((turned, swapped, _sum((u, turned)), _sum((u, swapped)))))
    v = _nudged(v, 0, draw(st.sampled_from((0.0, 1.0, -1.0))) * _step(dtype))
    return _shuffled(draw, [u, v, *draw(_matrix(tasks - 2, width, dtype))])


@st.composite
def _near_dependent(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> Rows:
    """Draw a pair whose second row is 1, -1 or 2 times the first, but for one last place."""
    row = draw(_small(1, width))[0]
    row = (float(draw(st.integers(1, 4))), *row[1:])
    factor = draw(st.sampled_from((1.0, -1.0, 2.0)))
    at = draw(st.integers(1, width - 1))
    moved = _nudged(_scaled(row, factor), at, draw(st.sampled_from((1, -1))) * _step(dtype))
    return _shuffled(draw, [row, moved, *draw(_matrix(tasks - 2, width, dtype))])


def _multiple(factors: Sequence[float]) -> Build:
    """Jacobians with a non-zero row that is another one times one of the factors."""

    @st.composite
    def build(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> Rows:
        rows = list(draw(_matrix(tasks - 1, width, dtype)))
        rows[0] = _nonzero(rows[0])
        return _shuffled(draw, [*rows, _scaled(rows[0], draw(st.sampled_from(list(factors))))])

    return build


@st.composite
def _zero_row(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> Rows:
    rows = draw(_matrix(tasks - 1, width, dtype)) if tasks > 1 else ()
    return _shuffled(draw, [*rows, (0.0,) * width])


def _wide(tasks: int, width: int, dtype: str) -> st.SearchStrategy[Rows]:
    return _matrix(tasks, max(width, 2 * tasks + 2), dtype)


def _tall(tasks: int, width: int, dtype: str) -> st.SearchStrategy[Rows]:
    return _matrix(tasks, min(width, tasks - 1), dtype)


@st.composite
def _denormal(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> Rows:
    rows = draw(Whole(tasks, width, 8, lambda m: ldexp(m, TINY[dtype])))
    least = _unit(width, 0, ldexp(1.0, TINY[dtype]))
    return tuple(row if any(row) else least for row in rows)


TURNING = (  # the first row, projected against the others in this order, ends against itself
    ((1, 0), (-1, 1), (-3, -1)),
    ((1, 0), (-1, 1), (-1, 0), (-1, -1)),
    ((1, 0), (-1, 1), (-3, -1), (0, -1)),
)


@st.composite
def _self_opposing(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> Rows:
    pattern = draw(st.sampled_from([rows for rows in TURNING if len(rows) <= tasks]))
    x, y = draw(st.permutations(range(width)))[:2]
    flip = draw(st.sampled_from((1.0, -1.0)))
    rows = []
    for a, b in pattern:
        size = ldexp(1.0, draw(st.integers(-2, 2)))
        rows.append(_nudged(_unit(width, x, a * size), y, flip * b * size))
    return _shuffled(draw, [*rows, *draw(_matrix(tasks - len(rows), width, dtype))])


@st.composite
def _orthogonal(draw: st.DrawFn, tasks: int, width: int, dtype: str) -> Rows:
    """Coordinate vectors in pairs (a, b), (-b, a), each row with its own power of two."""
    rows: list[Row] = []
    for i in range(0, tasks - 1, 2):
        a, b = float(draw(st.integers(1, 4))), float(draw(st.integers(-4, 4)))
        rows.append(_nudged(_unit(width, i, a), i + 1, b))
        rows.append(_nudged(_unit(width, i, -b), i + 1, a))
    if tasks % 2:
        rows.append(_unit(width, tasks - 1))
    sizes = draw(st.tuples(*[st.integers(-3, 3)] * tasks))
    del dtype
    return _shuffled(draw, [_scaled(r, ldexp(1.0, k)) for r, k in zip(rows, sizes, strict=True)])


def _two(_: int) -> int:
    return 2


def _square(tasks: int) -> int:
    return tasks


_FAMILIES = (
    Family("aligned", "no pair conflicts and no row is zero", _aligned),
    Family("all_conflicting", "independent rows, every pair conflicts", _all_conflicting, 2,
           least_width=_square),
    Family("antiparallel", "two rows point opposite ways", _multiple((-1.0, -2.0, -0.5)), 2),
    Family("badly_scaled", "norms 16 decades apart", _badly_scaled, 2),
    Family("conflicting", "at least one pair conflicts", _conflicting, 2),
    Family("denormal", "every entry is zero or subnormal, no row is zero", _denormal),
    Family("dependent", "a row is a combination of the others", _dependent, 2),
    Family("duplicate", "two rows are equal and not zero", _multiple((1.0,)), 2),
    Family("generic", "any rows", _matrix),
    Family("near_dependent", "a pair spans a plane by one last place", _near_dependent, 2,
           least_width=_two),
    Family("near_tie", "a sign or an order hangs on one last place", _near_tie, 2,
           least_width=_two),
    Family("orthogonal", "all pairs at right angles, no row is zero", _orthogonal,
           least_width=_square),
    Family("parallel", "a row is another one times a power of two", _multiple((2.0, 0.5, 4.0)), 2),
    Family("self_opposing", "projected in some order, a gradient turns against itself",
           _self_opposing, 3, least_width=_two),
    Family("single_task", "one row", _matrix, most_tasks=1),
    Family("stationary", "a positive combination of the non-zero rows is zero", _stationary, 2),
    Family("stationary_face", "zero lies in the hull of some of the rows", _stationary_face, 3),
    Family("tall", "more tasks than parameters", _tall, 2),
    Family("wide", "at least twice as many parameters as tasks", _wide),
    Family("zero_row", "a row is zero", _zero_row),
)  # fmt: skip

FAMILIES: Mapping[str, Family] = MappingProxyType({family.name: family for family in _FAMILIES})
