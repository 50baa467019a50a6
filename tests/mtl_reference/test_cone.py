"""Projections on cones: complementary multipliers, frozen faces in balls, the cone's opening."""

import pytest
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_reference.certificates.upgrad import complement
from mtl_reference.cone import face, nearest, opening
from mtl_reference.rational import jacobian

ROWS = st.lists(st.tuples(*[st.integers(-3, 3)] * 3), min_size=1, max_size=5)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(ROWS, st.tuples(*[st.integers(-3, 3)] * 3))
def test_multipliers_are_complementary(
    rows: list[tuple[int, ...]], vector: tuple[int, ...]
) -> None:
    """Multipliers u >= 0, Gx >= 0, u'Gx = 0, whatever depends; pivoting agrees on x."""
    gradients, start = jacobian(rows), [fmpq(entry) for entry in vector]
    offsets = tuple(gradients.products(start))
    found = nearest(gradients.gramian(), offsets)
    sides = gradients.gramian() * fmpq_mat(len(rows), 1, list(found)) + fmpq_mat(
        len(rows), 1, list(offsets)
    )
    assert min(*found, *sides.entries()) >= 0
    assert all(u * side == 0 for u, side in zip(found, sides.entries(), strict=True))
    other = complement(gradients.gramian(), offsets)
    assert gradients.combine(found) == gradients.combine(other)


def balls(rows: list[tuple[int, ...]]) -> tuple[arb_mat, list[arb]]:
    """The Gramian and the lengths of rows as balls."""
    gramian = arb_mat(jacobian(rows).gramian())
    return gramian, [gramian[i, i].sqrt() for i in range(len(rows))]


def test_face_decides_at_midpoints_and_follows_what_is_fixed() -> None:
    """Values are positive where rows are active; a forced active row gets what its plane asks."""
    with ctx.workprec(200):
        gramian, norms = balls([(1, 0), (-1, 1), (0, 0)])
        told = face(gramian, norms, gramian.entries()[0:3], {})
        assert [d.outcome for d in told.decisions] == [False, True]
        assert told.decisions[0].value < 0 < told.decisions[1].value
        assert told.multipliers[1].overlaps(arb(fmpq(1, 2)))
        forced = face(gramian, norms, gramian.entries()[0:3], {"active 0": True, "active 1": False})
        assert forced.multipliers[0].overlaps(arb(-1))


@pytest.mark.parametrize(
    ("rows", "square"),
    [
        ([(3, 0), (0, 5)], fmpq(1, 2)),
        ([(2, 1)], fmpq(1)),
        ([(1, 0), (-2, 0)], fmpq(0)),
        ([(1, 0), (0, 0)], fmpq(1)),
    ],
)
def test_opening_is_the_distance_of_zero_from_unit_rows(
    rows: list[tuple[int, ...]], square: fmpq
) -> None:
    """Lengths do not matter, zero rows do not count, opposite rows leave nothing."""
    with ctx.workprec(200):
        found = opening(*balls(rows))
        assert (found * found - arb(square)).mid() < arb(2) ** -90
