"""The configurations that are searched: jacobians by their Gramian, whole and always the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from random import Random
from types import MappingProxyType
from typing import Final

from flint import fmpq, fmpq_mat

from mtl_reference.rational import jacobian

CASES: Final = 120  # of a configuration, in a search

Rows = tuple[tuple[int, ...], ...]
Draw = Callable[[Random, int, int], Rows]

SQUARES: Final = (  # rows at right angles, of one length
    ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    ((1, 2, 2), (2, 1, -2), (2, -2, 1)),
    ((2, 3, 6), (3, -6, 2), (6, 2, -3)),
    ((1, 4, 8), (4, 7, -4), (8, -4, 1)),
)


def _any(source: Random, tasks: int, width: int) -> Rows:
    """Entries from -3 to 3, or from -9 to 9; half of the time each row times a power of two."""
    most, powers = source.choice((3, 9)), source.choice((1, 16))
    rows = [[source.randint(-most, most) for _ in range(width)] for _ in range(tasks)]
    scales = [2 ** source.randrange(powers) for _ in rows]
    return tuple(tuple(k * entry for entry in row) for k, row in zip(scales, rows, strict=True))


def _small(source: Random, tasks: int, width: int) -> Rows:
    """Entries from -3 to 3, all times one number: among them rows of one length are frequent."""
    size = source.randint(1, 8)
    return tuple(tuple(size * source.randint(-3, 3) for _ in range(width)) for _ in range(tasks))


def _square(source: Random, tasks: int, width: int) -> Rows:
    """Three rows at right angles, each times a whole number: one for all, or its own."""
    del tasks, width
    factor = source.randint(1, 9)
    factors = source.choice(([factor] * 3, [source.randint(1, 5) for _ in range(3)]))
    places = source.sample(range(3), 3)
    signs = [source.choice((-1, 1)) for _ in range(3)]
    rows = source.choice(SQUARES)
    return tuple(
        tuple(f * signs[j] * row[j] for j in places)
        for f, row in zip(factors, source.sample(rows, 3), strict=True)
    )


def _alike(source: Random, tasks: int, width: int) -> Rows:
    """Three rows a e_i + b (1, 1, 1), the columns with signs."""
    del tasks, width
    a, b = source.randint(-9, 9), source.randint(-9, 9)
    signs = [source.choice((-1, 1)) for _ in range(3)]
    return tuple(tuple(signs[j] * (a * (i == j) + b) for j in range(3)) for i in range(3))


@dataclass(frozen=True, slots=True)
class Configuration:
    """Jacobians of one kind: T, d, what is asked of the Gramian, and how they are drawn."""

    name: str
    tasks: int
    width: int
    holds: Callable[[fmpq_mat], bool]
    within: tuple[str, ...] = ()
    draw: Draw = _any


def _off(gramian: fmpq_mat) -> list[fmpq]:
    return [gramian[i, j] for i, j in combinations(range(gramian.nrows()), 2)]


def _free(gramian: fmpq_mat) -> bool:
    return bool(gramian.det() != 0)


def _equal_lengths(gramian: fmpq_mat) -> bool:
    return len({gramian[i, i] for i in range(gramian.nrows())}) == 1


SINGLES: Final = ("three in space", "three in a plane")
CONFIGURATIONS: Final[Mapping[str, Configuration]] = MappingProxyType({
    each.name: each
    for each in (
        Configuration("two independent", 2, 2, _free),
        Configuration("two conflicting, independent", 2, 2,
                      lambda k: _free(k) and k[0, 1] < 0, ("two independent",)),
        Configuration("two that do not conflict, independent", 2, 2,
                      lambda k: _free(k) and k[0, 1] > 0, ("two independent",)),
        Configuration("two of one length, independent", 2, 2,
                      lambda k: _free(k) and _equal_lengths(k), ("two independent",), _small),
        Configuration("two of one length, conflicting", 2, 2,
                      lambda k: _free(k) and _equal_lengths(k) and k[0, 1] < 0,
                      ("two of one length, independent", "two conflicting, independent"), _small),
        Configuration("three independent", 3, 3, _free),
        Configuration("three independent, all conflicting", 3, 3,
                      lambda k: _free(k) and max(_off(k)) < 0, ("three independent",)),
        Configuration("three independent, none conflicting", 3, 3,
                      lambda k: _free(k) and min(_off(k)) > 0, ("three independent",)),
        Configuration("three at right angles", 3, 3,
                      lambda k: _free(k) and not any(_off(k)), ("three independent",), _square),
        Configuration("three of one length, independent", 3, 3,
                      lambda k: _free(k) and _equal_lengths(k), ("three independent",), _small),
        Configuration("three of one length at right angles", 3, 3,
                      lambda k: _free(k) and _equal_lengths(k) and not any(_off(k)),
                      ("three at right angles", "three of one length, independent"), _square),
        Configuration("three alike: one length, one angle", 3, 3,
                      lambda k: _free(k) and _equal_lengths(k) and len(set(_off(k))) == 1,
                      ("three of one length, independent",), _alike),
        Configuration("three in a plane, none conflicting", 3, 2,
                      lambda k: k.rank() == 2 and min(_off(k)) > 0),  # noqa: PLR2004  (a plane)
        Configuration("three in space", 3, 3, lambda _: True),
        Configuration("three in a plane", 3, 2, lambda _: True),
    )
})  # fmt: skip


@lru_cache(maxsize=32)
def cases(name: str, count: int = CASES) -> tuple[Rows, ...]:
    """Whole matrices of a configuration, always the same; the first ones are a part of more."""
    configuration, source = CONFIGURATIONS[name], Random(name)  # noqa: S311  (no secret)
    found: list[Rows] = []
    while len(found) < count:
        rows = configuration.draw(source, configuration.tasks, configuration.width)
        if rows not in found and configuration.holds(jacobian(rows).gramian()):
            found.append(rows)
    return tuple(found)
