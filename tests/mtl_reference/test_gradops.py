"""GradOPS: projections and weights by hand, every degenerate case, certificate and trace."""

from math import inf, nan
from typing import cast

import pytest
from flint import arb, arb_mat, ctx, fmpq

from mtl_reference import METHODS, Answer, Kind, Relation, jacobian
from mtl_reference.enclosure import Vector, decide, enclose
from mtl_reference.method import Outputs
from mtl_reference.pairing import inner, products
from mtl_reference.rational import Jacobian, Rows
from mtl_reference.surd import sqrt

METHOD = METHODS["gradops"]
TWO = ((1, 0), ("-1/2", 1))
THREE = ((1, 0, 0), ("-1/2", 1, 0), ("1/3", "-1/4", 2))
PLANE = ((1, 0), ("-1/2", 1), (0, 1))
DUPLICATES = ((1, 0, 0), (-1, 1, 0), (-1, 1, 0), (0, 0, 2))
CASES = (TWO, THREE, PLANE, DUPLICATES, ((1, 0), (0, 0), (-1, 1)), ((1, 2), (-2, -4)), ((3, 4),))
ALPHAS = (0.0, 1.0, 2.0, -1.0, -2.0, 0.5, -1.25)


def answer(rows: Rows, alpha: float = 0.0, fallback: str = "mgda") -> Answer:
    """The method's answer."""
    return METHOD.direction(rows, alpha=alpha, fallback=fallback)


def broken(rows: Rows, outputs: Outputs, alpha: float = 0.0, fallback: str = "mgda") -> list[str]:
    """Names of the residuals that are not as they should be."""
    residuals = METHOD.certificate(jacobian(rows), outputs, alpha=alpha, fallback=fallback)
    return [
        residual.name
        for residual in residuals
        if decide(residual.value)
        not in ({0, None} if residual.relation is Relation.ZERO else {0, 1, None})
    ]


def moved(vector: Vector, shift: fmpq) -> Vector:
    """The vector with its first coordinate moved."""
    return (vector[0] + shift, *vector[1:])


@pytest.mark.parametrize("fallback", ["mgda", "none"])
@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("rows", CASES)
def test_every_answer_meets_its_certificate(rows: Rows, alpha: float, fallback: str) -> None:
    """All branches, both fallbacks, every field of numbers."""
    found = answer(rows, alpha, fallback)
    if found.kind is Kind.EXACT:
        assert broken(rows, found.outputs, alpha, fallback) == []
    else:
        assert alpha < 0
        assert "projection of task" in found.reason


def test_two_tasks_by_hand() -> None:
    """With alpha 0 it is PCGrad's sum; alpha -2 points along MGDA, alpha -1 along IMTL-G."""
    assert answer(TWO).exact == (fmpq(4, 5), fmpq(7, 5))
    for alpha, other in ((-2.0, "mgda"), (-1.0, "imtl_g")):
        one, two = answer(TWO, alpha).exact, METHODS[other].direction(TWO).exact
        assert decide(one[0] * two[1] - one[1] * two[0]) == 0
        assert decide(inner(one, two)) == 1


def test_powers_of_projections_by_hand() -> None:
    """R = (1, 2) for orthogonal rows of those lengths: w in proportion 1 : 2^alpha, sum 2."""
    rows = [(1, 0), (0, 2)]
    assert answer(rows, 1.0).outputs["weights"] == (fmpq(2, 3), fmpq(4, 3))
    assert answer(rows, 2.0).outputs["weights"] == (fmpq(2, 5), fmpq(8, 5))
    assert answer(rows, -1.0).outputs["weights"] == (fmpq(4, 3), fmpq(2, 3))
    half = cast("Vector", answer(rows, 0.5).outputs["weights"])
    assert decide(half[1] - half[0] * sqrt(2)) is None
    assert decide(half[0] + half[1] - 2) is None


def test_the_exact_value_of_alpha_decides_the_field() -> None:
    """The float next to 2 is no integer: balls, whose answer differs from that of 2."""
    rows = [(1, 0), (0, 2)]
    near = answer(rows, 2.0 - 2.0**-52)
    assert decide(near.exact[0] - answer(rows, 2.0).exact[0]) == 1
    assert answer(rows, 65.0).to_float64() == pytest.approx((2 / (1 + 2**65), 4.0), rel=1e-15)


@pytest.mark.parametrize("alpha", [1e300, -1e300, 1001.0, 64.5])
def test_extreme_powers_put_all_weight_on_one_task(alpha: float) -> None:
    """Beyond 64 in balls: rounded correctly, certified, and never out of range."""
    found = answer([(1, 0), (0, 2**20)], alpha)
    assert found.to_float64() == ((0.0, 2.0**21) if alpha > 0 else (2.0, 0.0))
    assert broken([(1, 0), (0, 2**20)], found.outputs, alpha) == []


def test_projections_are_off_all_others_not_only_those_in_conflict() -> None:
    """Row 0 conflicts with row 1 alone, yet loses its part along row 2 as well."""
    rows = jacobian(THREE)
    gradient = cast("tuple[Vector, ...]", answer(THREE).outputs["task_gradients"])[0]
    sides = products(rows, gradient)
    assert [decide(side) for side in sides] == [1, 0, 0]


def test_equal_projections_need_no_powers() -> None:
    """Weights are exactly 1 where all R_i are equal, for any alpha; so with a single task."""
    for rows in ([(1, 0), (0, 1)], [(5, 7)]):
        assert answer(rows, 0.3).outputs["weights"] == (fmpq(1),) * len(rows)


def test_the_naive_method_stalls_and_the_fallback_does_not() -> None:
    """Erratum: three rows in conflict in a plane, not stationary; all project to 0."""
    rows = ((4, 0), (3, "1/4"), (-1, 5))
    assert answer(rows, fallback="none").exact == (fmpq(0), fmpq(0))
    nearest = METHODS["mgda"].direction(rows).exact
    assert any(entry != 0 for entry in nearest)
    assert cast("tuple[Vector, ...]", answer(rows).outputs["task_gradients"])[2] == nearest


def test_a_negative_power_of_a_zero_projection_is_undefined() -> None:
    """The modified rows are 0, 0, (0, 1) on these rows: R_0 = 0; alpha 0 takes 0^0 as 1."""
    found = answer(PLANE, -1.0, "none")
    assert found.kind is Kind.UNDEFINED
    assert "task 0 is 0" in found.reason
    assert answer(PLANE, 0.0, "none").exact == (fmpq(0), fmpq(1))
    assert answer(PLANE, 1.0, "none").outputs["weights"][0] == 0


@pytest.mark.parametrize("alpha", ALPHAS)
def test_nothing_moves_where_all_gradients_vanish(alpha: float) -> None:
    """An antiparallel pair is stationary: direction 0, weights 1, for every alpha."""
    found = answer([(1, 2), (-2, -4)], alpha)
    assert found.exact == (fmpq(0), fmpq(0))
    assert found.outputs["weights"] == (fmpq(1), fmpq(1))


def test_zero_rows_weigh_one_and_the_rest_share_among_themselves() -> None:
    """R = (1, -, 2): weights 2/3, 1, 4/3 for alpha = 1."""
    found = answer([(1, 0), (0, 0), (0, 2)], 1.0)
    assert found.outputs["weights"] == (fmpq(2, 3), fmpq(1), fmpq(4, 3))
    assert found.exact == (fmpq(2, 3), fmpq(8, 3))


def test_duplicates_among_the_others_are_no_obstacle() -> None:
    """Row 0 is projected off a span that two equal rows give."""
    gradients = cast("tuple[Vector, ...]", answer(DUPLICATES).outputs["task_gradients"])
    assert gradients[0] == (fmpq(1, 2), fmpq(1, 2), fmpq(0))


def test_the_direction_jumps_where_a_conflict_appears() -> None:
    """A thousandth of a turn of one row moves another's gradient by more than a half."""
    first = [
        cast(
            "tuple[Vector, ...]",
            answer([(1, 0, 0), (e, 1, 0), (0.9, 0, 0.5)]).outputs["task_gradients"],
        )[0]
        for e in (2.0**-10, -(2.0**-10))
    ]
    assert first[0] == (fmpq(1), fmpq(0), fmpq(0))
    assert decide(first[1][0] - fmpq(1, 2)) == -1


@pytest.mark.parametrize("output", ["direction", "weights", "task_gradients"])
@pytest.mark.parametrize("rows", [TWO, THREE, PLANE])
@pytest.mark.parametrize("alpha", [0.0, 1.0, -2.0])
def test_a_wrong_output_is_seen(rows: Rows, alpha: float, output: str) -> None:
    """Any one output moved by a thousandth breaks a condition."""
    outputs = dict(answer(rows, alpha).outputs)
    shift = fmpq(1, 1000)
    if output == "task_gradients":
        first, *rest = cast("tuple[Vector, ...]", outputs[output])
        outputs[output] = (moved(first, shift), *rest)
    else:
        outputs[output] = moved(cast("Vector", outputs[output]), shift)
    assert broken(rows, outputs, alpha) != []


def test_right_angles_and_span_are_both_asked() -> None:
    """The row itself stands at no right angles; 0 does, and differs from the row off the span."""
    first, *rest = cast("tuple[Vector, ...]", answer(THREE).outputs["task_gradients"])
    row = jacobian(THREE).row(0)
    assert broken(THREE, {"task_gradients": (row, *rest)}) == ["right angle 0-1", "right angle 0-2"]
    assert broken(THREE, {"task_gradients": ((fmpq(0),) * 3, *rest)}) == ["span 0"]
    assert first != row


def test_answers_for_another_parameter_are_seen() -> None:
    """The wrong sign of alpha and the wrong fallback each break the certificate."""
    assert broken(THREE, answer(THREE, 1.0).outputs, -1.0) != []
    assert broken(PLANE, answer(PLANE, fallback="none").outputs) != []
    assert broken(PLANE, answer(PLANE).outputs, fallback="none") != []


@pytest.mark.parametrize("value", [nan, inf])
def test_bad_parameters_are_named(value: float) -> None:
    """The message says that alpha must be finite, and what is a fallback."""
    with pytest.raises(ValueError, match="alpha must be a finite number"):
        answer(TWO, value)
    with pytest.raises(ValueError, match="fallback must be one of"):
        answer(TWO, 0.0, "zero")


def balls(rows: Jacobian) -> tuple[arb_mat, list[arb]]:
    """The Gramian and the lengths at the working precision."""
    gramian = arb_mat(rows.gramian())
    return gramian, [gramian[i, i].sqrt() for i in range(rows.tasks)]


@pytest.mark.parametrize("fallback", ["mgda", "none"])
@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("rows", CASES)
def test_the_trace_is_the_method(rows: Rows, alpha: float, fallback: str) -> None:
    """Its weights give the exact direction, and do so again with the decisions frozen."""
    exact, gradients = answer(rows, alpha, fallback), jacobian(rows)
    if exact.kind is not Kind.EXACT:
        return
    with ctx.workprec(400):
        gramian, norms = balls(gradients)
        run = METHOD.trace(gramian, norms, {}, alpha=alpha, fallback=fallback)
        frozen = {decision.name: decision.outcome for decision in run.decisions}
        again = METHOD.trace(gramian, norms, frozen, alpha=alpha, fallback=fallback)
        for weights in (run.weights, again.weights):
            for place, value in enumerate(exact.exact):
                column = [gradients.row(task)[place] for task in range(gradients.tasks)]
                ball = sum((w * x for w, x in zip(weights, column, strict=True)), arb(0))
                assert ball.overlaps(enclose(value, 300))


def test_a_flipped_conflict_takes_the_other_branch() -> None:
    """Told that row 0 does not conflict, the trace leaves it as it is."""
    with ctx.workprec(200):
        gramian, norms = balls(jacobian(TWO))
        run = METHOD.trace(gramian, norms, {"conflict 0": False})
        stuck = METHOD.trace(gramian, norms, {"independent 0": False}, fallback="none")
    assert run.task_weights[0][1] == 0
    assert stuck.task_weights[0][0] == 0
    assert [(d.name, d.outcome) for d in run.decisions] == [
        ("conflict 0", False),
        ("conflict 1", True),
        ("independent 1", True),
    ]


def test_margins_do_not_depend_on_the_scale_of_a_row() -> None:
    """Values of the decisions are cosines and their like: rows times 2^60 change none."""
    with ctx.workprec(300):
        plain = METHOD.trace(*balls(jacobian(THREE)), {})
        big = METHOD.trace(*balls(jacobian([(2**60, 0, 0), *THREE[1:]])), {})
    for one, two in zip(plain.decisions, big.decisions, strict=True):
        assert one.name == two.name
        assert one.value.overlaps(two.value)
