"""Nash-MTL: closed forms, undefined points, clip and reuse, its certificate and its branches."""

from typing import cast

import pytest
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from mtl_reference import METHODS, Kind, jacobian
from mtl_reference.enclosure import Number, Vector, decide, enclose
from mtl_reference.equilibrium import Equilibrium
from mtl_reference.method import Outputs, Relation
from mtl_reference.pairing import inner, products
from mtl_reference.rational import Rows
from mtl_reference.surd import sqrt

METHOD = METHODS["nash_mtl"]
PLAIN = [(3, 1, 2), (-1, 2, 2), (0, 1, -1)]
TALL = [(1, 0), (-1, 1), (1, 1), (2, 1)]


def weights_of(rows: Rows, **params: object) -> Vector:
    """The weights of the exact answer."""
    return cast("Vector", METHOD.direction(rows, **params).outputs["weights"])


def equal(left: Number, right: Number) -> bool:
    """Whether 300 bits do not tell two numbers apart."""
    return bool(enclose(left, 300).overlaps(enclose(right, 300)))


def broken(rows: Rows, outputs: Outputs, **params: object) -> list[str]:
    """The names of the conditions that the outputs do not meet."""
    found = METHOD.certificate(jacobian(rows), outputs, **params)
    right = {Relation.ZERO: (0, None), Relation.NONNEGATIVE: (0, 1, None)}
    return [each.name for each in found if decide(each.value) not in right[each.relation]]


def test_one_task_gives_the_unit_gradient() -> None:
    """The gradient over its length, whatever that is."""
    assert METHOD.direction([(3, 4)]).to_float64() == (0.6, 0.8)
    assert METHOD.direction([(3e-200, 4e-200)]).to_float64() == pytest.approx((0.6, 0.8))


def test_two_tasks_have_a_closed_form() -> None:
    """a_i = 1 / (n_i sqrt(1 + cos)): for (1, 0), (1, 1) with cos = 1 / sqrt 2."""
    first, second = weights_of([(1, 0), (1, 1)])
    share = 1 + sqrt(fmpq(1, 2))
    assert equal(first * first * share, fmpq(1))
    assert equal(second * second * share, fmpq(1, 2))


def test_orthogonal_rows_are_divided_by_their_lengths() -> None:
    """a_i = 1 / n_i."""
    weights = weights_of([(2, 0, 0), (0, 0, 3), (0, 5, 0)])
    assert [equal(a, fmpq(1, n)) for a, n in zip(weights, (2, 3, 5), strict=True)] == [True] * 3


def test_a_coordinate_that_is_zero_is_assumed_exact() -> None:
    """Balls never prove the second coordinate of (1, 1), (1, -1) to be 0, and say so."""
    answer = METHOD.direction([(1, 1), (1, -1)])
    assert answer.to_float64() == (2**0.5, 0.0)
    assert answer.assumed_exact


@pytest.mark.parametrize("rows", [PLAIN, TALL, [(1, 2), (2, 4)], [(1, 2), (1, 2)]])
def test_the_square_of_the_length_is_the_number_of_tasks(rows: Rows) -> None:
    """|d|^2 = T and every gain is 1 / a_i, for dependent, parallel and equal rows too."""
    answer = METHOD.direction(rows)
    assert equal(inner(answer.exact, answer.exact), fmpq(jacobian(rows).tasks))
    gains = products(jacobian(rows), answer.exact)
    assert all(equal(a * g, fmpq(1)) for a, g in zip(weights_of(rows), gains, strict=True))
    assert broken(rows, answer.outputs) == []
    assert broken(rows, {"direction": answer.exact}) == []
    assert broken(rows, {"weights": answer.outputs["weights"]}) == []


def test_scaling_single_rows_changes_nothing() -> None:
    """Rows times 2^-20, 3 and 2^30 have the same direction."""
    factors = (fmpq(1, 2**20), fmpq(3), fmpq(2**30))
    scaled = [[f * x for x in row] for f, row in zip(factors, PLAIN, strict=True)]
    pairs = zip(METHOD.direction(PLAIN).exact, METHOD.direction(scaled).exact, strict=True)
    assert all(equal(left, right) for left, right in pairs)


@pytest.mark.parametrize(
    "rows", [[(1, 0), (0, 0)], [(1, 2), (-2, -4)], [(1, 0), (-1, 1), (-1, -2), (5, 0)]]
)
def test_stationary_points_have_no_answer(rows: Rows) -> None:
    """A zero row, antiparallel rows, 0 inside of a face."""
    answer = METHOD.direction(rows)
    assert answer.kind is Kind.UNDEFINED
    assert "0 lies in the hull" in answer.reason


def test_next_to_a_stationary_point_there_is_one() -> None:
    """Rows that differ from antiparallel by 2^-900: a is 2^900 / 2, proved."""
    rows = [(1, fmpq(1, 2**900)), (-1, fmpq(1, 2**900))]
    assert METHOD.direction(rows).to_float64() == (0.0, 2**0.5)
    assert equal(weights_of(rows)[0], 2**900 / sqrt(2))


def test_a_clip_shortens_and_never_lengthens() -> None:
    """max_norm 1 scales the length sqrt(T) to 1; max_norm 2 > sqrt(3) leaves it."""
    short = METHOD.direction(PLAIN, max_norm=1).exact
    assert equal(inner(short, short), fmpq(1))
    free, kept = METHOD.direction(PLAIN).exact, METHOD.direction(PLAIN, max_norm=2).exact
    assert all(equal(left, right) for left, right in zip(free, kept, strict=True))
    assert broken(PLAIN, METHOD.direction(PLAIN, max_norm=1).outputs, max_norm=1) == []


def test_weights_serve_until_the_next_update() -> None:
    """With update_every 2 the second step combines other rows with the first step's weights."""
    first = METHOD.direction([(2, 0), (0, 4)], update_every=2)
    second = METHOD.direction([(8, 0), (0, 8)], update_every=2, state=first.state)
    assert [equal(x, y) for x, y in zip(second.exact, (fmpq(4), fmpq(2)), strict=True)] == [
        True,
        True,
    ]
    third = METHOD.direction([(8, 0), (0, 8)], update_every=2, state=second.state)
    assert [equal(x, fmpq(1)) for x in third.exact] == [True, True]
    rows = [(8, 0), (0, 8)]
    assert broken(rows, second.outputs, update_every=2, state=first.state) == []
    assert "direction as held" in broken(rows, third.outputs, update_every=2, state=first.state)


def test_a_step_without_an_answer_is_not_counted() -> None:
    """The next one makes the update."""
    state = METHOD.direction([(1,), (-1,)], update_every=2).state
    answer = METHOD.direction([(1,), (2,)], update_every=2, state=state)
    assert answer.to_float64() == (2**0.5,)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [({"max_norm": -1}, "max_norm"), ({"update_every": 0.5}, "update_every"),
     ({"update_every": 0}, "update_every")],
)  # fmt: skip
def test_wrong_parameters_are_named(wrong: dict[str, float], name: str) -> None:
    """The message has name, rule and value."""
    with pytest.raises(ValueError, match=name):
        METHOD.direction(PLAIN, **wrong)


def test_the_certificate_sees_a_residual_of_a_thousandth() -> None:
    """Weights that miss the equation by 1e-3, where released code stops, are refused."""
    weights = tuple(a * fmpq(1001, 1000) for a in weights_of(PLAIN))
    assert broken(PLAIN, {"weights": weights}) == [
        f"weight times gain of task {i}" for i in range(3)
    ]
    wrong = tuple(x * fmpq(1001, 1000) for x in METHOD.direction(PLAIN).exact)
    assert broken(PLAIN, {"direction": wrong}) == ["the gains give the direction"]


@pytest.mark.parametrize("max_norm", [0, 1])
def test_the_trace_is_the_method(max_norm: int) -> None:
    """Balls of 400 bits agree with the proven weights, with or without the clip."""
    weights = weights_of(TALL, max_norm=max_norm)
    with ctx.workprec(400):
        gramian = arb_mat(jacobian(TALL).gramian())
        norms = [gramian[i, i].sqrt() for i in range(len(TALL))]
        told = METHOD.trace(gramian, norms, {}, max_norm=max_norm)
        gaps = [abs(a - enclose(b, 380)) for a, b in zip(told.weights, weights, strict=True)]
        assert all(gap < arb(2) ** -350 for gap in gaps)
        with pytest.raises(ZeroDivisionError):
            METHOD.trace(arb_mat([[1, -1], [-1, 1]]), [arb(1)] * 2, {})


@pytest.mark.parametrize("power", [fmpq(1), fmpq(2), fmpq(1, 3), fmpq(7)])
def test_the_enclosure_holds_the_solution(power: fmpq) -> None:
    """K a = a^-p within the balls, and the balls are narrow, at 64 and at 2000 bits."""
    gramian = jacobian(PLAIN).gramian()
    for bits in (64, 2000):
        weights = Equilibrium(gramian, power).enclosures(bits)
        with ctx.workprec(2 * bits):
            sides = (arb_mat(gramian) * arb_mat(3, 1, list(weights))).entries()
            right = [(-power * a.log()).exp() for a in weights]
        assert all(side.overlaps(value) for side, value in zip(sides, right, strict=True))
        assert all(a.rel_accuracy_bits() >= bits for a in weights)


def test_badly_scaled_rows_are_no_trouble() -> None:
    """Entries of the Gramian 600 orders of magnitude apart."""
    balls = Equilibrium(fmpq_mat([[fmpq(1, 10**300), 0], [0, 10**300]]), fmpq(1)).enclosures(64)
    assert abs(balls[0] / arb(10) ** 150 - 1) < 1e-15
