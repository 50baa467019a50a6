"""ConFIG: closed forms, dependent rows, its certificate and its branches."""

from typing import cast

import pytest
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from mtl_reference import METHODS, Kind, jacobian
from mtl_reference.enclosure import Vector, decide, enclose
from mtl_reference.method import Outputs
from mtl_reference.rational import Rows
from mtl_reference.surd import sqrt

METHOD = METHODS["config"]
CASES: dict[str, list[tuple[float, ...]]] = {
    "plain": [(3, 1, 2), (-1, 2, 2), (0, 1, -1)],
    "orthogonal": [(2, 0), (0, 1)],
    "duplicate": [(1, 2), (1, 2)],
    "parallel": [(1, 2), (2, 4), (0, 1)],
    "tall": [(1, 0), (-1, 2), (1, 1), (2, 1)],
    "one": [(3, -4)],
}


def right(rows: Rows, outputs: Outputs) -> bool:
    """Whether outputs carry their certificate."""
    return all(decide(r.value) == 0 for r in METHOD.certificate(jacobian(rows), outputs))


@pytest.mark.parametrize("case", CASES)
def test_the_answer_carries_its_certificate(case: str) -> None:
    """With both outputs and either alone; twice the direction does not."""
    rows, outputs = CASES[case], METHOD.direction(CASES[case]).outputs
    for kept in (outputs, *({name: value} for name, value in outputs.items())):
        assert right(rows, kept)
    twice = tuple(2 * x for x in cast("Vector", outputs["direction"]))
    assert not right(rows, {"direction": twice})


def test_one_task_gives_its_gradient() -> None:
    """<g, u> u for u = g / |g|."""
    assert METHOD.direction([(3, -4)]).exact == (fmpq(3), fmpq(-4))


def test_orthogonal_rows_share_the_sum_of_their_lengths() -> None:
    """With u = (1, 1) / sqrt 2, <g_1, u> + <g_2, u> = 3 / sqrt 2."""
    assert METHOD.direction([(2, 0), (0, 1)]).exact == (fmpq(3, 2), fmpq(3, 2))


def test_independent_rows_have_the_direction_of_imtl_g() -> None:
    """Parallel, coordinate by coordinate."""
    first = METHOD.direction(CASES["plain"]).exact
    second = METHODS["imtl_g"].direction(CASES["plain"]).exact
    assert all(decide(first[i] * second[0] - first[0] * second[i]) == 0 for i in range(3))


def test_parallel_rows_are_one_direction() -> None:
    """The common one, and the lengths add up: 3 (1, 2) where IMTL-G has a set."""
    assert tuple(METHOD.direction([(1, 2), (2, 4)]).exact) == (fmpq(3), fmpq(6))


def test_more_rows_than_columns_are_least_squares() -> None:
    """Rows (1, 0), (0, 1), (1, 1): u is the diagonal, and the gains add up to 4 / sqrt 2."""
    path = METHOD.direction([(1, 0), (0, 1), (1, 1)]).exact
    assert path[0] == path[1]
    assert decide(path[0] - 2) == 0


@pytest.mark.parametrize(
    ("rows", "reason"),
    [([(1, 0), (0, 0)], "row 1 is zero"), ([(1, 2), (-2, -4)], "no common projection")],
)
def test_where_there_is_no_unit_vector(rows: Rows, reason: str) -> None:
    """A zero row; antiparallel rows."""
    answer = METHOD.direction(rows)
    assert answer.kind is Kind.UNDEFINED
    assert reason in answer.reason


def test_the_sum_of_the_gains_may_be_negative() -> None:
    """Least squares over dependent rows may leave a long row behind: d is opposite to u."""
    rows = [(1, 0), (1, 0), (-1, 0), (0, 0)][:3]
    path = METHOD.direction([(1, 0), (1, 0), (-4, 0)]).exact
    assert path == (fmpq(-2), fmpq(0))
    assert METHOD.direction(rows).exact == (fmpq(1), fmpq(0))


def test_irrational_lengths_stay_exact() -> None:
    """Rows (1, 1), (1, 0): d = s u on the bisector, its slope 1 / (1 + sqrt 2)."""
    path = METHOD.direction([(1, 1), (1, 0)]).exact
    assert decide(path[1] * (1 + sqrt(2)) - path[0]) == 0


@pytest.mark.parametrize("case", CASES)
def test_the_trace_is_the_method(case: str) -> None:
    """Balls of 400 bits agree with the exact direction, at singular Gramians too."""
    rows = jacobian(CASES[case])
    exact = METHOD.direction(rows).exact
    with ctx.workprec(400):
        gramian = arb_mat(rows.gramian())
        told = METHOD.trace(gramian, [gramian[i, i].sqrt() for i in range(rows.tasks)], {})
        weights = arb_mat(1, rows.tasks, list(told.weights))
        found = (weights * arb_mat(fmpq_mat(rows.numerators) / rows.denominator)).entries()
        pairs = zip(found, exact, strict=True)
        assert all(abs(a - enclose(b, 380)) < arb(2) ** -150 for a, b in pairs)
