"""MGDA: hand-computed answers, degenerate hulls, its certificate and its branches."""

from collections.abc import Iterable
from typing import cast

import pytest
from flint import arb, arb_mat, ctx, fmpq, fmpz_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_reference.branches.mgda import trace
from mtl_reference.certificates.mgda import certificate
from mtl_reference.enclosure import Vector, decide, enclose
from mtl_reference.method import Kind, Outputs, Relation, Residual
from mtl_reference.methods.mgda import direction
from mtl_reference.pairing import added, products
from mtl_reference.rational import Quotients, jacobian, root_above

CASES = {
    "a single task": ([(3, -4)], (3, -4)),
    "right angles": ([(2, 0), (0, 1)], (fmpq(2, 5), fmpq(4, 5))),
    "the short row alone": ([(1, 0), (5, 1)], (1, 0)),
    "antiparallel rows": ([(1, 2), (-3, -6)], (0, 0)),
    "a zero row": ([(1, 2), (0, 0), (3, 1)], (0, 0)),
    "equal rows": ([(1, 2), (1, 2)], (1, 2)),
    "0 inside": ([(1, 0), (-1, 1), (-1, -2)], (0, 0)),
    "more tasks than columns": ([(1, 1), (1, -1), (1, 0), (2, 0)], (1, 0)),
    "an edge of three rows": ([(1, 3), (1, -1), (4, 0)], (1, 0)),
}


def broken(outputs: Outputs, rows: object) -> list[str]:
    """The names of the conditions that the outputs do not meet."""
    return [r.name for r in certificate(jacobian(rows), outputs) if not _holds(r)]


def _holds(residual: Residual) -> bool:
    if residual.relation is Relation.ZERO:
        return bool(residual.value == 0)
    return bool(residual.value >= 0)


@pytest.mark.parametrize("case", CASES)
def test_direction(case: str) -> None:
    """The exact direction is the hand-computed one and carries its certificate."""
    rows, expected = CASES[case]
    answer = direction(rows)
    assert answer.exact == expected
    assert broken(answer.outputs, rows) == []
    assert broken({"direction": answer.exact}, rows) == []
    assert broken({"weights": answer.outputs["weights"]}, rows) == []


@pytest.mark.parametrize(
    ("vector", "condition"),
    [
        ((fmpq(1), fmpq(1)), "the hull lies beyond the direction at task 1"),
        ((fmpq(1, 5), fmpq(2, 5)), "the direction's weights add up to one"),
        ((fmpq(3), fmpq(-1, 2)), "the direction weighs task 1 without a negative sign"),
    ],
)
def test_certificate_names_what_is_wrong(vector: Vector, condition: str) -> None:
    """Too long, too short and a wrong mixture each break the condition that forbids them."""
    assert condition in broken({"direction": vector}, [(2, 0), (0, 1)])


def test_certificate_ties_weights_to_the_direction() -> None:
    """Right weights beside a direction that they do not give are found out."""
    weights = (fmpq(1, 5), fmpq(4, 5))
    outputs = {"weights": weights, "direction": (fmpq(1, 5), fmpq(2, 5))}
    assert "weights give the direction" in broken(outputs, [(2, 0), (0, 1)])


def test_negative_weights_are_no_answer() -> None:
    """The point of the affine hull nearest to 0 is refused where it lies outside of the hull."""
    outputs = {"weights": (fmpq(5, 4), fmpq(-1, 4)), "direction": (fmpq(3, 4), fmpq(-3, 4))}
    assert "weight of task 1 is not negative" in broken(outputs, [(1, 0), (2, 3)])


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.tuples(*[st.integers(-2, 2)] * 2), min_size=1, max_size=4), st.data())
def test_slopes_bound_how_residuals_move(rows: list[tuple[int, int]], data: st.DataObject) -> None:
    """A wrong output breaks a condition by no more than its slopes and curvatures allow."""
    outputs, moves = {}, {}
    for name, vector in direction(rows).outputs.items():
        steps = data.draw(st.lists(st.integers(-9, 9), min_size=len(vector), max_size=len(vector)))
        outputs[name] = tuple(x + fmpq(s, 16) for x, s in zip(vector, steps, strict=True))
        moves[name] = root_above(fmpq(sum(s * s for s in steps), 256))
    for kept in (outputs, {"direction": outputs["direction"]}, {"weights": outputs["weights"]}):
        for residual in certificate(jacobian(rows), kept):
            first = sum((s * moves[n] for n, s in residual.slopes.items()), fmpq(0))
            second = sum((b * moves[n] ** 2 for n, b in residual.curvatures.items()), fmpq(0))
            assert residual.value >= -first - second, residual.name
            assert residual.relation is not Relation.ZERO or residual.value <= first + second


def test_other_normalizations_are_refused() -> None:
    """A normalization that is not offered is named, with what is."""
    with pytest.raises(ValueError, match=r"normalization must be one of .* \(got 'l1'\)"):
        direction([(1, 0)], normalization="l1")


@pytest.mark.parametrize("losses", [None, (1,), (1, float("nan"))])
def test_losses_are_asked_for_and_checked(losses: object) -> None:
    """None, too few, and one that is no number."""
    with pytest.raises(ValueError, match="losses"):
        direction([(1, 0), (0, 1)], losses=losses, normalization="loss")  # type: ignore[arg-type]


NORMALISED = {
    "unit rows at right angles": ([(2, 0), (0, 1)], None, "l2", (fmpq(1), fmpq(1, 2))),
    "antiparallel rows": ([(1, 0), (-2, 0)], None, "l2", (fmpq(-1, 2), fmpq(0))),
    "a vertex": ([(3, 4), (8, 6), (5, 0)], (1, 1, 100), "loss", (fmpq(5), fmpq(0))),
    "losses": ([(1, 0), (0, 1)], (1, 2), "loss", (fmpq(1, 5), fmpq(4, 5))),
    "losses and lengths": ([(1, 0), (0, 3)], (1, 2), "loss+", (fmpq(1, 5), fmpq(12, 5))),
    "equal rows": ([(0, 2), (0, 2), (1, 0)], None, "l2", (fmpq(1, 2), fmpq(1))),
    "losses in the ratio of the rows": ([(1, 0), (1, 0)], (1, 2), "loss", (fmpq(1), fmpq(0))),
}


@pytest.mark.parametrize("case", NORMALISED)
def test_normalised_weights_combine_raw_rows(case: str) -> None:
    """Weights of the scaled hull by hand, applied to the rows as they are."""
    rows, losses, normalization, expected = NORMALISED[case]
    answer = direction(rows, losses=losses, normalization=normalization)
    assert tuple(answer.exact) == expected
    for kept in (answer.outputs, {"weights": answer.outputs["weights"]},
                 {"direction": answer.exact}):  # fmt: skip
        found = certificate(jacobian(rows), kept, losses=losses, normalization=normalization)
        assert [r.name for r in found if not _holds(r)] == []


def test_l2_is_decided_by_sums_of_roots() -> None:
    """Three rows of irrational lengths: the proof of the support and the answer are exact."""
    rows = [(1, 1, 0), (0, 1, 2), (-1, 1, 1)]
    answer = direction(rows, normalization="l2")
    weights = cast("Vector", answer.outputs["weights"])
    assert added(weights) == 1
    found = list(certificate(jacobian(rows), answer.outputs, normalization="l2"))
    assert all(map(_holds, found))
    swapped = {"weights": (weights[1], weights[0], weights[2])}
    wrong = certificate(jacobian(rows), swapped, normalization="l2")
    assert not all(map(_holds, wrong))


def test_l2_weights_ignore_the_lengths() -> None:
    """Scaling single rows leaves the weights, and so moves the direction."""
    first = direction([(1, 0), (1, 2)], normalization="l2").outputs["weights"]
    second = direction([(8, 0), (fmpq(1, 4), fmpq(1, 2))], normalization="l2").outputs["weights"]
    assert all(a == b for a, b in zip(first, second, strict=True))


def test_parallel_rows_of_unequal_length_have_a_set_of_answers() -> None:
    """Every weight is right for equal unit rows, and the raw rows tell them apart."""
    answer = direction([(1, 0), (2, 0)], normalization="l2")
    assert answer.kind is Kind.SET
    assert answer.contains((fmpq(3, 2), fmpq(0)))
    assert not answer.contains((fmpq(1, 2), fmpq(0)))
    assert not answer.contains((fmpq(3, 2), fmpq(1, 10**30)))


def test_a_hull_that_holds_zero_in_two_ways_has_a_set_of_answers() -> None:
    """Two opposite pairs of unit rows with unequal sums; of equal length they have one answer."""
    rows = [(1, 0), (-2, 0), (0, 1), (0, -4)]
    answer = direction(rows, normalization="l2")
    assert answer.kind is Kind.SET
    assert answer.contains((fmpq(-1, 2), fmpq(0)))
    assert answer.contains((fmpq(-1, 4), fmpq(-3, 4)))
    assert not answer.contains((fmpq(-1, 2), fmpq(-1)))
    even = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    assert direction(even, normalization="l2").exact == (fmpq(0), fmpq(0))


@pytest.mark.parametrize(
    ("rows", "losses", "normalization"),
    [([(1, 0), (0, 0)], None, "l2"), ([(1, 0), (0, 1)], (1, 0), "loss"),
     ([(1, 0), (0, 1)], (1, -1), "loss+")],
)  # fmt: skip
def test_what_cannot_be_divided_has_no_answer(
    rows: list[tuple[int, int]], losses: tuple[int, ...] | None, normalization: str
) -> None:
    """A zero row, a loss of zero, a negative loss."""
    answer = direction(rows, losses=losses, normalization=normalization)
    assert answer.kind is Kind.UNDEFINED


def test_normalised_weights_may_raise_a_loss() -> None:
    """The direction of l2 conflicts with a row, where that of the plain hull cannot."""
    rows = jacobian([(1, 0), (-8, 4)])
    path = direction(rows, normalization="l2").exact
    assert [decide(side) for side in products(rows, path)] == [-1, 1]


@pytest.mark.parametrize("normalization", ["l2", "loss", "loss+"])
def test_the_trace_divides_as_the_method_does(normalization: str) -> None:
    """Balls agree with the exact weights."""
    rows, losses = [(1, 1, 0), (0, 1, 2), (-1, 1, 1)], (fmpq(1), fmpq(2), fmpq(1, 2))
    answer = direction(rows, losses=losses, normalization=normalization)
    gramian = jacobian(rows).gramian()
    with ctx.workprec(400):
        norms = [arb(gramian[i, i]).sqrt() for i in range(3)]
        given = [arb(loss) for loss in losses]
        told = trace(arb_mat(gramian), norms, {}, losses=given, normalization=normalization)
        pairs = zip(told.weights, cast("Vector", answer.outputs["weights"]), strict=True)
        assert all(abs(a - enclose(b, 380)) < arb(2) ** -300 for a, b in pairs)


def test_trace_reads_the_support_off_the_midpoints() -> None:
    """Decisions are positive lengths inside of the support and shortfalls outside."""
    gramian = jacobian([(2, 0), (0, 1), (3, 3)]).gramian()
    with ctx.workprec(400):
        norms = [arb(gramian[i, i]).sqrt() for i in range(3)]
        told = trace(arb_mat(gramian), norms, {})
    assert [d.outcome for d in told.decisions] == [True, True, False]
    assert [bool(d.value > 0) for d in told.decisions] == [True, True, False]
    assert told.weights[0].overlaps(arb(fmpq(1, 5)))


@pytest.mark.parametrize("task", [0, 1, 2])
def test_trace_follows_a_flipped_support(task: int) -> None:
    """With one task added or removed the weights are those of the other affine hull."""
    gramian = jacobian([(2, 0), (0, 1), (2, 2)]).gramian()
    outcome = {f"support {i}": (i < 2) != (i == task) for i in range(3)}
    with ctx.workprec(400):
        told = trace(arb_mat(gramian), [arb(gramian[i, i]).sqrt() for i in range(3)], outcome)
        column = arb_mat(gramian) * arb_mat(3, 1, told.weights)
    levels = [column[i, 0] for i in range(3) if outcome[f"support {i}"]]
    assert all(level.overlaps(levels[0]) for level in levels)
    assert sum(told.weights, arb(0)).contains(1)


def test_trace_resolves_rows_that_nearly_coincide() -> None:
    """At 400 bits a support of rows a relative 1e-12 apart has accurate weights."""
    rows = [(1.0, 1e-12, 0.0), (1.0, -3e-12, 0.0), (1.0, 0.0, 5e-12)]
    gramian = jacobian(rows).gramian()
    with ctx.workprec(400):
        told = trace(arb_mat(gramian), [arb(gramian[i, i]).sqrt() for i in range(3)], {})
    weights = direction(rows).outputs["weights"]
    assert all(
        a.overlaps(arb(b)) and a.rad() < 1e-60 for a, b in zip(told.weights, weights, strict=True)
    )


@pytest.mark.parametrize(
    ("rows", "longest"),
    [
        ([(1,), (-2,), (3,), (-4,)], 4),  # any two that oppose each other make 0
        ([(1, 0), (-2, 0), (0, 5)], None),  # the third would lead away from 0
        ([(1, 3), (1, -1), (4, 0)], None),  # it does not touch the point (1, 0)
    ],
)
def test_trace_tells_the_longest_row_that_may_carry_weight(
    rows: list[tuple[int, ...]], longest: int | None
) -> None:
    """Where other rows make the same point, honest programs may put the weight on them."""
    gramian = jacobian(rows).gramian()
    with ctx.workprec(400):
        norms = [arb(gramian[i, i]).sqrt() for i in range(len(rows))]
        told = trace(arb_mat(gramian), norms, {}).terms
    assert told == ({} if longest is None else {"direction": arb(longest)})


def test_certificate_reads_the_direction_and_not_what_made_it() -> None:
    """One numerator of a vector kept whole is off by one: the right weights do not save it."""
    rows = [(1.5, 2.0, -0.25), (-1.0, 0.5, 3.0)]
    outputs = direction(rows).outputs
    whole = outputs["direction"]
    assert isinstance(whole, Quotients)
    moved = Quotients(whole.numerators + fmpz_mat(1, 3, [0, 0, 1]), whole.denominator)
    assert all(r.value == 0 for r in zeros(certificate(jacobian(rows), outputs)))
    wrong = zeros(certificate(jacobian(rows), {**outputs, "direction": moved}))
    assert "weights give the direction" in [r.name for r in wrong if r.value != 0]


def zeros(residuals: Iterable[Residual]) -> list[Residual]:
    """Those that must be zero."""
    return [residual for residual in residuals if residual.relation is Relation.ZERO]
