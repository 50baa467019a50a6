"""The nearest rotation: closed cases, reflections, singular matrices, and what is not unique."""

from itertools import product

import pytest
from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.pairing import inner
from mtl_reference.rotation import nearest_rotation

Rows = tuple[tuple[int, ...], ...]

TABLES: tuple[Rows, ...] = (
    ((3,),),
    ((-3,),),
    ((1, 2), (0, 1)),
    ((1, 0), (0, -3)),
    ((2, 0, 1), (0, 1, 0), (1, 0, 4)),
    ((1, 0, 0), (0, -2, 0), (0, 0, 4)),
    ((1, 2, 3), (2, 4, 6), (0, 1, -1)),
    ((0, 1, 0, 0), (2, 0, 0, 0), (0, 0, 3, 1), (0, 0, 0, 1)),
    ((4, 1, 0, 0), (0, 3, 1, 0), (0, 0, 2, 1), (1, 0, 0, 5)),
)


def _exact(table: Rows) -> list[Vector]:
    return [tuple(map(fmpq, row)) for row in table]


@pytest.mark.parametrize("table", TABLES)
def test_it_is_a_rotation_and_makes_the_product_symmetric(table: Rows) -> None:
    """R'R = 1, and R'M = M'R: what every stationary rotation has."""
    matrix = _exact(table)
    turn = nearest_rotation(matrix)
    assert turn is not None
    size = len(table)
    columns = list(zip(*turn, strict=True))
    for i, j in product(range(size), repeat=2):
        assert inner(columns[i], columns[j]) == int(i == j)
        raised = [inner(columns[a], [row[b] for row in matrix]) for a, b in ((i, j), (j, i))]
        assert raised[0] == raised[1]


def test_a_reflection_is_turned_round_where_it_costs_least() -> None:
    """diag(1, -2, 4) has det < 0: the least of the singular values changes its sign."""
    turn = nearest_rotation(_exact(((1, 0, 0), (0, -2, 0), (0, 0, 4))))
    assert turn is not None
    assert [turn[k][k] == sign for k, sign in enumerate((-1, -1, 1))] == [True] * 3


def test_a_singular_matrix_of_rank_two_has_one_in_space() -> None:
    """diag(1, 2, 0) asks for the identity."""
    turn = nearest_rotation(_exact(((1, 0, 0), (0, 2, 0), (0, 0, 0))))
    assert turn is not None
    assert all(turn[k][k] == 1 for k in range(3))


@pytest.mark.parametrize("table", [((1, 0), (0, -1)), ((0, 0), (0, 0)), ((1, 0, 0), (0, 0, 0),
                                   (0, 0, 0)), ((-1, 0, 0), (0, -1, 0), (0, 0, -1))])  # fmt: skip
def test_where_two_singular_values_tie_there_is_none(table: Rows) -> None:
    """Every rotation of a family does as well as any other."""
    assert nearest_rotation(_exact(table)) is None
