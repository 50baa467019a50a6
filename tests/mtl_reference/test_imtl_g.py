"""IMTL-G: equal projections, and every case of a singular Gramian."""

from typing import cast

import pytest
from flint import arb, arb_mat, ctx, fmpq

from mtl_reference import METHODS, Kind, jacobian
from mtl_reference.enclosure import Vector, decide, enclose
from mtl_reference.pairing import products
from mtl_reference.rational import Rows
from mtl_reference.surd import sqrt

METHOD = METHODS["imtl_g"]
UPHILL = ((0.093, 1.375, 0.526), (12.026, -4.762, 2.706), (0.157, 0.181, 0.271))


def weights_of(rows: Rows) -> Vector:
    """The weights of the exact answer."""
    return cast("Vector", METHOD.direction(rows).outputs["weights"])


def holds(rows: Rows) -> bool:
    """Whether the exact answer meets its certificate."""
    outputs = METHOD.direction(rows).outputs
    return all(decide(r.value) == 0 for r in METHOD.certificate(jacobian(rows), outputs))


def test_two_tasks_meet_at_the_bisector() -> None:
    """Weights (n_2, n_1) / (n_1 + n_2): here (sqrt 2, 1) / (1 + sqrt 2)."""
    answer = METHOD.direction([(1, 0), (1, 1)])
    assert answer.outputs["weights"][0] == 2 - sqrt(2)
    assert answer.exact[1] == sqrt(2) - 1
    assert holds([(1, 0), (1, 1)])


def test_the_printed_definition_may_ascend_every_task() -> None:
    """Erratum: all three projections are negative, and the weights sum to 1."""
    answer = METHOD.direction(UPHILL)
    sides = products(jacobian(UPHILL), answer.exact)
    assert [decide(side) for side in sides] == [-1, -1, -1]
    assert [round(float(enclose(w, 60)), 2) for w in weights_of(UPHILL)] == [
        -0.47,
        -0.04,
        1.51,
    ]
    assert holds(UPHILL)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(3, 4)], (fmpq(3), fmpq(4))),
        ([(1, 0), (1, 0), (0, 2)], (fmpq(2, 3), fmpq(2, 3))),
        ([(1, 0), (0, 1), (1, 1)], (fmpq(0), fmpq(0))),
        ([(1, 0), (-1, 0)], (fmpq(0), fmpq(0))),
    ],
)
def test_dependent_rows_with_one_answer(
    rows: list[tuple[int, ...]], expected: tuple[fmpq, ...]
) -> None:
    """One task; duplicates; T = d + 1 and an antiparallel pair, whose direction is 0."""
    assert METHOD.direction(rows).exact == expected
    assert holds(rows)


def test_weights_of_duplicate_rows_are_shared_evenly() -> None:
    """The shortest weights do not depend on which of the duplicates comes first."""
    weights = METHOD.direction([(1, 0), (1, 0), (0, 2)]).outputs["weights"]
    assert weights == (fmpq(1, 3), fmpq(1, 3), fmpq(1, 3))


def test_parallel_rows_of_unequal_length_have_a_set_of_answers() -> None:
    """Every multiple of the common direction, 0 among them; nothing off it."""
    answer = METHOD.direction([(1, 0), (2, 0)])
    assert answer.kind is Kind.SET
    assert answer.contains((fmpq(-7, 3), fmpq(0)))
    assert answer.contains((fmpq(0), fmpq(0)))
    assert not answer.contains((fmpq(1), fmpq(1, 10**30)))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([(1, 0), (0, 0)], "row 1 is zero"),
        ([(1, 0), (2, 0), (3, 4), (3, 2)], ""),
        ([(2, 0), (0, 1), (1, "1/2")], "no combination"),
    ],
)
def test_other_dependent_rows(rows: list[tuple[int, ...]], reason: str) -> None:
    """A zero row; rows whose null weights sum to 0, or do not."""
    answer = METHOD.direction(rows)
    expected = Kind.UNDEFINED if reason else Kind.EXACT
    assert answer.kind is expected
    assert reason in answer.reason


def test_independent_rows_may_have_no_answer() -> None:
    """1'K^-1 n = 0 with K invertible: the affine plane of the rows is parallel to the answer."""
    answer = METHOD.direction([(15, 20, 5), (-15, 20, 5), (0, 20, 4)])
    assert answer.kind is Kind.UNDEFINED
    assert "sum to 0" in answer.reason


def test_a_wrong_answer_is_seen() -> None:
    """Twice the direction, or a bit of a vector off the span, leaves a residual."""
    rows = jacobian([(2, 0, 0), (0, 1, 0)])
    exact = METHOD.direction(rows).outputs
    for wrong in ((fmpq(4, 3), fmpq(4, 3), fmpq(0)), (fmpq(2, 3), fmpq(2, 3), fmpq(1))):
        residuals = METHOD.certificate(rows, {**exact, "direction": wrong})
        assert any(decide(residual.value) != 0 for residual in residuals)


def test_the_trace_is_the_method_whatever_the_scales() -> None:
    """Rows of lengths 2^-30 and 2^40: the same weights, in balls; singular rows are refused."""
    rows = jacobian([(2.0**-30, 0.0, 0.0), (2.0**38, 2.0**40, 0.0), (1.0, 1.0, 2.0)])
    weights = weights_of(rows)
    with ctx.workprec(300):
        gramian = arb_mat(rows.gramian())
        norms = [gramian[i, i].sqrt() for i in range(3)]
        run = METHOD.trace(gramian, norms, {})
        for ball, weight in zip(run.weights, weights, strict=True):
            assert ball.overlaps(enclose(weight, 200))
            assert ball.rel_accuracy_bits() > 100
        with pytest.raises(ZeroDivisionError):
            METHOD.trace(arb_mat([[1, 1], [1, 1]]), [arb(1)] * 2, {})
