"""RotoGrad: closed cases, the state, what is undefined, and wrong answers certified away."""

from typing import cast

import pytest
from flint import arb, arb_mat, fmpq

from mtl_reference import METHODS, Kind
from mtl_reference.enclosure import Vector, decide, enclose
from mtl_reference.method import Outputs, Relation, Residual

METHOD = METHODS["rotograd"]
ROWS = ((1, 2, 3, -1), (2, -1, 1, 1))
QUARTER = ((0, -1, 1, 0), (1, 0, 0, 1))


def _kept(residual: Residual) -> bool:
    sign = decide(residual.value)
    return sign in {0, None} or (sign == 1 and residual.relation is Relation.NONNEGATIVE)


def test_rotations_turn_the_gradients_back() -> None:
    """R' of a quarter turn takes (0, 3) to (3, 0)."""
    assert METHOD.direction([(0, 3), (4, 0)], rotations=QUARTER, mode="rotate").exact == (7, 0)


def test_the_first_step_scales_to_the_mean_length() -> None:
    """All ratios are 1: C is the mean of 3 and 4."""
    parts = METHOD.direction([(0, 3), (4, 0)], mode="scale").outputs["task_gradients"]
    assert parts == ((0, fmpq(7, 2)), (fmpq(7, 2), 0))


def test_later_steps_weigh_lengths_by_what_they_were() -> None:
    """Lengths 3, 4 become 6, 4: C = (2 * 6 + 1 * 4) / 3; from the burn-in on, (6 + 4) / 2."""
    state = METHOD.direction([(0, 3), (4, 0)], mode="scale").state
    later = METHOD.direction([(0, 6), (4, 0)], mode="scale", state=state)
    assert later.exact == (fmpq(16, 3), fmpq(16, 3))
    anew = METHOD.direction([(0, 6), (4, 0)], mode="scale", burn_in=1, state=state)
    assert anew.exact == (5, 5)


def test_equal_gradients_are_turned_together() -> None:
    """Row 0 is row 1 turned by a quarter: the next rotations make the gradients parallel."""
    answer = METHOD.direction([(0, 1, -2, 0), (1, 0, 0, 2)], rotations=[(1, 0, 0, 1)] * 2)
    after = METHOD.direction([(0, 1, -2, 0), (1, 0, 0, 2)], state=answer.state)
    first, second = cast("tuple[Vector, Vector]", after.outputs["task_gradients"])
    assert all(a == b for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("mode", ["both", "rotate", "scale"])
def test_every_step_is_certified_and_followed(mode: str) -> None:
    """Three steps: the certificate holds, and the trace in balls meets the answer."""
    state, before = None, None
    for rows in (ROWS, ROWS[::-1], ((0, 0, 0, 0), (1, 1, 2, 1))):
        inputs = {"jacobian": rows, "rotations": QUARTER}
        answer = METHOD.answer(inputs, None, {"mode": mode}, state)
        assert all(map(_kept, METHOD.certify(inputs, answer.outputs, None, {"mode": mode}, state)))
        balls = {name: arb_mat([list(map(arb, row)) for row in table])
                 for name, table in inputs.items()}  # fmt: skip
        trace = METHOD.trace(balls, {}, mode=mode, state=before)
        pairs = zip(answer.exact, trace.outputs["direction"], strict=True)
        assert all(enclose(number, 40).overlaps(ball) for number, ball in pairs)
        state, before = answer.state, trace.state


def _with(outputs: Outputs, **changes: object) -> Outputs:
    return cast("Outputs", {**outputs, **changes})


def test_a_reflection_and_a_worse_rotation_are_told() -> None:
    """The certificate asks for determinant 1, and for the best of the stationary rotations."""
    inputs = {"jacobian": ROWS, "rotations": QUARTER}
    outputs = METHOD.answer(inputs).outputs
    first, second = cast("tuple[Vector, Vector]", outputs["rotations"])
    reflected = (first[0], -first[1], first[2], -first[3])  # type: ignore[operator]
    for wrong in (reflected, tuple(-entry for entry in first)):
        told = METHOD.certify(inputs, _with(outputs, rotations=(wrong, second)))
        assert not all(map(_kept, told))


def test_what_has_no_common_length_is_undefined() -> None:
    """A first gradient of 0, or all of them; without scaling both are answered."""
    assert METHOD.direction([(0, 0), (1, 0)]).kind is Kind.UNDEFINED
    assert METHOD.direction([(0, 0), (1, 0)], mode="rotate").exact == (1, 0)
    state = METHOD.direction([(0, 1), (1, 0)], mode="scale").state
    later = METHOD.direction([(0, 0), (0, 0)], mode="scale", state=state)
    assert later.kind is Kind.UNDEFINED


def test_rotations_that_are_not_unique_are_not_told() -> None:
    """One sample of three numbers leaves a turn about it open; the step after is undefined."""
    identity = (1, 0, 0, 0, 1, 0, 0, 0, 1)
    answer = METHOD.direction([(1, 0, 0), (0, 1, 0)], rotations=[identity] * 2)
    assert "rotations" not in answer.outputs
    assert METHOD.direction([(1, 0, 0), (0, 1, 0)], state=answer.state).kind is Kind.UNDEFINED


@pytest.mark.parametrize("turns", [[(1, 0, 0, 1)], [(1, 0)] * 2, [(1, 0, 0, 0, 1, 0, 0, 0, 1)] * 2])
def test_rotations_of_another_shape_are_refused(turns: list[tuple[int, ...]]) -> None:
    """One a task, square, of a size that parts the width."""
    with pytest.raises(ValueError, match="rotations must be"):
        METHOD.direction(ROWS, rotations=turns)
