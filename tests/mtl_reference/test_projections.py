"""UPGrad and DualProj: hand-computed answers, degenerate cones, their certificates and branches."""

import pytest
from flint import arb, arb_mat, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_reference import METHODS
from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.rational import jacobian, root_above

UPGRAD = {
    "a single task": ([(3, -4)], (3, -4)),
    "no conflict": ([(2, 0), (0, 1)], (1, fmpq(1, 2))),
    "a conflict": ([(2, 0), (-1, 1)], (fmpq(1, 2), 1)),
    "antiparallel rows": ([(1, 2), (-3, -6)], (0, 0)),
    "a zero row": ([(2, 0), (-1, 1), (0, 0)], (fmpq(1, 3), fmpq(2, 3))),
    "0 inside": ([(1, 0), (-1, 1), (-1, -2)], (0, 0)),
    "a line without loss": ([(1, 0), (-1, 0), (1, 2)], (0, fmpq(2, 3))),
    "equal rows": ([(1, 2), (1, 2)], (1, 2)),
}
DUAL = {
    "a single task": ([(3, -4)], (3, -4)),
    "no conflict": ([(2, 0), (0, 1)], (1, fmpq(1, 2))),
    "a conflict that the mean avoids": ([(2, 0), (-1, 1)], (fmpq(1, 2), fmpq(1, 2))),
    "a conflict of the mean": ([(2, 0), (-4, 2)], (0, 1)),
    "antiparallel rows": ([(1, 2), (-3, -6)], (0, 0)),
    "0 inside": ([(1, 0), (-1, 1), (-1, -2)], (0, 0)),
    "a line without loss": ([(1, 0), (-1, 0), (1, 3)], (0, 1)),
    "a zero row": ([(0, 0), (1, 2)], (fmpq(1, 2), 1)),
}
CASES = [("upgrad", *case) for case in UPGRAD.values()]
CASES += [("dual_proj", *case) for case in DUAL.values()]
NAMES = [*(f"upgrad, {name}" for name in UPGRAD), *(f"dual_proj, {name}" for name in DUAL)]


def broken(method: str, outputs: Outputs, rows: object) -> list[str]:
    """The names of the conditions that the outputs do not meet."""
    residuals = METHODS[method].certify({"jacobian": rows}, outputs)
    return [residual.name for residual in residuals if not _holds(residual)]


def _holds(residual: Residual) -> bool:
    zero = residual.relation is Relation.ZERO
    return bool(residual.value == 0 if zero else residual.value >= 0)


@pytest.mark.parametrize(("method", "rows", "expected"), CASES, ids=NAMES)
def test_direction(method: str, rows: list[tuple[int, ...]], expected: Vector) -> None:
    """The exact direction is the hand-computed one and carries its certificate."""
    answer = METHODS[method].direction(rows)
    assert answer.exact == expected
    assert broken(method, answer.outputs, rows) == []
    assert broken(method, {"direction": answer.exact}, rows) == []


@pytest.mark.parametrize(
    ("method", "vector", "condition"),
    [
        ("upgrad", (fmpq(1), fmpq(1, 2)), "the direction does not conflict with task 1"),
        ("upgrad", (fmpq(1), fmpq(2)), "the direction is the mean of the projections"),
        ("dual_proj", (fmpq(1), fmpq(1, 2)), "the direction does not conflict with row 1"),
        ("dual_proj", (fmpq(1), fmpq(0)), "the direction is not pushed against row 1"),
        ("dual_proj", (fmpq(1), fmpq(3, 2)), "the direction is pushed along row 1 only where"),
    ],
)
def test_certificate_names_what_is_wrong(method: str, vector: Vector, condition: str) -> None:
    """The sum for the mean, a conflict, a step that is too long: each breaks its condition."""
    found = broken(method, {"direction": vector}, [(2, 0), (-1, 1)])
    assert any(name.startswith(condition) for name in found)


@pytest.mark.parametrize("method", ["upgrad", "dual_proj"])
def test_weights_are_tied_to_the_direction(method: str) -> None:
    """Weights that give another vector, or less than the mean's share, are found out."""
    rows = [(2, 0), (-4, 2)]
    outputs = dict(METHODS[method].direction(rows).outputs)
    first, second = outputs["weights"]
    for wrong in ((first, second + 1), (first - 1, second)):
        assert broken(method, {**outputs, "weights": wrong}, rows) != []


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.sampled_from(["upgrad", "dual_proj"]),
    st.lists(st.tuples(*[st.integers(-2, 2)] * 2), min_size=1, max_size=4),
    st.data(),
)
def test_slopes_bound_how_residuals_move(
    method: str, rows: list[tuple[int, int]], data: st.DataObject
) -> None:
    """A wrong output breaks a condition by no more than its slopes and curvatures allow."""
    outputs, moves = {}, {}
    for name, vector in METHODS[method].direction(rows).outputs.items():
        steps = data.draw(st.lists(st.integers(-9, 9), min_size=len(vector), max_size=len(vector)))
        outputs[name] = tuple(x + fmpq(s, 16) for x, s in zip(vector, steps, strict=True))
        moves[name] = root_above(fmpq(sum(s * s for s in steps), 256))
    for kept in (outputs, {"direction": outputs["direction"]}):
        for residual in METHODS[method].certify({"jacobian": rows}, kept):
            first = sum((s * moves[n] for n, s in residual.slopes.items()), fmpq(0))
            second = sum((b * moves[n] ** 2 for n, b in residual.curvatures.items()), fmpq(0))
            assert residual.value >= -first - second, residual.name
            assert residual.relation is not Relation.ZERO or residual.value <= first + second


@pytest.mark.parametrize("method", ["upgrad", "dual_proj"])
def test_trace_gives_the_exact_weights_and_a_reach_above_them(method: str) -> None:
    """In balls the frozen faces give the weights; no weights are larger than the reach says."""
    rows = [(2, 0, 1), (-4, 2, 0), (1, -3, 1)]
    gramian = jacobian(rows).gramian()
    with ctx.workprec(400):
        norms = [arb(gramian[i, i]).sqrt() for i in range(3)]
        told = METHODS[method].trace(arb_mat(gramian), norms, {})
        exact = METHODS[method].direction(rows).outputs["weights"]
        assert all(a.overlaps(arb(b)) for a, b in zip(told.weights, exact, strict=True))
        size = sum((w * n for w, n in zip(told.weights, norms, strict=True)), arb(0))
    assert told.reach is not None
    assert size < told.reach
    assert all(bool(d.value > 0) is d.outcome for d in told.decisions)
