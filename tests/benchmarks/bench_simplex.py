"""Timings of the exact active-set walks, their Gramian and their proof included.

Not collected by default; run with

    OMP_NUM_THREADS=1 pytest -o python_functions='bench_*' tests/benchmarks/bench_simplex.py

"proof" is everything up to proven weights (conversion of the floats, Gramian, walk, exact signs);
"answer" adds the d coordinates of the exact direction. Aims for "proof" on random rows, on two
cores: 3 ms at T = 5, d = 50; 80 ms at T = 20, d = 1000; 500 ms at T = 40, d = 10^4; near-dependent
and rank-deficient rows within four times that.
"""

from collections.abc import Callable
from random import Random
from types import ModuleType

import pytest
from flint import fmpq, fmpq_mat
from pytest_benchmark.fixture import BenchmarkFixture

from mtl_reference.ascent import Ascent, steepest
from mtl_reference.methods import cagrad, mgda
from mtl_reference.rational import RationalVector, jacobian
from mtl_reference.simplex import minimum_norm

Rows = list[list[float]]
SIZES = [(5, 50), (20, 1000), (40, 10_000)]


def random_rows(tasks: int, width: int) -> Rows:
    """Independent normal rows: at random, nearly at right angles."""
    draw = Random(tasks)  # noqa: S311  (numbers for a timing, not for a secret)
    return [[draw.gauss(0, 1) for _ in range(width)] for _ in range(tasks)]


def near_dependent(tasks: int, width: int) -> Rows:
    """Rows that differ from two opposite ones by a relative 1e-9."""
    noise = random_rows(tasks, width)
    base = noise[0]
    return [
        [(-1) ** i * x + 1e-9 * y for x, y in zip(base, row, strict=True)]
        for i, row in enumerate(noise)
    ]


def correlated(tasks: int, width: int) -> Rows:
    """Rows of which all are needed though they nearly agree: cosines about 0.99."""
    noise = random_rows(tasks, width)
    base = [1.0 + x for x in noise[-1]]
    return [[x + 0.15 * y for x, y in zip(base, row, strict=True)] for row in noise]


def rank_deficient(tasks: int, width: int) -> Rows:
    """Half of the rows are sums of two others, exactly."""
    base = [[float(round(8 * x)) for x in row] for row in random_rows(tasks, width)]
    half = tasks // 2
    pairs = [(base[i % half], base[(i + 1) % half]) for i in range(tasks - half)]
    return base[:half] + [[x + y for x, y in zip(*pair, strict=True)] for pair in pairs]


def badly_scaled(tasks: int, width: int) -> Rows:
    """Lengths over sixteen decades."""
    rows = random_rows(tasks, width)
    return [[x * 10.0 ** (16 * i / tasks - 8) for x in row] for i, row in enumerate(rows)]


FAMILIES = [random_rows, near_dependent, correlated, rank_deficient, badly_scaled]


def proven_mgda(rows: Rows) -> RationalVector:
    """Weights of the shortest vector."""
    return minimum_norm(jacobian(rows).gramian())


def proven_cagrad(rows: Rows) -> Ascent | None:
    """Multipliers for c = 1/2."""
    gramian, tasks = jacobian(rows).gramian(), len(rows)
    offsets = tuple((gramian * fmpq_mat(tasks, 1, [fmpq(1, tasks)] * tasks)).entries())
    return steepest(gramian, offsets, sum(offsets, fmpq(0)) / (4 * tasks))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("tasks", "width"), SIZES)
@pytest.mark.parametrize("proof", [proven_mgda, proven_cagrad])
def bench_proof(
    benchmark: BenchmarkFixture,
    proof: Callable[[Rows], object],
    tasks: int,
    width: int,
    family: Callable[[int, int], Rows],
) -> None:
    """Floats in, proven weights out."""
    benchmark.pedantic(proof, (family(tasks, width),), rounds=5, warmup_rounds=1)


@pytest.mark.parametrize(("tasks", "width"), SIZES)
@pytest.mark.parametrize("method", [mgda, cagrad])
def bench_answer(benchmark: BenchmarkFixture, method: ModuleType, tasks: int, width: int) -> None:
    """Floats in, all exact coordinates of the direction out."""
    benchmark.pedantic(method.direction, (random_rows(tasks, width),), rounds=3)
