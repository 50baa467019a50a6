"""Quadratic losses with diagonal Hessians, whose decrease along a step is told exactly.

Task i has the loss L_i(x) = <g_i, x> + (1/2) sum_k h_ik x_k**2 around x = 0, so g_i is its
gradient there; h_ik > 0. With all Hessians diagonal the largest curvature is the largest entry.
"""

from collections.abc import Sequence
from typing import cast

from flint import fmpq
from hypothesis import strategies as st

from mtl_reference.enclosure import Number, Vector
from properties.example import Example, Rows
from properties.laws.law import Extra, dot, total

Hessians = tuple[tuple[fmpq, ...], ...]


def draw_hessians(rows: Rows, _dtype: str) -> st.SearchStrategy[Extra]:
    """Whole curvatures from 1 to 4 for each task and coordinate."""
    diagonal = st.lists(st.integers(1, 4), min_size=len(rows[0]), max_size=len(rows[0]))
    table = st.lists(diagonal, min_size=len(rows), max_size=len(rows))
    return table.map(lambda hessians: {"hessians": hessians})


def hessians_of(example: Example) -> Hessians:
    """Diagonals of the Hessians that were drawn, (T, d)."""
    table = cast("Sequence[Sequence[int]]", example.extra["hessians"])
    return tuple(tuple(fmpq(entry) for entry in row) for row in table)


def smoothness(hessians: Hessians) -> fmpq:
    """The least H such that every task's gradient is H-Lipschitz."""
    return max(max(row) for row in hessians)


def total_smoothness(hessians: Hessians) -> fmpq:
    """The least L such that the gradient of the sum of the losses is L-Lipschitz."""
    return max(sum(column, fmpq(0)) for column in zip(*hessians, strict=True))


def decrease(gradient: Vector, hessian: Vector, direction: Vector, step: Number) -> Number:
    """Loss before less loss after the step x = -step * direction, exact."""
    bend = total([h * (d * d) for h, d in zip(hessian, direction, strict=True)])
    return step * dot(gradient, direction) - step * step * bend * fmpq(1, 2)


def after(
    gradients: Sequence[Vector], hessians: Hessians, direction: Vector, step: Number
) -> tuple[Vector, ...]:
    """Gradients of the tasks after the step, (T, d)."""
    return tuple(
        tuple(g - step * (h * d) for g, h, d in zip(row, hessian, direction, strict=True))
        for row, hessian in zip(gradients, hessians, strict=True)
    )
