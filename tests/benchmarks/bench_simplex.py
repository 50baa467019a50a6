"""Timings of the exact active-set methods: floats in, a proven exact direction out.

`make bench` runs them; pytest does not collect them otherwise. What is timed is CPU time, and it
covers everything: reading the floats, the Gramian, the walk and its proof, the direction, and its
certificate with the exact sign of every residual. LIMITS holds what that should take, and families
of dependent and nearly dependent rows may take SLACK times as long. The limits stand over the
tables and are not asserted: a slow machine is no error of the code.
"""

import time
from collections.abc import Callable
from random import Random
from typing import Final

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from mtl_reference import METHODS, Residual
from mtl_reference.enclosure import decide
from mtl_reference.method import Relation
from mtl_reference.rational import jacobian

Rows = list[list[float]]
Family = Callable[[int, int], Rows]

LIMITS: Final = {(5, 50): 3, (20, 1000): 80, (40, 10_000): 500}  # (T, d): milliseconds
SLACK: Final = 4
ROUNDS: Final = {5: 50, 20: 10, 40: 3}  # by T


def random_rows(tasks: int, width: int) -> Rows:
    """Independent normal rows: nearly at right angles."""
    draw = Random(tasks)  # noqa: S311  (numbers for a timing, not for a secret)
    return [[draw.gauss(0, 1) for _ in range(width)] for _ in range(tasks)]


def correlated(tasks: int, width: int) -> Rows:
    """Rows of which all are needed though they nearly agree: cosines about 0.99."""
    noise = random_rows(tasks, width)
    base = [1.0 + x for x in noise[-1]]
    return [[x + 0.15 * y for x, y in zip(base, row, strict=True)] for row in noise]


def badly_scaled(tasks: int, width: int) -> Rows:
    """Lengths over sixteen decades."""
    rows = random_rows(tasks, width)
    return [[x * 10.0 ** (16 * i / tasks - 8) for x in row] for i, row in enumerate(rows)]


def near_opposite(tasks: int, width: int) -> Rows:
    """Rows that differ from two opposite ones by a relative 1e-9."""
    noise = random_rows(tasks, width)
    return [
        [(-1) ** i * x + 1e-9 * y for x, y in zip(noise[0], row, strict=True)]
        for i, row in enumerate(noise)
    ]


def near_dependent(tasks: int, width: int) -> Rows:
    """Half of the rows are sums of two others, up to roundings."""
    return sums_of_pairs(random_rows(tasks, width))


def rank_deficient(tasks: int, width: int) -> Rows:
    """Half of the rows are sums of two others, exactly."""
    return sums_of_pairs([[round(8 * x) / 8 for x in row] for row in random_rows(tasks, width)])


def stationary(tasks: int, width: int) -> Rows:
    """Rows that add up to 0 exactly: the hull holds 0."""
    rows = [[round(8 * x) / 8 for x in row] for row in random_rows(tasks, width)]
    return [*rows[:-1], [-sum(column) for column in zip(*rows[:-1], strict=True)]]


def sums_of_pairs(rows: Rows) -> Rows:
    """The first half of the rows, then sums of neighbours among them."""
    half = len(rows) // 2
    pairs = [(rows[i % half], rows[(i + 1) % half]) for i in range(len(rows) - half)]
    return rows[:half] + [[x + y for x, y in zip(*pair, strict=True)] for pair in pairs]


FAMILIES: Final[dict[Family, int]] = {  # each with the factor on its limit
    random_rows: 1,
    correlated: 1,
    badly_scaled: 1,
    near_opposite: SLACK,
    near_dependent: SLACK,
    rank_deficient: SLACK,
    stationary: SLACK,
}


def proven(method: str, rows: Rows) -> bool:
    """Whether the answer made from floats keeps its certificate exactly; a set has no direction."""
    gradients = jacobian(rows)
    answer = METHODS[method].direction(gradients)
    return all(map(holds, METHODS[method].certificate(gradients, answer.outputs)))


def holds(residual: Residual) -> bool:
    """Whether a residual is exactly zero, or exactly not negative, as it must be."""
    sign = decide(residual.value)
    return sign == 0 if residual.relation is Relation.ZERO else sign in {0, 1}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
@pytest.mark.parametrize("size", LIMITS, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("method", ["mgda", "cagrad"])
@pytest.mark.benchmark(timer=time.process_time)
def test_direction_and_certificate(
    benchmark: BenchmarkFixture,
    method: str,
    size: tuple[int, int],
    family: Family,
) -> None:
    """Floats in, proven direction out."""
    limit = LIMITS[size] * FAMILIES[family]
    benchmark.group = f"T={size[0]}, d={size[1]}, within {limit} ms"
    benchmark.extra_info["limit_ms"] = limit
    rows = family(*size)
    assert benchmark.pedantic(proven, (method, rows), rounds=ROUNDS[size[0]], warmup_rounds=1)
