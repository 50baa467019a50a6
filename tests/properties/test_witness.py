"""The sixty-digit witness agrees with the exact reference, and would notice if it did not."""

import pytest
from flint import fmpq
from mpmath import mp, mpf

from mtl_reference import METHODS, Kind
from mtl_reference.enclosure import Vector, enclose
from mtl_reference.methods import cagrad, dual_proj, mgda, upgrad
from properties import witness

ROWS = {
    "a single task": [(1.0, 2.0)],
    "conflict": [(1.0, 0.0), (-3.0, 0.5)],
    "three in space": [(1.0, 2.0, 0.5), (-0.75, 1.0, 3.0), (0.25, -2.0, 1.0)],
    "four in the plane": [(2.0, 1.0), (-1.0, 1.5), (0.5, 0.5), (1.0, -0.25)],
    "a tie": [(1.0, 1.0), (1.0, -1.0), (1.0, 0.0)],
    "equal rows": [(1.0, 1.0), (1.0, 1.0)],
    "two decades": [(100.0, 3.0), (-1.0, 1.0)],
}


def gap(seen: tuple[mpf, ...], exact: Vector) -> mpf:
    """The largest difference of two directions, in units of the longest coordinate."""
    with mp.workdps(80):
        right = [mpf(enclose(number, 300).str(80, radius=False)) for number in exact]
        scale = max(map(abs, right))
        return max(abs(a - b) for a, b in zip(seen, right, strict=True)) / scale


@pytest.mark.parametrize("name", ROWS)
def test_mgda_agrees(name: str) -> None:
    """The barrier's path ends at the proven shortest vector."""
    assert gap(witness.mgda(ROWS[name]), mgda.direction(ROWS[name]).exact) < mpf(10) ** -55


@pytest.mark.parametrize("c", [0.5, 1.5])
@pytest.mark.parametrize("name", ROWS)
def test_cagrad_agrees(name: str, c: float) -> None:
    """The barrier's path ends at the proven surd."""
    exact = cagrad.direction(ROWS[name], c=c).exact
    assert gap(witness.cagrad(ROWS[name], c), exact) < mpf(10) ** -55


@pytest.mark.parametrize("name", ROWS)
def test_projections_on_the_cone_agree(name: str) -> None:
    """The path in the space of the multipliers ends at the proven projections."""
    rows = ROWS[name]
    assert gap(witness.upgrad(rows), upgrad.direction(rows).exact) < mpf(10) ** -55
    assert gap(witness.dual_proj(rows), dual_proj.direction(rows).exact) < mpf(10) ** -55


@pytest.mark.parametrize("alpha", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("name", ROWS)
def test_fairgrad_agrees(name: str, alpha: float) -> None:
    """The minimiser over the directions is the one that the proven weights give."""
    exact = METHODS["fairgrad"].direction(ROWS[name], alpha=alpha)
    if exact.kind is Kind.EXACT:
        assert gap(witness.fairgrad(ROWS[name], alpha), exact.exact) < mpf(10) ** -55


def test_nash_agrees_beside_a_stationary_point() -> None:
    """Rows that are antiparallel but for 2^-20."""
    rows = [(1.0, 0.0, 0.0), (-1.0, 2.0**-20, 0.0), (0.5, 1.0, 2.0)]
    exact = METHODS["nash_mtl"].direction(rows).exact
    assert gap(witness.nash_mtl(rows), exact) < mpf(10) ** -55


def test_a_change_in_the_last_digits_is_seen() -> None:
    """A radius that is off by 1e-50 moves the answer by more than the witness's own error."""
    exact = cagrad.direction(ROWS["conflict"], c=fmpq(1, 2) + fmpq(1, 10**50)).exact
    assert gap(witness.cagrad(ROWS["conflict"], 0.5), exact) > mpf(10) ** -51


def test_texts_are_read_as_quotients() -> None:
    """A row of texts is the row of the rationals that they name."""
    assert gap(witness.mgda([("1/3", "0"), ("0", "1/7")]), (fmpq(3, 58), fmpq(7, 58))) < 1e-55


def test_an_empty_ball_is_refused() -> None:
    """With c = 0 there is no path to follow."""
    with pytest.raises(ValueError, match="the ball must have an inside"):
        witness.cagrad(ROWS["conflict"], 0.0)
