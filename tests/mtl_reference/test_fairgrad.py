"""FairGrad: closed forms, its degree, undefined points, its certificate and its branches."""

from typing import cast

import pytest
from flint import arb, arb_mat, ctx, fmpq

from mtl_reference import METHODS, Kind, jacobian
from mtl_reference.enclosure import Number, Vector, decide, enclose
from mtl_reference.method import Outputs, Relation
from mtl_reference.rational import Rows
from mtl_reference.transcendental import power

METHOD = METHODS["fairgrad"]
PLAIN = [(3, 1, 2), (-1, 2, 2), (0, 1, -1)]
ALPHAS = (fmpq(1, 2), fmpq(1), fmpq(2), fmpq(5, 3))


def equal(left: Number, right: Number) -> bool:
    """Whether 300 bits do not tell two numbers apart."""
    return bool(enclose(left, 300).overlaps(enclose(right, 300)))


def weights_of(rows: Rows, **params: object) -> Vector:
    """The weights of the exact answer."""
    return cast("Vector", METHOD.direction(rows, **params).outputs["weights"])


def broken(rows: Rows, outputs: Outputs, **params: object) -> list[str]:
    """The names of the conditions that the outputs do not meet."""
    found = METHOD.certificate(jacobian(rows), outputs, **params)
    right = {Relation.ZERO: (0, None), Relation.NONNEGATIVE: (0, 1, None)}
    return [each.name for each in found if decide(each.value) not in right[each.relation]]


def test_orthogonal_rows_have_a_closed_form() -> None:
    """n^2 a = a^-p: with alpha = 2 a row of length 8 has a = 8^-(4/3) = 1/16."""
    assert equal(weights_of([(8, 0), (0, 1)], alpha=2)[0], fmpq(1, 16))


def test_with_alpha_one_it_is_nash() -> None:
    """The equation K a = 1/a."""
    nash = METHODS["nash_mtl"].direction(PLAIN).exact
    pairs = zip(METHOD.direction(PLAIN, alpha=1).exact, nash, strict=True)
    assert all(equal(left, right) for left, right in pairs)


def test_its_limits_are_the_sum_and_mgda() -> None:
    """Small alpha: all weights are 1. Large alpha: MGDA's vector, so long that each gain is 1."""
    low = METHOD.direction(PLAIN, alpha=fmpq(1, 2**30)).to_float64()
    assert low == pytest.approx(METHODS["sum"].direction(PLAIN).to_float64(), rel=1e-7)
    shortest = METHODS["mgda"].direction(PLAIN).to_float64()
    square = sum(x * x for x in shortest)
    high = METHOD.direction(PLAIN, alpha=fmpq(2**30)).to_float64()
    assert high == pytest.approx([x / square for x in shortest], rel=1e-6)


@pytest.mark.parametrize("alpha", ALPHAS)
def test_its_degree_is_that_of_the_definition(alpha: fmpq) -> None:
    """Rows times 3: the direction times 3^((1 - alpha) / (1 + alpha))."""
    factor = power(fmpq(3), (1 - alpha) / (1 + alpha))
    scaled = METHOD.direction([[3 * x for x in row] for row in PLAIN], alpha=alpha).exact
    pairs = zip(scaled, METHOD.direction(PLAIN, alpha=alpha).exact, strict=True)
    assert all(equal(left, factor * right) for left, right in pairs)


@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("rows", [PLAIN, [(1, 2), (2, 4)], [(1, 0), (-1, 1), (1, 1), (2, 1)]])
def test_the_answer_carries_its_certificate(rows: Rows, alpha: fmpq) -> None:
    """With both outputs, and with either alone; and a change of 1e-6 does not."""
    outputs = METHOD.direction(rows, alpha=alpha).outputs
    for kept in (outputs, *({name: value} for name, value in outputs.items())):
        assert broken(rows, kept, alpha=alpha) == []
        moved = {
            name: tuple(x * fmpq(10**6 + 1, 10**6) for x in cast("Vector", value))
            for name, value in kept.items()
        }
        assert broken(rows, moved, alpha=alpha) != []


@pytest.mark.parametrize("rows", [[(1, 0), (0, 0)], [(1, 2), (-2, -4)]])
def test_stationary_points_have_no_answer(rows: Rows) -> None:
    """A zero row, antiparallel rows."""
    assert METHOD.direction(rows).kind is Kind.UNDEFINED


def test_alpha_must_be_positive() -> None:
    """The message has name, rule and value."""
    with pytest.raises(ValueError, match=r"alpha must be positive \(got 0\)"):
        METHOD.direction(PLAIN, alpha=0)


@pytest.mark.parametrize("alpha", ALPHAS)
def test_the_trace_is_the_method(alpha: fmpq) -> None:
    """Balls of 400 bits agree with the proven weights."""
    weights = weights_of(PLAIN, alpha=alpha)
    with ctx.workprec(400):
        gramian = arb_mat(jacobian(PLAIN).gramian())
        told = METHOD.trace(gramian, [gramian[i, i].sqrt() for i in range(3)], {}, alpha=alpha)
        gaps = [abs(a - enclose(b, 380)) for a, b in zip(told.weights, weights, strict=True)]
    assert all(gap < arb(2) ** -350 for gap in gaps)
