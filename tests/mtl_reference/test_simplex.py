"""Convex programs over the simplex: proven answers against enumeration, and the exact fallback."""

from collections.abc import Iterator
from itertools import combinations
from unittest.mock import patch

import pytest
from flint import fmpq, fmpq_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_reference import simplex
from mtl_reference.rational import jacobian
from mtl_reference.simplex import least_distance, minimum_norm

SMALL_ROWS = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(-2, 2), min_size=width, max_size=width), min_size=1, max_size=5
    )
)


def squared_norm(gramian: fmpq_mat, weights: tuple[fmpq, ...]) -> fmpq:
    """The square of the length of the combination with these weights."""
    column = fmpq_mat(len(weights), 1, weights)
    return (column.transpose() * gramian * column)[0, 0]


def faces(gramian: fmpq_mat) -> Iterator[fmpq]:
    """Squared distance from 0 to each affine face whose nearest point lies in the face."""
    tasks = range(gramian.nrows())
    for size in range(1, len(tasks) + 1):
        for face in combinations(tasks, size):
            rows = [[gramian[i, j] for j in face] + [fmpq(1)] for i in face]
            bordered = fmpq_mat([*rows, [fmpq(1)] * size + [fmpq(0)]])
            if bordered.rank() <= size:
                continue
            solution = bordered.solve(fmpq_mat(size + 1, 1, [fmpq(0)] * size + [fmpq(1)]))
            if all(solution[k, 0] >= 0 for k in range(size)):
                yield -solution[size, 0]


@settings(derandomize=True, deadline=None, max_examples=150)
@given(SMALL_ROWS)
def test_minimum_norm_is_the_nearest_of_all_faces(rows: list[list[int]]) -> None:
    """The walk finds the least distance that plain enumeration of all faces finds."""
    gramian = jacobian(rows).gramian()
    weights = minimum_norm(gramian)
    assert sum(weights) == 1
    assert all(weight >= 0 for weight in weights)
    assert squared_norm(gramian, weights) == min(faces(gramian))


@settings(derandomize=True, deadline=None, max_examples=100)
@given(SMALL_ROWS)
def test_the_exact_walk_needs_no_guess(rows: list[list[int]]) -> None:
    """From the empty support the exact walk enters and leaves faces until it has the answer."""
    gradients = jacobian(rows)
    right = gradients.combine(minimum_norm(gradients.gramian()))
    with patch.object(simplex, "likely_support", return_value=()):
        weights = minimum_norm(gradients.gramian())
    assert all(weight >= 0 for weight in weights)
    assert gradients.combine(weights) == right


@settings(derandomize=True, deadline=None, max_examples=150)
@given(SMALL_ROWS, st.lists(st.integers(-2, 2), min_size=5, max_size=5))
def test_least_distance_meets_its_conditions(rows: list[list[int]], heights: list[int]) -> None:
    """Multipliers are not negative, rows reach their heights, and equal them where v > 0."""
    gradients = jacobian(rows)
    wanted = tuple(map(fmpq, heights[: len(rows)]))
    multipliers = least_distance(gradients.gramian(), wanted)
    if multipliers is None:
        return
    reached = gradients.products(gradients.combine(multipliers))
    assert all(v >= 0 for v in multipliers)
    assert all(side >= height for side, height in zip(reached, wanted, strict=True))
    zipped = zip(multipliers, reached, wanted, strict=True)
    assert all(v == 0 or side == height for v, side, height in zipped)


@pytest.mark.parametrize("heights", [(1, 1), (1, 0), (3, -1)])
def test_least_distance_says_what_cannot_be_reached(heights: tuple[int, int]) -> None:
    """Opposite rows cannot both rise: a height that their weights contradict is infeasible."""
    gramian = jacobian([(1, 2), (-1, -2)]).gramian()
    assert least_distance(gramian, tuple(map(fmpq, heights))) is None
    assert least_distance(gramian, (fmpq(1), fmpq(-1))) == (fmpq(1, 5), 0)


@pytest.mark.parametrize("guess", [(), (0,), (1, 2), (0, 1, 2, 3)])
def test_a_wrong_guess_changes_nothing(
    guess: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever support is guessed, the exact walk goes on to the same proven point."""
    gradients = jacobian([(3, 0, 1), (-1, 2, 0), (3, 0, 1), (0, -1, 2)])
    right = gradients.combine(minimum_norm(gradients.gramian()))
    monkeypatch.setattr(simplex, "likely_support", lambda *_: guess)
    assert gradients.combine(minimum_norm(gradients.gramian())) == right


def test_nearly_equal_rows_are_told_apart() -> None:
    """Rows that differ in the last of 53 bits still have one nearest point, not their mean."""
    step = 2.0**-52
    weights = minimum_norm(jacobian([(1.0, step), (1.0, 2 * step), (1.0, -step)]).gramian())
    assert weights[0] == fmpq(1, 2) or weights[1] == fmpq(1, 3)
    assert weights[0] + 2 * weights[1] == weights[2]


def test_rows_of_sixteen_decades_are_weighed_by_their_squares() -> None:
    """At right angles the weights are inverse squares of lengths, however far apart these are."""
    lengths = [10**8, 1, fmpq(1, 10**8)]
    rows = [[length if i == k else 0 for k in range(3)] for i, length in enumerate(lengths)]
    weights = minimum_norm(jacobian(rows).gramian())
    assert [w * n * n for w, n in zip(weights, lengths, strict=True)] == [
        1 / sum(fmpq(1) / (fmpq(n) * n) for n in lengths)
    ] * 3
