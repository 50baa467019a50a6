"""EPO and linear programs over the simplex: programs by hand, sets, what is undefined."""

from typing import Any

import pytest
from flint import arb, arb_mat, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_reference import METHODS
from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.linear import solution, vertex
from mtl_reference.method import Kind, Outputs, Relation
from mtl_reference.methods.epo import adjustments
from mtl_reference.rational import jacobian
from properties.reference_subject import sign

AXES = [(1, 0), (0, 1)]
BENT = [(2, 1, 0), (-1, 1, 1), (0, 1, -3)]
SMALL = st.lists(st.integers(1, 6), min_size=1, max_size=4)


def rationals(*numbers: int | str) -> tuple[fmpq, ...]:
    """Whole numbers as rationals."""
    return tuple(fmpq(number) for number in numbers)  # type: ignore[arg-type]


def broken(inputs: dict[str, Any], params: dict[str, Any], outputs: Outputs) -> list[str]:
    """The names of the conditions that the outputs do not meet."""
    residuals = METHODS["epo"].certify(inputs, outputs, None, params)
    return [r.name for r in residuals if not _kept(r.relation, r.value)]


def _kept(relation: Relation, value: Number) -> bool:
    found = sign(value)
    return found == 0 if relation is Relation.ZERO else found in {0, 1}


def test_vertex_finds_tight_constraints() -> None:
    """The best corner of a segment, with and without a bound; nothing where bounds exclude all."""
    gains = rationals(1, 2)
    assert vertex(gains, [], ()) == ((0,), ())
    assert vertex(gains, [rationals(1, -1)], rationals(0)) == ((), (0,))
    assert vertex(gains, [rationals(1, 1)], rationals(2)) is None


def test_solution_is_refined() -> None:
    """Two equations, to as many digits as are asked for."""
    found = solution([rationals(1, 1), rationals(1, -3)], rationals(1, 0))
    assert found[1].enclosure(300).overlaps(arb(fmpq(1, 4)))
    assert decide(found[0] - fmpq(3, 4)) in {0, None}


@settings(derandomize=True, deadline=None, max_examples=40)
@given(SMALL, st.data())
def test_adjustments_do_not_change_the_losses_in_sum(
    losses: list[int], data: st.DataObject
) -> None:
    """The sum of l_j a_j is 0; mu is not negative, and 0 where r_j l_j are equal."""
    wish = data.draw(st.lists(st.integers(1, 4), min_size=len(losses), max_size=len(losses)))
    imbalance, shares = adjustments(rationals(*losses), rationals(*wish))
    assert decide(imbalance) != -1
    products: list[Number] = [share * loss for share, loss in zip(shares, losses, strict=True)]
    assert sign(sum(products[1:], products[0])) == 0
    even, none = adjustments(tuple(fmpq(1, r) for r in wish), rationals(*wish))
    assert even == 0
    assert set(none) == {fmpq(0)}


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], Vector]] = {
    "balance: the heavy task alone": (
        {"jacobian": AXES, "losses": (1, 1), "preference": (1, 2)}, {}, rationals(0, 1)),
    "descent: the sum of the sides": (
        {"jacobian": [(2, 0), (0, 1)], "losses": (2, 1), "preference": (1, 2)}, {},
        rationals(2, 0)),
    "descent within the cone": (
        {"jacobian": [(2, 0), (-1, 1)], "losses": (1, 1), "preference": (1, 1)}, {},
        (fmpq(1, 2), fmpq(1, 2))),
    "a single task": (
        {"jacobian": [(3, 4)], "losses": (2,), "preference": (5,)}, {}, rationals(3, 4)),
    "a high threshold descends": (
        {"jacobian": [(2, 0), (0, 1)], "losses": (1, 1), "preference": (1, 2)},
        {"threshold": 0.5, "mode": "relaxed"}, rationals(2, 0)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_direction(name: str) -> None:
    """The vertex is the hand-computed one, carries its certificate and is a member."""
    inputs, params, expected = CASES[name]
    answer = METHODS["epo"].answer(inputs, None, params)
    assert answer.contains(expected)
    assert broken(inputs, params, answer.outputs) == []
    assert broken(inputs, params, {"direction": answer.exact}) == []


@pytest.mark.parametrize("mode", ["restricted", "relaxed"])
@pytest.mark.parametrize("losses", [(3, 1, 2), (6, 3, 2), (1, 5, 1)])
def test_certificate_and_trace(losses: tuple[int, ...], mode: str) -> None:
    """Three tasks in space: proved, certified, and followed in balls to the same weights."""
    inputs, params = {"jacobian": BENT, "losses": losses, "preference": (1, 2, 3)}, {"mode": mode}
    answer = METHODS["epo"].answer(inputs, None, params)
    assert broken(inputs, params, answer.outputs) == []
    gramian = jacobian(BENT).gramian()
    with ctx.workprec(400):
        norms = [arb(gramian[i, i]).sqrt() for i in range(3)]
        balls = {"losses": tuple(map(arb, losses)), "preference": (arb(1), arb(2), arb(3))}
        told = METHODS["epo"].trace(arb_mat(gramian), norms, {}, **balls, **params)
        pairs = zip(told.weights, answer.outputs["weights"], strict=True)
        assert all(abs(a - b.enclosure(400)) < 1e-90 for a, b in pairs)  # type: ignore[union-attr]


def test_a_worse_vertex_is_found_out() -> None:
    """Another vector of the hull has a worse value; one outside of the hull has no weights."""
    inputs = CASES["balance: the heavy task alone"][0]
    half = (fmpq(1, 2), fmpq(1, 2))
    assert "no weights do better" in broken(inputs, {}, {"direction": half, "weights": half})
    outside = rationals(-1, 2)
    found = broken(inputs, {}, {"direction": outside, "weights": outside})
    assert "weight of task 0 is not negative" in found


def test_several_vertices_are_a_set() -> None:
    """Equal rows: every combination of them is an answer, their copies are one direction."""
    inputs = {"jacobian": AXES, "losses": (1, 1), "preference": (1, 1)}
    answer = METHODS["epo"].answer(inputs)
    assert answer.kind is Kind.SET
    assert answer.contains((fmpq(1, 3), fmpq(2, 3)))
    assert not answer.contains((fmpq(1, 3), fmpq(1, 3)))
    assert not answer.contains(rationals(2, -1))


def test_a_loss_of_zero_is_undefined() -> None:
    """Zero has no logarithm."""
    answer = METHODS["epo"].direction(AXES, losses=(0, 1), preference=(1, 1))
    assert answer.kind is Kind.UNDEFINED


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"losses": (-1, 1), "preference": (1, 1)}, r"losses\[0\] must be not negative"),
        ({"losses": (1, 1), "preference": (1, 0)}, r"preference\[1\] must be positive"),
        ({"losses": (1,), "preference": (1, 1)}, "losses must have 2 numbers"),
    ],
)
def test_refusals(given_: dict[str, Any], message: str) -> None:
    """Negative losses, a preference that is not positive, and wrong sizes are named."""
    with pytest.raises(ValueError, match=message):
        METHODS["epo"].direction(AXES, **given_)


@pytest.mark.parametrize(
    ("rows", "losses", "preference"),
    [
        (((3, 0, 0, -1, -4, 3), (-1, 4, -2, 3, -3, 1), (-4, -8, 4, -4, 14, -8)), (1, 2, 4),
         (2, 2, 4)),
        (((-2, 4, 3, 1, -4, 1, 1, 2), (-1, 1, -1, 1, -2, 4, 2, 4), (-4, 0, 1, -1, 1, 3, -3, 2)),
         (2, 4, 4), (2, 3, 2)),
    ],
)  # fmt: skip
def test_a_program_with_one_point_keeps_it_when_it_is_rounded(
    rows: tuple[tuple[int, ...], ...], losses: tuple[int, ...], preference: tuple[int, ...]
) -> None:
    """Where the constraints leave one point (0 in the hull; a balance that only the best meets)."""
    inputs = {"jacobian": rows, "losses": losses, "preference": preference}
    params = {"mode": "restricted", "threshold": 0.5}
    told = METHODS["epo"].answer(inputs, None, params)
    assert told.kind is Kind.EXACT
    assert broken(inputs, params, told.outputs) == []
