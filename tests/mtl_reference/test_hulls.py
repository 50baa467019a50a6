"""PE-LTR, ARML and Pareto-MTL: hand-computed answers, certificates, refusals, traces."""

from typing import Any

import pytest
from flint import arb, arb_mat, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_reference import METHODS
from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.rational import jacobian, root_above

AXES = [(1, 0), (0, 1)]
HALF = fmpq(1, 2)
Case = tuple[str, dict[str, Any], dict[str, Any], tuple[Any, ...], tuple[Any, ...]]
CASES: dict[str, Case] = {
    "pe_ltr, no floors": (
        "pe_ltr", {"jacobian": [(2, 0), (0, 1)], "floors": (0, 0)}, {},
        (fmpq(2, 5), fmpq(4, 5)), (fmpq(1, 5), fmpq(4, 5))),
    "pe_ltr, a floor binds": (
        "pe_ltr", {"jacobian": [(2, 0), (0, 1)], "floors": ("1/2", 0)}, {},
        (1, HALF), (HALF, HALF)),
    "pe_ltr, floors are all": (
        "pe_ltr", {"jacobian": [(1,), (-2,)], "floors": ("1/2", "1/2")}, {},
        (-HALF,), (HALF, HALF)),
    "pe_ltr, the minimum": (
        "pe_ltr", {"jacobian": [(2, 0), (1, 0), (0, 1)], "floors": (0, 0, 0)}, {},
        (HALF, HALF), (0, HALF, HALF)),
    "pe_ltr, two stages miss it": (
        "pe_ltr", {"jacobian": [(2, 0), (1, 0), (0, 1)], "floors": (0, 0, 0)},
        {"solver": "two-stage"}, (1, 0), (0, 1, 0)),
    "pe_ltr, two stages of equal rows": (
        "pe_ltr", {"jacobian": [(1, 0), (1, 0)], "floors": ("1/2", 0)},
        {"solver": "two-stage"}, (1, 0), (fmpq(3, 4), fmpq(1, 4))),
    "arml, one auxiliary task": (
        "arml", {"jacobian": [(0, 3)], "gradient": (1, 0)}, {}, (1, 3), (1,)),
    "arml, right angles": (
        "arml", {"jacobian": [(2, 0), (0, 1)], "gradient": (1, 0)}, {},
        (fmpq(13, 5), fmpq(6, 5)), (fmpq(4, 5), fmpq(6, 5))),
    "arml, an opposed task gets nothing": (
        "arml", {"jacobian": [(1, 0), (-1, 0)], "gradient": (2, 0)}, {}, (4, 0), (2, 0)),
    "pareto_mtl, inside the region": (
        "pareto_mtl", {"jacobian": AXES, "losses": (2, 1), "preferences": AXES}, {},
        (HALF, HALF), (HALF, HALF)),
    "pareto_mtl, outside": (
        "pareto_mtl", {"jacobian": AXES, "losses": (1, 2), "preferences": AXES}, {},
        (fmpq(1, 5), fmpq(2, 5)), (fmpq(1, 5), fmpq(2, 5))),
    "pareto_mtl, on the border": (
        "pareto_mtl", {"jacobian": AXES, "losses": (1, 1), "preferences": AXES}, {},
        (HALF, HALF), (HALF, HALF)),
    "pareto_mtl, looking for the region": (
        "pareto_mtl", {"jacobian": AXES, "losses": (1, 2), "preferences": AXES},
        {"phase": "first"}, (-1, 1), (-1, 1)),
    "pareto_mtl, found": (
        "pareto_mtl", {"jacobian": AXES, "losses": (2, 1), "preferences": AXES},
        {"phase": "first"}, (0, 0), (0, 0)),
    "pareto_mtl, the other region": (
        "pareto_mtl", {"jacobian": AXES, "losses": (2, 1), "preferences": AXES},
        {"region": 1.0, "phase": "first"}, (1, -1), (1, -1)),
}  # fmt: skip


def broken(case: Case, outputs: Outputs) -> list[str]:
    """The names of the conditions that the outputs do not meet."""
    method, inputs, params, *_ = case
    residuals = METHODS[method].certify(inputs, outputs, None, params)
    return [residual.name for residual in residuals if not _holds(residual)]


def _holds(residual: Residual) -> bool:
    zero = residual.relation is Relation.ZERO
    return bool(residual.value == 0 if zero else residual.value >= 0)


@pytest.mark.parametrize("name", CASES)
def test_answer(name: str) -> None:
    """Direction and weights are the hand-computed ones and carry their certificate."""
    method, inputs, params, direction, weights = CASES[name]
    answer = METHODS[method].answer(inputs, None, params)
    assert answer.exact == direction
    assert answer.outputs["weights"] == weights
    assert broken(CASES[name], answer.outputs) == []
    assert broken(CASES[name], {"direction": answer.exact}) == []


@pytest.mark.parametrize("name", CASES)
def test_another_direction_is_found_out(name: str) -> None:
    """One coordinate that is off breaks a condition, with weights and without."""
    method, inputs, params, direction, _ = CASES[name]
    wrong: Vector = (*map(fmpq, direction[:-1]), fmpq(direction[-1]) + fmpq(1, 7))
    weights = METHODS[method].answer(inputs, None, params).outputs["weights"]
    assert broken(CASES[name], {"direction": wrong, "weights": weights}) != []


@pytest.mark.parametrize(
    ("method", "inputs", "params", "message"),
    [
        ("pe_ltr", {"jacobian": AXES, "floors": (1,)}, {}, r"floors must have 2 numbers \(got 1\)"),
        ("pe_ltr", {"jacobian": AXES, "floors": (-1, 0)}, {}, r"floors\[0\] must not be negative"),
        ("pe_ltr", {"jacobian": AXES, "floors": (1, 1)}, {}, r"at most 1 \(got 2\)"),
        ("pe_ltr", {"jacobian": AXES, "floors": (0, 0)}, {"solver": "fast"}, "solver must be one"),
        ("arml", {"jacobian": AXES, "gradient": (1,)}, {}, "gradient must have 2 numbers"),
        ("pareto_mtl", {"jacobian": AXES, "losses": (1, 1), "preferences": AXES}, {"region": 2.0},
         r"region must be a whole number from 0 to 1 \(got 2.0\)"),
        ("pareto_mtl", {"jacobian": AXES, "losses": (1, 1), "preferences": [(1,)]}, {},
         r"preferences\[0\] must have 2 numbers"),
    ],
)  # fmt: skip
def test_refusals(
    method: str, inputs: dict[str, Any], params: dict[str, Any], message: str
) -> None:
    """Wrong sizes, floors that are none and parameters that are none are named."""
    with pytest.raises(ValueError, match=message):
        METHODS[method].answer(inputs, None, params)


@pytest.mark.parametrize("name", CASES)
def test_trace_combines_to_the_exact_direction(name: str) -> None:
    """In balls the weights on the stacked rows give the direction; its reach is above them."""
    method, inputs, params, direction, _ = CASES[name]
    facts = METHODS[method]
    stacked = [row for each in facts.rows for row in _rows(inputs[each])]
    rows = jacobian(stacked)
    gramian = rows.gramian()
    with ctx.workprec(400):
        norms = [arb(gramian[i, i]).sqrt() for i in range(rows.tasks)]
        others = {n: _balls(v) for n, v in inputs.items() if n not in facts.rows}
        if name == "pe_ltr, two stages of equal rows":
            with pytest.raises(ZeroDivisionError):
                facts.trace(arb_mat(gramian), norms, {}, **others, **params)
            return
        told = facts.trace(arb_mat(gramian), norms, {}, **others, **params)
        image = arb_mat([list(told.weights)]) * arb_mat(
            [list(rows.row(i)) for i in range(len(norms))]
        )
        size = sum((abs(w) * n for w, n in zip(told.weights, norms, strict=True)), arb(0))
        assert told.reach is None or size <= 2 * told.reach
        pairs = zip(image.entries(), direction, strict=True)
        assert all(abs(x - arb(fmpq(y))) < 1e-90 for x, y in pairs)


def _rows(values: list[Any] | tuple[Any, ...]) -> list[Any]:
    return list(values) if isinstance(values, list) else [values]


def _balls(values: list[Any] | tuple[Any, ...]) -> arb_mat | tuple[arb, ...]:
    if isinstance(values, list):
        return arb_mat([list(row) for row in values])
    return tuple(arb(entry) for entry in jacobian([values]).row(0))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.data())
def test_slopes_bound_how_residuals_move(data: st.DataObject) -> None:
    """A wrong output breaks a condition by no more than its slopes and curvatures allow."""
    method, inputs, params, *_ = data.draw(st.sampled_from(list(CASES.values())))
    outputs, moves = {}, {}
    for name, vector in METHODS[method].answer(inputs, None, params).outputs.items():
        steps = data.draw(st.lists(st.integers(-9, 9), min_size=len(vector), max_size=len(vector)))
        outputs[name] = tuple(x + fmpq(s, 16) for x, s in zip(vector, steps, strict=True))
        moves[name] = root_above(fmpq(sum(s * s for s in steps), 256))
    for kept in (outputs, {"direction": outputs["direction"]}):
        for residual in METHODS[method].certify(inputs, kept, None, params):
            first = sum((s * moves[n] for n, s in residual.slopes.items()), fmpq(0))
            second = sum((b * moves[n] ** 2 for n, b in residual.curvatures.items()), fmpq(0))
            assert residual.value >= -first - second, residual.name
            assert residual.relation is not Relation.ZERO or residual.value <= first + second
