"""GradVac: by hand, as PCGrad at its first step, over steps, and against certificate and trace."""

import pytest
from flint import arb, arb_mat, ctx, fmpq

from mtl_reference import METHODS, Kind, jacobian
from mtl_reference.branches import gradvac as branches
from mtl_reference.enclosure import decide, enclose
from mtl_reference.method import Outputs, State
from mtl_reference.surd import sqrt

METHOD = METHODS["gradvac"]
ROWS = ((1.0, 0.0, 2.0, 0.5), (-0.5, 1.0, 0.25, -2.0), (0.75, -1.0, -0.5, 1.5))
LATER = ((1.0, 0.5, 2.0, 0.5), (0.5, 1.0, -0.25, 1.0), (0.75, 1.0, -0.5, -1.0))
ORDERS = ((1, 2), (2, 0), (0, 1))
LAYERS = ((0, 2), (2, 4))


def test_the_first_step_is_pcgrad() -> None:
    """Targets are 0, so that a conflict is projected away: rational."""
    answer = METHOD.direction(ROWS, orders=ORDERS)
    known = METHODS["pcgrad"].direction(ROWS, orders=ORDERS)
    assert answer.outputs == known.outputs


def test_targets_move_by_the_cosine_before_the_update() -> None:
    """cos((1, 0), (-1/2, 1)) = -1/sqrt(5); beta of it, from 0, whether updated or not."""
    answer = METHOD.direction([(1, 0), ("-1/2", 1)], beta=0.5)
    assert answer.state["targets"][0][0][1] == -sqrt(fmpq(1, 20))
    aligned = METHOD.direction([(1, 0), (1, 1)], beta=0.5)
    assert aligned.state["targets"][0][1][0] == sqrt(fmpq(1, 8))
    assert aligned.exact == (fmpq(2), fmpq(1))


def test_a_target_is_hit_by_hand() -> None:
    """Target 3/5: (1, 0) against (0, 1) becomes (1, 3/4), whose cosine with (0, 1) is 3/5."""
    state = {"targets": (((fmpq(0), fmpq(3, 5)), (fmpq(0), fmpq(0))),)}
    answer = METHOD.direction([(1, 0), (0, 1)], beta=0.5, state=state)
    first, second = answer.outputs["task_gradients"]
    assert [decide(a - b) for a, b in zip(first, (1, fmpq(3, 4)), strict=True)] == [0, None]
    assert second == (fmpq(0), fmpq(1))
    assert answer.state["targets"][0][0][1] == fmpq(3, 10)


@pytest.mark.parametrize("layers", [None, LAYERS])
def test_steps_keep_their_certificate_which_knows_orders_and_states(layers: object) -> None:
    """Two steps; the second one's answer is no other order's and no fresh state's."""
    params = {"orders": ORDERS, "beta": 0.5, "layers": layers}
    first = METHOD.direction(ROWS, **params)
    second = METHOD.direction(LATER, **params, state=first.state)
    inputs = {"jacobian": LATER} | ({} if layers is None else {"layers": layers})

    def kept(outputs: Outputs, state: State | None) -> bool:
        found = METHOD.certify(inputs, outputs, {"orders": ORDERS}, {"beta": 0.5}, state)
        return all(decide(residual.value) in {0, None} for residual in found)

    assert kept(second.outputs, first.state)
    assert not kept(second.outputs, None)
    assert kept({"direction": second.exact}, first.state)
    other = METHOD.direction(ROWS, **params | {"orders": ((2, 1), (0, 2), (1, 0))})
    assert not kept(other.outputs, None)


def test_layers_are_vaccinated_by_themselves() -> None:
    """Each layer's columns are what the method makes of that layer alone."""
    whole = METHOD.direction(ROWS, orders=ORDERS, layers=LAYERS)
    parts = [METHOD.direction([row[a:b] for row in ROWS], orders=ORDERS) for a, b in LAYERS]
    assert whole.exact == tuple(entry for part in parts for entry in part.exact)
    assert whole.exact != METHOD.direction(ROWS, orders=ORDERS).exact


@pytest.mark.parametrize(
    ("rows", "orders", "reason"),
    [
        ([(1, 0), (0, 0)], None, "row 1 is zero"),
        ([(1, 0), (-1, 0), (0, 1)], ((1, 2), (0, 2), (0, 1)), "has become 0"),
    ],
)
def test_where_a_cosine_with_zero_is_wanted_nothing_is_defined(
    rows: object, orders: object, reason: str
) -> None:
    """Zero rows, and a gradient that has vanished and has others to meet."""
    answer = METHOD.direction(rows, orders=orders)
    assert answer.kind is Kind.UNDEFINED
    assert reason in answer.reason


def test_a_gradient_may_vanish_at_its_last_visit() -> None:
    """Antiparallel rows cancel, whatever the target."""
    state = {"targets": ((((fmpq(0), fmpq(1, 2))), (fmpq(1, 2), fmpq(0))),)}
    answer = METHOD.direction([(1, 2), (-3, -6)], state=state)
    assert answer.exact == (fmpq(0), fmpq(0))


def test_a_target_of_one_cannot_be_reached_and_need_not_where_it_is_met() -> None:
    """Parallel rows leave the target 1 where beta is 1."""
    known = METHOD.direction([(1, 0), (2, 0)], beta=1.0).state
    assert METHOD.direction([(1, 0), (3, 0)], state=known).exact == (fmpq(4), fmpq(0))
    assert METHOD.direction([(1, 0), (3, 1)], state=known).kind is Kind.UNDEFINED


def test_without_orders_the_answer_is_a_set_unless_nobody_asks() -> None:
    """Members are what orders give; without an update there is one answer."""
    answer = METHOD.direction(ROWS)
    assert answer.kind is Kind.SET
    assert answer.contains(METHOD.direction(ROWS, orders=ORDERS).exact)
    assert not answer.contains(METHODS["sum"].direction(ROWS).exact)
    eye = [[int(i == j) for j in range(6)] for i in range(6)]
    assert METHOD.direction(eye).exact == (fmpq(1),) * 6


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"beta": 1.5}, r"beta must lie in \[0, 1\] \(got 1.5\)"),
        ({"layers": ((0, 1), (2, 4))}, "layers must part the columns 0 to 4"),
        ({"layers": ((0, 4), (4, 4))}, "layers must part the columns"),
        ({"state": {}}, r"targets must be \(1, 3, 3\)"),
        ({"orders": ((1,),)}, "orders must have one entry"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, object], message: str) -> None:
    """Parameters, layers, states and orders."""
    with pytest.raises(ValueError, match=message):
        METHOD.direction(ROWS, **given)


@pytest.mark.parametrize("layers", [None, LAYERS])
def test_the_trace_is_the_method_over_two_steps(layers: object) -> None:
    """Weights in balls give the same vectors; targets in balls lead to the same next step."""
    params = {"orders": ORDERS, "beta": 0.5, "layers": layers}
    first = METHOD.direction(ROWS, **params)
    second = METHOD.direction(LATER, **params, state=first.state)
    with ctx.workprec(300):
        runs = []
        for table in (ROWS, LATER):
            rows = jacobian(branches.rows({"jacobian": table, "layers": layers}))
            gramian = arb_mat(rows.gramian())
            norms = [gramian[i, i].sqrt() for i in range(rows.tasks)]
            state = runs[-1].state if runs else None
            runs.append(METHOD.trace(gramian, norms, {}, **params, state=state))
        for place, value in enumerate(second.exact):
            column = [rows.row(row)[place] for row in range(rows.tasks)]
            ball = sum((w * x for w, x in zip(runs[1].weights, column, strict=True)), arb(0))
            assert ball.overlaps(enclose(value, 250))
            assert ball.rel_accuracy_bits() > 200


def test_a_flipped_decision_leaves_an_update_out() -> None:
    """The trace follows what it is told."""
    gramian = arb_mat(jacobian([(1, 0), (-1, 1)]).gramian())
    norms = [gramian[i, i].sqrt() for i in range(2)]
    run = METHOD.trace(gramian, norms, {"update 0-1": False}, orders=((1,), (0,)))
    assert [decision.outcome for decision in run.decisions] == [False, True]
    assert run.task_weights[0][1] == 0
