"""Facts about one input or one family that no law of the table states: pinned, exact."""

from typing import cast

import pytest
from flint import fmpq

from mtl_reference import METHODS, jacobian, sqrt
from mtl_reference.enclosure import Vector
from mtl_reference.method import Kind
from properties.checks import examine
from properties.example import Example, Rows
from properties.laws import LAWS
from properties.laws.law import dot
from properties.reference_subject import ReferenceSubject

REFERENCE = ReferenceSubject()


def _modified(rows: Rows) -> tuple[Vector, ...]:
    outputs = METHODS["gradops"].direction(rows, alpha=0.0).outputs
    return cast("tuple[Vector, ...]", outputs["task_gradients"])


def test_mgda_ub_may_conflict() -> None:
    """Sener and Koltun's Theorem 1(b) fails: J = [[1,0],[2,1]], g = (3,1), (-1,-1)."""
    rows, shared = ((3.0, 1.0), (-1.0, -1.0)), ((1.0, 1.0), (1.0, -1.0))
    example = Example("mgda_ub", rows, inputs={"representation_jacobian": shared})
    ruling, _ = examine(LAWS["mgda-ub"], example, REFERENCE)
    assert ruling.verdict == "fail"
    assert ruling.worst_margin == -1.0


def test_strong_non_conflict_does_not_reach_modified_pairs() -> None:
    """<g'_i, g_j> >= 0 for all i, j does not give <g'_i, g'_j> >= 0: modified may conflict."""
    rows = ((0.0, 0.0, 1.0), (0.0, 1.0, 1.0), (1.0, 0.0, -1.0))
    modified = _modified(rows)
    assert all(dot(g, jacobian(rows).row(j)) >= 0 for g in modified for j in range(3))
    assert dot(modified[0], modified[1]) == fmpq(-1, 3)


def test_imtl_g_may_ascend_every_task() -> None:
    """The weights sum to 1 with signs: the common projection may be negative."""
    rows = ((0, 0, 1), (0, 1, 2), (1, -1, 1))
    direction = METHODS["imtl_g"].direction(rows).exact
    for row in rows:
        assert dot(direction, tuple(map(fmpq, row))) < 0


def test_gradops_is_undefined_where_a_projection_vanishes() -> None:
    """R_1 = 0 has no negative power: (1,0), (-1/2,1), (0,1) with the fallback none."""
    rows = (("1", 0), ("-1/2", 1), (0, 1))
    answer = METHODS["gradops"].direction(rows, alpha=-1.0, fallback="none")
    assert answer.kind is Kind.UNDEFINED
    assert "projection" in answer.reason


@pytest.mark.parametrize("alpha", [-2.0, 0.0, 2.0])
def test_gradops_on_orthogonal_rows(alpha: float) -> None:
    """At right angles r is proportional to n, so w is proportional to n**alpha."""
    rows = ((1, 0, 0), (0, 2, 0), (0, 0, 4))
    weights = METHODS["gradops"].direction(rows, alpha=alpha).outputs["weights"]
    powers = [fmpq(n) ** int(alpha) for n in (1, 2, 4)]
    assert list(weights) == [3 * power / sum(powers, fmpq(0)) for power in powers]


def test_imtl_g_bisects_two_tasks() -> None:
    """For two independent rows the weights are (n_2, n_1) / (n_1 + n_2)."""
    weights = METHODS["imtl_g"].direction(((1, 0), (1, 1))).outputs["weights"]
    assert weights[0] == sqrt(2) / (1 + sqrt(2))


def test_mgda_weighs_orthogonal_rows_by_their_inverse_squares() -> None:
    """At right angles the min-norm weights are proportional to 1 / n**2."""
    weights = METHODS["mgda"].direction(((1, 0), (0, 2))).outputs["weights"]
    assert tuple(weights) == (fmpq(4, 5), fmpq(1, 5))


def test_cagrad_of_equal_rows_is_longer_by_c() -> None:
    """Equal gradients leave no conflict to spend c on: d = (1 + c) g0."""
    assert METHODS["cagrad"].direction(((3, 4), (3, 4)), c=0.5).exact == (fmpq(9, 2), fmpq(6))


def test_pcgrad_may_turn_a_gradient_against_itself() -> None:
    """Projected on 135, 180 and 225 degrees in turn, (1, 0) ends at <v, g> = -1/4."""
    rows = ((1, 0), (-1, 1), (-1, 0), (-1, -1))
    orders = ((1, 2, 3), (0, 2, 3), (0, 1, 3), (0, 1, 2))
    modified = METHODS["pcgrad"].direction(rows, orders=orders).outputs["task_gradients"]
    assert modified[0] == (fmpq(-1, 4), fmpq(1, 4))
