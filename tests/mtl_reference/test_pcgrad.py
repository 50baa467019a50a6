"""PCGrad: replayed by hand, over all orders, and against its certificate and trace."""

from itertools import permutations

import pytest
from flint import arb, arb_mat, ctx, fmpq

from mtl_reference import METHODS, Kind, Relation, jacobian
from mtl_reference.enclosure import decide, enclose
from mtl_reference.method import Outputs
from mtl_reference.methods import pcgrad
from mtl_reference.methods.pcgrad import admits, outcomes
from mtl_reference.rational import inner

METHOD = METHODS["pcgrad"]
THREE = jacobian([(1, 0), ("-1/2", 1), (-1, "-1/2")])
ORDERS = ((1, 2), (2, 0), (0, 1))
OTHER_ORDERS = ((2, 1), (0, 2), (1, 0))


def holds(outputs: Outputs, orders: tuple[tuple[int, ...], ...] | None) -> bool:
    """Whether every residual of the certificate is as it should be, exactly."""
    return all(
        residual.value == 0 if residual.relation is Relation.ZERO else residual.value >= 0
        for residual in METHOD.certificate(THREE, outputs, orders=orders)
    )


def test_two_tasks_by_hand() -> None:
    """(1, 0) becomes (4/5, 2/5), (-1/2, 1) becomes (0, 1): the sum, not the mean."""
    answer = METHOD.direction([(1, 0), ("-1/2", 1)])
    assert answer.outputs["task_gradients"] == ((fmpq(4, 5), fmpq(2, 5)), (fmpq(0), fmpq(1)))
    assert answer.exact == (fmpq(4, 5), fmpq(7, 5))


def test_later_projections_see_the_projected_gradient_but_original_rows() -> None:
    """Task 0 meets 1 then 2; worked out by hand on THREE."""
    answer = METHOD.direction(THREE, orders=ORDERS)
    first = (fmpq(4, 5), fmpq(2, 5))  # conflict with row 2: <., (-1, -1/2)> = -1
    share = fmpq(4, 5)  # 1 / (5/4)
    expected = (first[0] - share, first[1] - share / 2)
    gradients = answer.outputs["task_gradients"]
    assert gradients[0] == expected
    assert expected == (fmpq(0), fmpq(0))


def test_the_order_matters_and_the_certificate_knows_which() -> None:
    """The answer of other orders fails the replay."""
    answer = METHOD.direction(THREE, orders=ORDERS)
    other = METHOD.direction(THREE, orders=OTHER_ORDERS)
    assert answer.exact != other.exact
    assert holds(answer.outputs, ORDERS)
    assert not holds(other.outputs, ORDERS)
    assert not holds({"direction": other.exact}, ORDERS)


def test_zero_rows_meet_nobody() -> None:
    """No division by the length of a zero row, and nothing taken from the others."""
    answer = METHOD.direction([(1, 0), (0, 0), (0, 2)], orders=ORDERS)
    assert answer.exact == (fmpq(1), fmpq(2))


def test_antiparallel_rows_cancel() -> None:
    """Both project to 0."""
    assert METHOD.direction([(1, 2), (-3, -6)]).exact == (fmpq(0), fmpq(0))


def test_without_conflicts_no_order_is_needed() -> None:
    """Above six tasks too; orthogonal rows do not conflict."""
    rows = [[int(i == j) for j in range(8)] for i in range(8)]
    assert METHOD.direction(rows).exact == (fmpq(1),) * 8


def test_without_orders_the_answer_is_the_set_of_all_replays() -> None:
    """Every combination of orders is a member; their midpoint is not."""
    answer = METHOD.direction(THREE)
    assert answer.kind is Kind.SET
    one = METHOD.direction(THREE, orders=ORDERS).exact
    two = METHOD.direction(THREE, orders=OTHER_ORDERS).exact
    assert answer.contains(one)
    assert answer.contains(two)
    assert not answer.contains(tuple((a + b) / 2 for a, b in zip(one, two, strict=True)))


def test_outcomes_are_distinct_and_complete() -> None:
    """Each order's gradient is listed once, with an order that gives it."""
    found = outcomes(THREE, 0)
    assert len({outcome.gradient for outcome in found}) == len(found)
    for order in permutations((1, 2)):
        given = METHOD.direction(THREE, orders=(order, *ORDERS[1:])).outputs["task_gradients"][0]
        assert given in {outcome.gradient for outcome in found}
    assert THREE.combine(found[0].weights) == found[0].gradient


def test_task_gradients_are_admitted_task_by_task() -> None:
    """A mixture of orders is admitted; a task's own gradient in another's place is not."""
    mixed = METHOD.direction(THREE, orders=(ORDERS[0], *OTHER_ORDERS[1:])).outputs
    gradients = mixed["task_gradients"]
    assert admits(THREE, gradients)  # type: ignore[arg-type]  # rows of numbers by the name
    assert holds(mixed, None)
    assert not admits(THREE, (THREE.row(1), *gradients[1:]))


@pytest.mark.parametrize(("tasks", "refusal"), [(5, "at most 4"), (7, "at most 6")])
def test_sets_too_large_to_list_are_refused(tasks: int, refusal: str) -> None:
    """Directions above 4 tasks, gradients above 6."""
    rows = jacobian([[int(i == j) - fmpq(1, tasks) for j in range(tasks)] for i in range(tasks)])
    answer = METHOD.direction(rows)
    with pytest.raises(ValueError, match="at most 4"):
        answer.contains(rows.row(0))
    if tasks > pcgrad.OUTCOME_TASKS:
        with pytest.raises(ValueError, match=refusal):
            outcomes(rows, 0)


def test_the_certificate_bounds_its_own_motion() -> None:
    """Each residual moves by at most slope e + curvature e^2 when one gradient moves by e."""
    exact = METHOD.direction(THREE, orders=ORDERS).outputs
    gradients = exact["task_gradients"]
    shift = fmpq(1, 1000)
    moved = ((gradients[0][0] + shift, gradients[0][1]), *gradients[1:])  # type: ignore[index]
    before = METHOD.certificate(THREE, exact, orders=ORDERS)
    after = METHOD.certificate(THREE, {**exact, "task_gradients": moved}, orders=ORDERS)
    for old, new in zip(before, after, strict=True):
        slope = new.slopes.get("task_gradients", fmpq(0))
        bend = new.curvatures.get("task_gradients", fmpq(0))
        room, move = slope * shift + bend * shift * shift, new.value - old.value
        assert decide(room - move) != -1
        assert decide(room + move) != -1


def test_the_trace_is_the_method_and_follows_what_it_is_told() -> None:
    """Weights in balls give the same vector; a flipped decision leaves a projection out."""
    answer = METHOD.direction(THREE, orders=ORDERS)
    with ctx.workprec(200):
        gramian = arb_mat(THREE.gramian())
        norms = [gramian[i, i].sqrt() for i in range(3)]
        run = METHOD.trace(gramian, norms, {}, orders=ORDERS)
        for place, value in enumerate(answer.exact):
            column = [THREE.row(task)[place] for task in range(3)]
            ball = sum((w * x for w, x in zip(run.weights, column, strict=True)), arb(0))
            assert ball.overlaps(enclose(value, 190))
        flipped = METHOD.trace(gramian, norms, {"conflict 0-1": False}, orders=ORDERS)
    names = [decision.name for decision in run.decisions]
    assert names == [f"conflict {i}-{j}" for i, order in enumerate(ORDERS) for j in order]
    assert [decision.outcome for decision in run.decisions][:2] == [True, True]
    assert not flipped.decisions[0].outcome
    assert flipped.task_weights[0][1] == 0
    assert inner(THREE.row(0), THREE.row(1)) < 0


def test_a_right_angle_is_no_conflict_in_the_trace_either() -> None:
    """The tested value is exactly 0, and the branch not taken."""
    run = METHOD.trace(arb_mat([[1, 0], [0, 1]]), [arb(1)] * 2, {}, orders=[[1], [0]])
    assert [decision.outcome for decision in run.decisions] == [False, False]


def test_the_trace_needs_orders() -> None:
    """A set of answers has no single trace."""
    with pytest.raises(ValueError, match="orders"):
        METHOD.trace(arb_mat(2, 2), [arb(1)] * 2, {})
