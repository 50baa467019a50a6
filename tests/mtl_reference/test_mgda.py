"""MGDA: hand-computed answers, degenerate hulls, its certificate and its branches."""

from collections.abc import Iterable

import pytest
from flint import arb, arb_mat, ctx, fmpq, fmpz_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_reference.branches.mgda import trace
from mtl_reference.certificates.mgda import certificate
from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.methods.mgda import direction
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
    with pytest.raises(ValueError, match=r"normalization must be one of 'none' \(got 'l2'\)"):
        direction([(1, 0)], normalization="l2")


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
