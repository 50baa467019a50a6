"""Limits: CAGrad tends to MGDA's direction at the rate 1/c; where GradOPS jumps."""

from typing import cast

import pytest
from flint import fmpq

from mtl_reference import METHODS, jacobian
from mtl_reference.enclosure import Number, Vector, enclose
from properties.laws.law import difference, dot, root, times

ROWS = ((1, 0, 0), (0, 1, 0), (2, 2, 3))  # the third lies beyond MGDA's face, and in the mean

AXIS: Vector = (fmpq(1), fmpq(0), fmpq(0))
NOTHING: Vector = (fmpq(0), fmpq(0))


def _away(c: float) -> float:
    """Length of the difference between the unit vectors of CAGrad(c) and MGDA."""
    optimum = METHODS["mgda"].direction(ROWS).exact
    direction = METHODS["cagrad"].direction(ROWS, c=c).exact
    gap = difference(_unit(direction), _unit(optimum))
    return float(enclose(root(dot(gap, gap)), 400).mid())


def _unit(vector: Vector) -> Vector:
    length: Number = root(dot(vector, vector))
    return times(1 / length, vector)


@pytest.mark.parametrize("exponent", [10, 15, 20])
def test_cagrad_reaches_mgda_at_the_rate_of_one_over_c(exponent: int) -> None:
    """Doubling c halves the distance, so the rate is 1/c and not 1/sqrt(c)."""
    ratio = _away(2.0**exponent) / _away(2.0 ** (exponent + 1))
    assert 2 - 2.0 ** (5 - exponent) <= ratio <= 2 + 2.0 ** (5 - exponent)


def test_cagrad_reaches_mgda_in_direction_only() -> None:
    """The norm grows as c |g0|: it does not tend to MGDA's."""
    direction = METHODS["cagrad"].direction(ROWS, c=2.0**20).exact
    mean = jacobian(ROWS).combine([fmpq(1, 3)] * 3)
    length = dot(direction, direction)
    assert length >= (2**20 - 1) ** 2 * dot(mean, mean)


def test_gradops_jumps_where_a_conflict_appears() -> None:
    """g1 = (1,0,0), g3 = (.9,0,.5): as <g1, g2> turns negative g'_1 leaves (1,0,0)."""
    before, beyond = (
        METHODS["gradops"].direction(((1, 0, 0), (tilt, 1, 0), ("9/10", 0, "1/2")))
        for tilt in ("1/1000", "-1/1000")
    )
    assert cast("tuple[Vector, ...]", before.outputs["task_gradients"])[0] == AXIS
    assert cast("tuple[Vector, ...]", beyond.outputs["task_gradients"])[0][0] < fmpq(1, 4)


def test_gradops_at_two_tasks_jumps_at_a_zero_row_only() -> None:
    """(1,0), (-e,0) gives 0 for every e > 0, and (1,0) at e = 0."""
    assert METHODS["gradops"].direction(((1, 0), ("-1/1000000", 0))).exact == NOTHING
    assert METHODS["gradops"].direction(((1, 0), (0, 0))).exact == AXIS[:2]
