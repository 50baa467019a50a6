"""DW, PCGrad-DW and GradOPS-static: weights by hand, degenerate cases, certificates, traces."""

import pytest
from flint import arb, arb_mat, ctx, fmpq

from mtl_reference import METHODS, Kind, Relation, jacobian
from mtl_reference.enclosure import decide, enclose
from mtl_reference.method import Outputs
from mtl_reference.surd import sqrt

ROWS = ((1.0, 0.0, 2.0), (-0.5, 1.0, 0.25), (0.75, -1.0, -0.5))
ORDERS = ((1, 2), (2, 0), (0, 1))
CASES = [
    ("dw", {}, {"alpha": 0.0}),
    ("dw", {}, {"alpha": 2.0}),
    ("dw", {}, {"alpha": -1.0}),
    ("dw", {}, {"alpha": 0.5}),
    ("pcgrad_dw", {"orders": ORDERS}, {"alpha": 0.0}),
    ("pcgrad_dw", {"orders": ORDERS}, {"alpha": -2.0}),
    ("pcgrad_dw", {"orders": ORDERS}, {"alpha": 1.5}),
    ("gradops_static", {}, {"weights": 1.0}),
    ("gradops_static", {}, {"weights": (0.5, 2.25, 0.25)}),
]


def holds(method: str, outputs: Outputs, random: object, params: object) -> bool:
    """Whether every residual is as it should be, as far as balls tell."""
    found = METHODS[method].certify({"jacobian": ROWS}, outputs, random, params)  # type: ignore[arg-type]
    return all(
        decide(r.value) in ({0, None} if r.relation is Relation.ZERO else {0, 1, None})
        for r in found
    )


@pytest.mark.parametrize(("method", "random", "params"), CASES)
def test_certificates_hold_of_answers_alone(method: str, random: object, params: object) -> None:
    """Of the answer; not of an answer that is moved in its direction or its weights."""
    answer = METHODS[method].answer({"jacobian": ROWS}, random, params)  # type: ignore[arg-type]
    assert holds(method, answer.outputs, random, params)
    moved = (answer.exact[0] + fmpq(1, 1000), *answer.exact[1:])
    assert not holds(method, {**answer.outputs, "direction": moved}, random, params)
    if "weights" in answer.outputs:
        swapped = tuple(reversed(answer.outputs["weights"]))
        assert holds(method, {"weights": swapped}, random, params) == (params["alpha"] == 0)  # type: ignore[index]


@pytest.mark.parametrize(("method", "random", "params"), CASES)
def test_traces_hold_the_answers(method: str, random: object, params: object) -> None:
    """Weights in balls give the same direction."""
    answer = METHODS[method].answer({"jacobian": ROWS}, random, params)  # type: ignore[arg-type]
    rows = jacobian(ROWS)
    with ctx.workprec(300):
        gramian = arb_mat(rows.gramian())
        norms = [gramian[i, i].sqrt() for i in range(3)]
        run = METHODS[method].trace(gramian, norms, {}, **random, **params)  # type: ignore[dict-item]
        for place, value in enumerate(answer.exact):
            column = [rows.row(task)[place] for task in range(3)]
            ball = sum((w * x for w, x in zip(run.weights, column, strict=True)), arb(0))
            assert ball.overlaps(enclose(value, 290))


def test_projections_are_taken_in_size() -> None:
    """(1, 0) and (-2, 0): the sum (-1, 0) has projections -1 and 1, of equal size."""
    answer = METHODS["dw"].direction([(1, 0), (-2, 0)], alpha=-3)
    assert answer.outputs["weights"] == (fmpq(1), fmpq(1))


def test_odd_powers_are_roots() -> None:
    """R = (1, 3) gives (1/2, 3/2); R = (3 / sqrt 2, 2) gives weights of that ratio."""
    weights = METHODS["dw"].direction([(1, 0), (0, 3)], alpha=1).outputs["weights"]
    assert weights == (fmpq(1, 2), fmpq(3, 2))
    first, second = METHODS["dw"].direction([(1, 1), (0, 1)], alpha=1).outputs["weights"]
    assert first + second == 2
    assert first / second == fmpq(3, 4) * sqrt(fmpq(2))


@pytest.mark.parametrize("method", ["dw", "pcgrad_dw"])
def test_a_zero_row_has_weight_one_and_a_vanished_sum_all(method: str) -> None:
    """The others average to 1 among themselves; opposed rows leave nothing."""
    answer = METHODS[method].answer(
        {"jacobian": [(3, 0), (0, 1), (0, 0)]}, {"orders": ORDERS} if "p" in method else {},
        {"alpha": 1.0},
    )  # fmt: skip
    assert answer.outputs["weights"] == (fmpq(3, 2), fmpq(1, 2), fmpq(1))
    still = METHODS[method].direction([(1, 0), (-1, 0)], alpha=-1)
    assert still.exact == (fmpq(0), fmpq(0))
    assert still.outputs["weights"] == (fmpq(1), fmpq(1))


def test_a_projection_of_zero_has_no_negative_power() -> None:
    """(1, 0), (-1, 0), (0, 1): the first two stand at right angles to the sum."""
    rows = [(1, 0), (-1, 0), (0, 1)]
    assert METHODS["dw"].direction(rows, alpha=-1).kind is Kind.UNDEFINED
    assert METHODS["dw"].direction(rows, alpha=1).exact == (fmpq(0), fmpq(3))


def test_alpha_zero_is_the_sum_of_what_is_weighed() -> None:
    """DW(0) is the sum, PCGrad-DW(0) is PCGrad, GradOPS-static(1) is GradOPS(0)."""
    pairs = [("dw", "sum", {}), ("pcgrad_dw", "pcgrad", {"orders": ORDERS}),
             ("gradops_static", "gradops", {})]  # fmt: skip
    for method, other, given in pairs:
        here = METHODS[method].direction(ROWS, **given).exact
        assert tuple(here) == tuple(METHODS[other].direction(ROWS, **given).exact)


def test_pcgrad_dw_without_orders_is_a_set() -> None:
    """Its members are what orders give; two tasks have one order only."""
    answer = METHODS["pcgrad_dw"].direction(ROWS, alpha=1)
    assert answer.kind is Kind.SET
    assert answer.contains(METHODS["pcgrad_dw"].direction(ROWS, orders=ORDERS, alpha=1).exact)
    assert not answer.contains(METHODS["sum"].direction(ROWS).exact)
    assert METHODS["pcgrad_dw"].direction(ROWS[:2], alpha=1).kind is Kind.EXACT


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ((1.0, 1.0), "one for each of 3 tasks"),
        ((2.0, 2.0, -1.0), "must not be negative"),
        ((1.0, 1.0, 0.5), r"must add up to 3 \(got 2.5\)"),
        (2.0, r"must add up to 3 \(got 6.0\)"),
    ],
)
def test_static_weights_add_up(weights: object, message: str) -> None:
    """T weights, none negative, of sum T; decimal ones within their rounding."""
    with pytest.raises(ValueError, match=message):
        METHODS["gradops_static"].direction(ROWS, weights=weights)
    METHODS["gradops_static"].direction(ROWS, weights=(0.1, 0.2, 2.7))
