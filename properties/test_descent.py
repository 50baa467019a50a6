"""Descent along whole trajectories of exact steps on quadratics."""

from collections.abc import Sequence
from typing import cast

import pytest
from flint import fmpq

from mtl_reference import METHODS
from mtl_reference.enclosure import Number
from properties.laws.law import total
from properties.quadratics import after, decrease, total_smoothness

HESSIANS = tuple(tuple(map(fmpq, row)) for row in ((1, 2), (3, 1), (1, 1)))
START = tuple(tuple(map(fmpq, row)) for row in ((4, -3), (-2, 5), (1, 1)))
STEPS = 4

Gradients = Sequence[Sequence[Number]]


def _falls(method: str, step: fmpq, gradients: Gradients, **params: object) -> list[list[Number]]:
    """Decrease of each loss at each of a few exact steps."""
    falls = []
    for _ in range(STEPS):
        rational = cast("Sequence[Sequence[fmpq]]", gradients)
        direction = METHODS[method].direction(rational, **params).exact
        falls.append([
            decrease(row, hessian, direction, step)
            for row, hessian in zip(gradients, HESSIANS[: len(gradients)], strict=True)
        ])  # fmt: skip
        gradients = after(gradients, HESSIANS[: len(gradients)], direction, step)
    return falls


def test_mgda_lowers_every_loss() -> None:
    """At the step 1/H no loss rises, over the whole trajectory."""
    falls = _falls("mgda", fmpq(1, 3), START)
    assert all(fall >= 0 for step in falls for fall in step)


@pytest.mark.parametrize("alpha", [0.0, 2.0])
def test_gradops_lowers_the_sum(alpha: float) -> None:
    """Theorems 1 and 2: at t just below 2/(TL) the sum of the losses does not rise."""
    step = fmpq(999, 1000) * 2 / (3 * total_smoothness(HESSIANS))
    falls = _falls("gradops", step, START, alpha=alpha)
    assert all(total(step) >= 0 for step in falls)


def test_pcgrad_lowers_the_sum_of_two() -> None:
    """Theorem 1: for two convex losses and t = 1/L the sum does not rise."""
    step = 1 / total_smoothness(HESSIANS[:2])
    falls = _falls("pcgrad", step, START[:2], orders=((1,), (0,)))
    assert all(total(step) >= 0 for step in falls)


def test_the_gradients_after_a_step_are_those_of_the_quadratics() -> None:
    """The slope of each loss changes by its Hessian along the step."""
    moved = after(START, HESSIANS, (fmpq(1), fmpq(0)), fmpq(1, 2))
    assert moved[1] == (fmpq(-7, 2), fmpq(5))


def test_cagrad_keeps_the_summed_bound() -> None:
    """Theorem 3.2 over one step at 1/H: the mean falls by (1 - c^2) |g0|^2 / (2H)."""
    step, c = fmpq(1, 3), fmpq(1, 2)
    mean = tuple(sum(column, fmpq(0)) / 3 for column in zip(*START, strict=True))
    square = sum((g * g for g in mean), fmpq(0))
    direction = METHODS["cagrad"].direction(START, c=0.5).exact
    fall = [decrease(g, h, direction, step) for g, h in zip(START, HESSIANS, strict=True)]
    assert (fall[0] + fall[1] + fall[2]) / 3 >= step / 2 * (1 - c * c) * square
