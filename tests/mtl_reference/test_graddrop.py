"""GradDrop: masks by hand, both forms, its law, and its certificate and trace."""

from fractions import Fraction

import pytest
from flint import arb_mat, ctx, fmpq

from mtl_reference import METHODS, Kind
from mtl_reference.enclosure import enclose
from mtl_reference.methods.graddrop import parted
from mtl_reference.rational import jacobian

METHOD = METHODS["graddrop"]
ROWS = ((1.0, 2.0, -1.0, 0.0), (-3.0, 4.0, -2.0, 0.0), (2.0, -1.0, -0.5, 0.0))
UNIFORMS = (0.25, 0.75, 0.5, 0.5)


def test_masks_by_hand() -> None:
    """Purities 1/2, 6/7, 0 and none: positive, positive, negative, nothing."""
    answer = METHOD.direction(ROWS, uniforms=UNIFORMS)
    assert answer.exact == (fmpq(3), fmpq(6), fmpq("-7/2"), fmpq(0))
    flipped = METHOD.direction(ROWS, uniforms=(0.75, 0.875, 0.5, 0.5))
    assert flipped.exact == (fmpq(-3), fmpq(-1), fmpq("-7/2"), fmpq(0))


def test_neither_sign_is_kept_at_equality() -> None:
    """f(P) = U: both inequalities are strict."""
    assert METHOD.direction([(1,), (-1,)], uniforms=(0.5,)).exact == (fmpq(0),)


def test_what_leaks_is_a_share_of_what_is_dropped() -> None:
    """One leak for all, and one a task; leak 1 is the sum."""
    half = METHOD.direction(ROWS, uniforms=UNIFORMS, leak=0.5).exact
    assert half[0] == 3 - fmpq(3, 2)
    own = METHOD.direction(ROWS, uniforms=UNIFORMS, leak=(0.0, 1.0, 0.0)).exact
    assert own[0] == 0
    assert METHOD.direction(ROWS, uniforms=UNIFORMS, leak=1).exact == (
        METHODS["sum"].direction(ROWS).exact
    )


def test_any_increasing_map_of_purities() -> None:
    """By name, and as a function: purity 6/7 lies above 7/8 only once it is made steeper."""
    given = {"uniforms": (0.5, 0.875, 0.5, 0.5)}
    assert METHOD.direction(ROWS, **given).exact[1] == -1
    assert METHOD.direction(ROWS, **given, f="smoothstep").exact[1] == 6
    assert METHOD.direction(ROWS, **given, f=lambda p: p * p).exact[1] == -1


def test_the_expectation_over_the_uniform_is_the_sum() -> None:
    """P times the answer below P, plus 1 - P times the answer above it."""
    units = parted(jacobian(ROWS))
    chances = [unit.purity if unit.purity is not None else fmpq(1, 2) for unit in units]
    low = METHOD.direction(ROWS, uniforms=[p / 2 if p else fmpq(1, 2) for p in chances]).exact
    high = METHOD.direction(ROWS, uniforms=[(1 + p) / 2 for p in chances]).exact
    mean = [p * a + (1 - p) * b for p, a, b in zip(chances, low, high, strict=True)]
    assert tuple(mean) == METHODS["sum"].direction(ROWS).exact


def test_signs_of_a_representation_are_summed_over_the_batch() -> None:
    """Two samples of one unit: G = (1 - (-2), 3 - 5) = (3, -2), and the mask serves both."""
    rows, given = [(1, -2), (3, 5)], {"representation": [(2.0,), (-1.0,)]}
    assert METHOD.direction(rows, uniforms=(0.5,), **given).exact == (fmpq(1), fmpq(-2))
    assert METHOD.direction(rows, uniforms=(0.75,), **given).exact == (fmpq(3), fmpq(5))
    still = METHOD.direction([(1,), (-3,)], uniforms=(0.5,), representation=[(0.0,)])
    assert still.exact == (fmpq(0),)


def test_without_uniforms_the_answer_is_a_set_of_outcomes() -> None:
    """Unit by unit; a mixture within a unit is none of them, a unanimous unit has one."""
    answer = METHOD.direction([(1, 2), (-3, 4)])
    assert answer.kind is Kind.SET
    assert answer.contains((fmpq(1), fmpq(6)))
    assert answer.contains((fmpq(-3), fmpq(6)))
    assert not answer.contains((fmpq(-2), fmpq(6)))
    assert METHOD.direction([(1, 2), (3, 4)]).exact == (fmpq(4), fmpq(6))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"uniforms": (0.5, 0.5)}, "uniforms must be 4 numbers"),
        ({"uniforms": (0.5, 0.0, 0.5, 0.5)}, r"uniforms\[1\] must lie strictly inside"),
        ({"leak": 1.5}, "leak must lie in"),
        ({"leak": (0.5, 0.5)}, "one for each of 3 tasks"),
        ({"f": "cube"}, "f must be one of"),
        ({"representation": [(1.0, 1.0, 1.0)]}, "representation must have 4 entries"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, object], message: str) -> None:
    """Uniforms, leaks, shapes and representations."""
    with pytest.raises(ValueError, match=message):
        METHOD.direction(ROWS, **given)


@pytest.mark.parametrize("representation", [None, ((1.0, -1.0), (0.5, 2.0))])
@pytest.mark.parametrize("leak", [0.0, (0.25, 0.5, 1.0)])
@pytest.mark.parametrize("f", ["identity", "smoothstep"])
def test_certificate_and_trace_agree(representation: object, leak: object, f: str) -> None:
    """The certificate holds of the answer, not of another; balls hold the same direction."""
    inputs = {"jacobian": ROWS} | ({"representation": representation} if representation else {})
    random = {"uniforms": UNIFORMS[: 2 if representation else 4]}
    params = {"leak": leak, "f": f}
    answer = METHOD.answer(inputs, random, params)
    assert all(r.value == 0 for r in METHOD.certify(inputs, answer.outputs, random, params))
    wrong = {"direction": tuple(x + 1 for x in answer.exact)}
    assert not any(r.value == 0 for r in METHOD.certify(inputs, wrong, random, params))
    with ctx.workprec(200):
        balls = {name: arb_mat([list(row) for row in table]) for name, table in inputs.items()}
        run = METHOD.trace(balls, {}, **random, **params)
        pairs = zip(run.outputs["direction"], answer.exact, strict=True)
        assert all(ball.overlaps(enclose(value, 190)) for ball, value in pairs)


def test_a_flipped_decision_keeps_the_other_sign() -> None:
    """Above, below, and neither."""
    balls = {"jacobian": arb_mat([[1], [-3]])}
    told = [{}, {"above 0": True}, {"above 0": False, "below 0": False}]
    found = [METHOD.trace(balls, each, uniforms=(0.5,)).outputs["direction"][0] for each in told]
    assert [float(ball) for ball in found] == [-3, 1, 0]


def test_uniforms_are_exact() -> None:
    """A purity of exactly 1/3 lies above the float just below it."""
    below = Fraction(1, 3) - Fraction(1, 2**60)
    assert METHOD.direction([(1,), (-2,)], uniforms=(below,)).exact == (fmpq(1),)
