"""Bounds against what rounding does: honest float programs stay below, on every family."""

from collections.abc import Sequence

import numpy as np
import pytest
from flint import fmpq

from conformance.distance import nearest
from conformance.expectation import Expectation, expectation
from conformance.question import filled, question
from mtl_reference.method import Kind
from properties.example import Example

Rows = tuple[tuple[float, ...], ...]
GENERATOR_SEED = 20


def families() -> list[Rows]:
    """Random, correlated, badly scaled and near-dependent rows, T = 2 to 5."""
    random = np.random.default_rng(GENERATOR_SEED)
    found = []
    for tasks in (2, 3, 5):
        rows = random.standard_normal((tasks, 9))
        matrices = (
            rows,
            rows + 3 * random.standard_normal(9),
            rows * 10.0 ** random.integers(-6, 7, (tasks, 1)),
            np.vstack([rows[:-1], rows[0] + 1e-5 * rows[-1]]),
        )
        found.extend(tuple(map(tuple, matrix.astype(np.float32).tolist())) for matrix in matrices)
    return found


def expected(method: str, rows: Rows, dtype: str, **params: float | str) -> Expectation:
    """The expectation of a method on rows in a dtype."""
    return expectation(question(Example(method, rows, params), injected=True), dtype)


def scaled(found: Expectation, direction: Sequence[float], dtype: str) -> float:
    """Scaled error of a float direction."""
    exact = tuple(fmpq(*float(x).as_integer_ratio()) for x in direction)
    distance = nearest(found, {"direction": exact}, dtype)
    assert distance is not None
    return float(distance.scaled.mid())


def imtl(rows: Rows, dtype: str) -> list[float]:
    """IMTL-G as anybody would write it in numpy, on rows of length one."""
    matrix = np.array(rows, dtype=dtype)
    norms = np.linalg.norm(matrix, axis=1)
    units = matrix / norms[:, None]
    weights = np.linalg.solve(units @ units.T, np.ones(len(rows), dtype)) / norms
    return [float(x) for x in (weights / weights.sum()) @ matrix]


def two_point(rows: Rows, dtype: str) -> list[float]:
    """MGDA of two tasks by its closed form."""
    first, second = np.array(rows, dtype=dtype)
    apart = first - second
    share = np.clip(second @ (second - first) / (apart @ apart), 0, 1)
    return [float(x) for x in share * first + (1 - share) * second]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_honest_imtl_stays_near_its_bound(dtype: str) -> None:
    """A plain numpy IMTL-G has scaled errors below 10, in both dtypes, wherever B is known."""
    each = [(rows, expected("imtl_g", rows, dtype)) for rows in families()]
    known = [(rows, found) for rows, found in each if found.analysis.complete]
    assert len(known) >= len(each) * 3 / 4
    assert max(scaled(found, imtl(rows, dtype), dtype) for rows, found in known) < 10


def test_lower_precision_inside_is_far_beyond() -> None:
    """The same program in float32 is thousands of bounds away from a float64 answer."""
    rows = families()[0]
    assert scaled(expected("imtl_g", rows, "float64"), imtl(rows, "float32"), "float64") > 1e4


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_honest_mgda_stays_near_its_bound(dtype: str) -> None:
    """The closed form of two tasks has scaled errors below 10, in both dtypes."""
    pairs = [rows for rows in families() if len(rows) == 2]
    errors = [scaled(expected("mgda", r, dtype), two_point(r, dtype), dtype) for r in pairs]
    assert max(errors) < 10


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("mean", {}),
        ("mgda", {}),
        ("imtl_g", {}),
        ("cagrad", {"c": 0.5}),
        ("gradops", {"alpha": -1.0, "fallback": "mgda"}),
    ],
)
def test_branches_agree_with_the_method(method: str, params: dict[str, float | str]) -> None:
    """The first outcome is the exact answer: the method in balls and in its field agree."""
    for rows in families():
        found = expected(method, rows, "float64", **params)
        assert found.answer.kind is Kind.EXACT
        assert found.analysis.outcomes
        assert scaled(found, found.answer.to_float64(), "float64") < 1


def test_bounds_follow_powers_of_two() -> None:
    """Nothing absolute: rows times 2^40 have exactly 2^40 times the bound, but for underflow."""
    rows = families()[1]
    moved = tuple(tuple(x * 2.0**40 for x in row) for row in rows)
    bounds = [
        expected("cagrad", each, "float64", c=0.5).analysis.outcomes[0].bounds.total("direction")
        for each in (rows, moved)
    ]
    assert float(bounds[1]) == float(bounds[0]) * 2.0**40


def test_an_open_conflict_has_two_outcomes() -> None:
    """GradOPS jumps where a conflict appears; a cosine of 1e-18 allows both sides."""
    rows = ((1.0, 0.0, 0.0), (1e-18, 1.0, 0.0), (0.9, 0.0, 0.5))
    found = expected("gradops", rows, "float64", alpha=0.0, fallback="mgda")
    assert len(found.analysis.outcomes) > 1
    flipped = ((1.0, 0.0, 0.0), (-1e-18, 1.0, 0.0), (0.9, 0.0, 0.5))
    other = expected("gradops", flipped, "float64", alpha=0.0, fallback="mgda").answer
    assert scaled(found, other.to_float64(), "float64") < 1


def test_a_closed_conflict_has_one() -> None:
    """With a cosine of 1e-3 the other side of the jump is wrong."""
    rows = ((1.0, 0.0, 0.0), (1e-3, 1.0, 0.0), (0.9, 0.0, 0.5))
    found = expected("gradops", rows, "float64", alpha=0.0, fallback="mgda")
    assert len(found.analysis.outcomes) == 1
    flipped = ((1.0, 0.0, 0.0), (-1e-3, 1.0, 0.0), (0.9, 0.0, 0.5))
    other = expected("gradops", flipped, "float64", alpha=0.0, fallback="mgda").answer
    assert scaled(found, other.to_float64(), "float64") > 1e6


def test_branches_that_meet_are_one_outcome() -> None:
    """Orthogonal rows leave every decision of PCGrad open and its answer the same."""
    rows = ((1.0, 0.0, 0.0), (0.0, 2.0, 0.0), (0.0, 0.0, 3.0))
    orders = ((1, 2), (0, 2), (0, 1))
    asked = question(Example("pcgrad", rows, {}, orders), injected=True)
    found = expectation(asked, "float64").analysis
    assert len(found.outcomes) == 1
    assert found.complete


def test_mgda_has_a_bound_where_its_rows_depend() -> None:
    """Duplicate and antiparallel rows: no derivative, and still a finite bound."""
    for rows in (((1.0, 2.0), (1.0, 2.0), (-1.0, 0.5)), ((1.0, 0.0), (-2.0, 0.0))):
        analysis = expected("mgda", rows, "float64").analysis
        assert analysis.complete
        assert len(analysis.outcomes) == 1


def test_no_more_outcomes_are_looked_for_than_it_takes() -> None:
    """The exact answer is found with no branch turned, and a wrong one only after all of them."""
    rows = ((1.0, 0.0, 0.0), (1e-18, 1.0, 0.0), (0.9, 0.0, 0.5))
    found = expected("gradops", rows, "float64", alpha=0.5, fallback="mgda")
    assert found.outcomes is not None
    assert scaled(found, found.answer.to_float64(), "float64") < 1
    assert found.outcomes.runs == 0
    assert scaled(found, (9.0, 9.0, 9.0), "float64") > 1e9
    assert found.outcomes.runs > 0


def test_a_bound_beside_the_exact_answer_is_not_its_own() -> None:
    """Where only a neighbour's run has a bound it is centred there, and nothing is condemned."""
    rows = ((2.0, -2.0, -4.0), (-3.0, -3.0, 2.0), (2.0, -2.0, -4.000000953674316))
    found = expected("gradops", rows, "float32", alpha=-1.0, fallback="mgda").analysis
    assert not found.complete
    assert not any(outcome.exact for outcome in found.outcomes)


def test_rows_that_rounding_cannot_tell_from_dependent_may_be_dropped() -> None:
    """Rows 1 and 2 are parallel to 2^-50: GradOPS of row 0 beside one of them alone is right."""
    rows = ((-1.0, 1.0, 2.0), (1.0, 0.0, 0.0), (1.0, 2.0**-50, 0.0))
    found = expected("gradops", rows, "float64", alpha=0.0, fallback="none")
    assert scaled(found, (0.0, 1.0, 2.0), "float64") < 1
    assert scaled(found, (0.0, 1.1, 2.0), "float64") > 1e9


@pytest.mark.parametrize("alpha", [0.0, 1.0, -1.0])
def test_more_rows_than_columns_are_dependent_whatever_rounding_does(alpha: float) -> None:
    """Three rows in a plane: to leave a row of no length where the fallback is due is wrong."""
    rows = ((1.0, 0.0), (-2.0, 1.0), (1.0, 1.0))
    found = expected("gradops", rows, "float64", alpha=alpha, fallback="mgda")
    plain = expected("gradops", rows, "float64", alpha=0.0, fallback="none").answer
    assert scaled(found, plain.to_float64(), "float64") > 1e6
    assert found.analysis.complete


def test_a_rank_that_rounding_leaves_open_condemns_nobody() -> None:
    """A duplicate, and a row in the span of the others but for 2e-12: IMTL-G's 0 is undecided."""
    rows = (
        (-1.0, 0.0, 1.0, 1.0),
        (-2.0, -1.0, -1.0, 2.0),
        (0.0, 3.0, 2.0, -2.0),
        (-1.0, 0.0, 1.0, 1.0),
        (4.0, -2.0, -3.0, -1.999999999998181),
    )
    found = expected("imtl_g", rows, "float64")
    assert scaled(found, (0.0,) * 4, "float64") > 30
    assert not found.analysis.complete


def test_a_drop_that_another_row_makes_up_for_is_followed_to_its_end() -> None:
    """Rows 0 to 2 are parallel to 1e-16: row 3 beside any one of them alone is an answer."""
    rows = ((6.0, -6.000000000000002), (-2.0, 2.0), (3.0, -3.0), (-3.0, 0.0))
    found = expected("gradops", rows, "float64", alpha=0.5, fallback="mgda").analysis
    lone = [outcome.trace.task_weights[3] for outcome in found.outcomes]
    assert any(row[1] == 0 and row[2] == 0 and row[3] == 1 for row in lone)


def test_draws_that_are_not_given_are_one_for_each_unit() -> None:
    """A representation of two samples of one unit takes one draw beside two coordinates."""
    rows, inputs = ((0.0, 0.0),), {"representation": ((0.0,), (0.0,))}
    asked = question(Example("graddrop", rows, inputs=inputs), injected=False)
    assert filled(asked, 0.5).random == {"uniforms": (0.5,)}
    (only,) = expectation(asked, "float64").analysis.outcomes
    assert all(entry.is_zero() for entry in only.trace.outputs["direction"])
