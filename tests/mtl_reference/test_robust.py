"""Krum and the trimmed mean: by hand, ties, certificates and traces."""

import pytest
from flint import arb, arb_mat, ctx, fmpq

from mtl_reference import METHODS, Kind, jacobian
from mtl_reference.enclosure import enclose

KRUM, TRIMMED = METHODS["krum"], METHODS["trimmed_mean"]
ROWS = ((0.0, 0.0), (1.0, 0.0), (2.0, 1.0), (9.0, 9.0), (0.5, -2.0))


def test_krum_by_hand() -> None:
    """T = 5, f = 1: two nearest others each; the least score is row 1's, 1 + 2."""
    answer = KRUM.direction(ROWS, n_byzantine=1)
    assert answer.exact == (fmpq(1), fmpq(0))
    several = KRUM.direction(ROWS, n_byzantine=1, n_selected=2)
    assert several.outputs["weights"] == (fmpq(1, 2), fmpq(1, 2), fmpq(0), fmpq(0), fmpq(0))


def test_krum_takes_squares_of_distances() -> None:
    """By distances row 2 scores least, 9 against 10; by squares row 3, 30 against 31."""
    assert KRUM.direction([(0,), (1,), (2,), (3,), (7,), (8,)]).exact == (fmpq(3),)


def test_krum_with_equal_scores_is_a_set_unless_the_rows_are_equal() -> None:
    """Two of a kind: either, and the same; a square's corners: any."""
    answer = KRUM.direction([(0, 0), (1, 0), (0, 1), (1, 1)])
    assert answer.kind is Kind.SET
    assert answer.contains((fmpq(1), fmpq(1)))
    assert not answer.contains((fmpq(1), fmpq(2)))
    same = KRUM.direction([(1, 0), (1, 0), (5, 5)])
    assert same.exact == (fmpq(1), fmpq(0))
    assert "weights" not in same.outputs


def test_trimmed_mean_by_hand() -> None:
    """One off at either end of every coordinate."""
    assert TRIMMED.direction(ROWS, trim_number=1).exact == (fmpq(7, 6), fmpq(0) + fmpq(1, 3))
    assert TRIMMED.direction(ROWS).exact == METHODS["mean"].direction(ROWS).exact
    assert TRIMMED.direction(ROWS, trim_number=2).exact == (fmpq(1), fmpq(0))
    assert TRIMMED.direction([(1,), (1,), (7,)], trim_number=1).exact == (fmpq(1),)


@pytest.mark.parametrize(
    ("method", "params", "message"),
    [
        ("krum", {"n_byzantine": 3}, r"n_byzantine must be a whole number from 0 to 2 \(got 3\)"),
        ("krum", {"n_selected": 0}, "n_selected must be a whole number from 1 to 5"),
        ("krum", {"n_selected": 1.5}, "n_selected must be a whole number"),
        ("trimmed_mean", {"trim_number": 3}, "trim_number must be a whole number from 0 to 2"),
    ],
)
def test_numbers_must_leave_something(method: str, params: dict[str, float], message: str) -> None:
    """Whole numbers within what T allows."""
    with pytest.raises(ValueError, match=message):
        METHODS[method].direction(ROWS, **params)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("krum", {"n_byzantine": 1.0}),
        ("krum", {"n_byzantine": 2.0, "n_selected": 3.0}),
        ("trimmed_mean", {"trim_number": 0.0}),
        ("trimmed_mean", {"trim_number": 1.0}),
        ("trimmed_mean", {"trim_number": 2.0}),
    ],
)
def test_certificates_hold_of_answers_alone(method: str, params: dict[str, float]) -> None:
    """Of the answer, and of the mean of all rows under no numbers but those that give it."""
    answer = METHODS[method].direction(ROWS, **params)
    inputs = {"jacobian": ROWS}

    def kept(direction: object) -> bool:
        found = METHODS[method].certify(inputs, {"direction": direction}, None, params)  # type: ignore[dict-item]
        zero = [r.value == 0 for r in found if r.relation == "zero"]
        return all(zero) and bool(zero)

    assert kept(answer.exact)
    assert kept(METHODS["mean"].direction(ROWS).exact) is (params.get("trim_number") == 0)


def test_the_traces_are_the_methods() -> None:
    """Krum's weights in balls, also with a decision turned; the trimmed mean's entries."""
    rows = jacobian(ROWS)
    with ctx.workprec(200):
        gramian = arb_mat(rows.gramian())
        norms = [gramian[i, i].sqrt() for i in range(5)]
        run = KRUM.trace(gramian, norms, {}, n_byzantine=1)
        turned = KRUM.trace(gramian, norms, {"keep 1-4": False}, n_byzantine=1)
        table = arb_mat([list(map(arb, row)) for row in ROWS])
        entries = TRIMMED.trace({"jacobian": table}, {}, trim_number=1).outputs["direction"]
    assert [float(weight) for weight in run.weights] == [0, 1, 0, 0, 0]
    assert [float(weight) for weight in turned.weights] == [0, 0, 0, 0, 1]
    assert all(decision.value > 0 for decision in run.decisions)
    exact = TRIMMED.direction(ROWS, trim_number=1).exact
    assert all(a.overlaps(enclose(b, 100)) for a, b in zip(entries, exact, strict=True))
