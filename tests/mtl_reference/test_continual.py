"""GEM, A-GEM and OGD: hand-computed answers, degenerate memories, certificates, refusals."""

import pytest
from flint import arb, arb_mat, ctx, fmpq

from mtl_reference import METHODS
from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.rational import jacobian

CASES = {
    "gem, no conflict": ("gem", (1, 2), {"memory": [(1, 0), (0, 1)]}, (1, 2)),
    "gem, one memory": ("gem", (1, -2), {"memory": [(1, 1)]}, (fmpq(3, 2), fmpq(-3, 2))),
    "gem, only one of two is active": ("gem", (1, -2), {"memory": [(0, 1), (3, 0)]}, (1, 0)),
    "gem, one active after the other": ("gem", (-3, -1), {"memory": [(1, 0), (-1, 1)]}, (0, 0)),
    "gem, opposed memories": ("gem", (2, 3), {"memory": [(1, 0), (-2, 0)]}, (0, 3)),
    "gem, a zero memory": ("gem", (2, 3), {"memory": [(0, 0)]}, (2, 3)),
    "gem, equal memories": ("gem", (-2, 3), {"memory": [(1, 0), (1, 0)]}, (0, 3)),
    "a_gem, conflict": ("a_gem", (1, -2), {"reference": (1, 1)}, (fmpq(3, 2), fmpq(-3, 2))),
    "a_gem, right angles": ("a_gem", (1, -1), {"reference": (1, 1)}, (1, -1)),
    "a_gem, no conflict": ("a_gem", (1, 2), {"reference": (1, 1)}, (1, 2)),
    "a_gem, opposed": ("a_gem", (1, 2), {"reference": (-2, -4)}, (0, 0)),
    "a_gem, a zero reference": ("a_gem", (1, 2), {"reference": (0, 0)}, (1, 2)),
    "ogd, orthonormal": ("ogd", (3, 4, 5), {"basis": [(0, 1, 0), (0, 0, -1)]}, (3, 0, 0)),
    "ogd, a vector of length two": ("ogd", (3, 4), {"basis": [(2, 0)]}, (-9, 4)),
    "ogd, a vector of zero": ("ogd", (3, 4), {"basis": [(0, 0)]}, (3, 4)),
}


def broken(method: str, inputs: dict[str, object], outputs: Outputs) -> list[str]:
    """The names of the conditions that the outputs do not meet."""
    return [r.name for r in METHODS[method].certify(inputs, outputs) if not _holds(r)]


def _holds(residual: Residual) -> bool:
    zero = residual.relation is Relation.ZERO
    return bool(residual.value == 0 if zero else residual.value >= 0)


@pytest.mark.parametrize("case", CASES)
def test_direction(case: str) -> None:
    """The exact direction is the hand-computed one and carries its certificate."""
    method, gradient, beside, expected = CASES[case]
    inputs = {"gradient": gradient, **beside}
    answer = METHODS[method].answer(inputs)
    assert answer.exact == expected
    assert broken(method, inputs, answer.outputs) == []
    assert broken(method, inputs, {"direction": answer.exact}) == []


@pytest.mark.parametrize("case", CASES)
def test_another_direction_is_found_out(case: str) -> None:
    """One coordinate that is off breaks a condition."""
    method, gradient, beside, expected = CASES[case]
    wrong: Vector = (*map(fmpq, expected[:-1]), fmpq(expected[-1]) + fmpq(1, 7))
    inputs = {"gradient": gradient, **beside}
    outputs = {**METHODS[method].answer(inputs).outputs, "direction": wrong}
    assert broken(method, inputs, outputs) != []


def test_wrong_multipliers_are_found_out() -> None:
    """A negative one, and one that does not give the step."""
    inputs = {"gradient": (1, -2), "memory": [(1, 1)]}
    right = METHODS["gem"].answer(inputs)
    assert right.outputs["multipliers"] == (fmpq(1, 2),)
    for wrong in (fmpq(1), fmpq(-1, 2)):
        assert broken("gem", inputs, {**right.outputs, "multipliers": (wrong,)}) != []


@pytest.mark.parametrize(
    ("method", "beside", "message"),
    [
        ("gem", {"memory": [(1, 2, 3)]}, r"gradient must have 3 numbers \(got 2\)"),
        ("gem", {"memory": [(1.0, float("nan"))]}, r"memory\[0, 1\] is nan"),
        ("gem", {"memory": []}, "memory must have at least one row"),
        ("a_gem", {"reference": (1, 2, 3)}, r"gradient must have 3 numbers \(got 2\)"),
        ("a_gem", {"reference": (1.0, float("inf"))}, r"reference\[1\] is inf"),
        ("ogd", {"basis": [(1,)]}, r"gradient must have 1 numbers \(got 2\)"),
    ],
)
def test_refusals_name_the_input(method: str, beside: dict[str, object], message: str) -> None:
    """Widths must agree and numbers be finite; the input is named."""
    with pytest.raises(ValueError, match=message):
        METHODS[method].answer({"gradient": (1, 2), **beside})


@pytest.mark.parametrize("case", CASES)
def test_trace_combines_to_the_exact_direction(case: str) -> None:
    """In balls the weights on the stacked rows give the direction."""
    method, gradient, beside, expected = CASES[case]
    (others,) = beside.values()
    rows = jacobian([gradient, *(others if isinstance(others, list) else [others])])
    gramian = rows.gramian()
    with ctx.workprec(400):
        norms = [arb(gramian[i, i]).sqrt() for i in range(rows.tasks)]
        told = METHODS[method].trace(arb_mat(gramian), norms, {})
        image = arb_mat([list(told.weights)]) * arb_mat(
            [list(rows.row(i)) for i in range(rows.tasks)]
        )
        pairs = zip(image.entries(), expected, strict=True)
        assert all(abs(x - arb(fmpq(y))) < 1e-90 for x, y in pairs)
