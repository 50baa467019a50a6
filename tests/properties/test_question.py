"""Examples in the words of their methods: sizes, rows, states, and what a change reaches."""

import pytest
from flint import fmpq

from mtl_reference import METHODS
from properties.example import Example, Step
from properties.laws.aggregators import spoiled_input
from properties.laws.symmetries import permuted
from properties.question import along, answer, changed, exact_rows, inputs_of, sizes

ROWS = ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
LOSSES = {"losses": (1.0, 2.0)}


def test_sizes_are_told_by_whatever_has_the_axis() -> None:
    """The jacobian, another input, or a random input: each tells T or d."""
    assert sizes(Example("mean", ROWS)) == {"T": 2, "d": 3}
    assert sizes(Example("dwa", (), inputs=LOSSES)) == {"T": 2}
    assert Example("dwa", (), inputs=LOSSES).tasks == 2
    assert sizes(Example("graddrop", ROWS, random={"uniforms": (0.5,) * 3})) == {"T": 2, "d": 3}


def test_an_answer_is_the_methods_own() -> None:
    """By the inputs, randomness and parameters that the example holds."""
    example = Example("pcgrad", ((1.0, 0.0), (-1.0, 2.0)), orders=((1,), (0,)))
    right = METHODS["pcgrad"].direction(example.rows, orders=example.orders)
    assert answer(example).exact == right.exact
    assert exact_rows(example).row(1) == (fmpq(-1), fmpq(2))
    assert set(inputs_of(example, METHODS["pcgrad"])) == {"jacobian"}


def test_a_permutation_reaches_every_axis_of_tasks() -> None:
    """Rows, losses, orders and a sample, in earlier steps too; what is no task's stays."""
    step = Step(ROWS, LOSSES)
    example = Example("mgda", ROWS, {}, ((1,), (0,)), {}, LOSSES, {"sample": (0,)}, (step,))
    moved = permuted(example, (1, 0))
    assert moved.rows == moved.earlier[0].rows == ROWS[::-1]
    assert moved.inputs == moved.earlier[0].inputs == {"losses": (2.0, 1.0)}
    assert moved.random == {"sample": (1,)}
    assert moved.orders == ((1,), (0,))


def test_a_change_along_an_axis_leaves_the_others() -> None:
    """Doubled columns double the jacobian's width and no losses."""
    example = Example("mgda", ROWS, inputs=LOSSES)
    wide = changed(example, along("d", lambda row: [*row, *row]))
    assert wide.rows == tuple(row + row for row in ROWS)
    assert wide.inputs == LOSSES


@pytest.mark.parametrize(("kind", "turn"), [("nan", 0), ("nan", 3), ("no rows", 1)])
def test_one_bad_entry_may_stand_in_any_real_input(kind: str, turn: int) -> None:
    """What spoils the shape spoils the first input; a number that is not finite, any of them."""
    example = Example("mgda", ROWS, extra={"invalid": kind, "input": turn}, inputs=LOSSES)
    known = [name for name in METHODS["mgda"].inputs if name in inputs_of(example, METHODS["mgda"])]
    expected = known[turn % len(known)] if kind == "nan" else "jacobian"
    assert spoiled_input(example) == expected
