"""Each family of jacobians reaches what it promises, in every dtype."""

from collections.abc import Callable
from itertools import combinations, permutations

import pytest
from hypothesis import find, settings
from hypothesis.strategies import just

from mtl_reference import METHODS, jacobian
from properties.example import Rows
from properties.generation import draw
from properties.jacobians import FAMILIES, PRECISION, TINY, inner, orders, representable
from properties.laws.law import dot

SIZES = ((1, 1), (2, 1), (2, 3), (3, 2), (4, 3), (5, 6))
QUIET = settings(database=None, deadline=None, derandomize=True)


def _pairs(rows: Rows) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    return list(combinations(rows, 2))


def _multiples(rows: Rows, *factors: float) -> bool:
    return any(
        any(u) and tuple(factor * entry for entry in u) == v
        for u, v in permutations(rows, 2)
        for factor in factors
    )


def _turns(rows: Rows) -> bool:
    """Whether some gradient, projected in some order, has a negative product with itself."""
    for task in range(len(rows)):
        for order in permutations(_others(task, len(rows))):
            met = [order if i == task else _others(i, len(rows)) for i in range(len(rows))]
            modified = METHODS["pcgrad"].direction(rows, orders=met).outputs["task_gradients"]
            if dot(modified[task], jacobian(rows).row(task)) < 0:
                return True
    return False


def _others(task: int, tasks: int) -> tuple[int, ...]:
    return tuple(j for j in range(tasks) if j != task)


def _norms_apart(rows: Rows) -> bool:
    sizes = sorted(inner(row, row) for row in rows)
    return sizes[-1] >= 2**100 * sizes[0] > 0


def _near(rows: Rows) -> bool:
    """Whether <u, v> is 0, <u, u>, or |u| = |v|, within a part in 8 (bfloat16's last places)."""
    for u, v in permutations(rows, 2):
        size = inner(u, u)
        gaps = (inner(u, v), inner(u, v) - size, inner(v, v) - size)
        if size and any(8 * abs(gap) <= 4 * size for gap in gaps):
            return True
    return False


def _nearly_dependent(rows: Rows) -> bool:
    """Whether a pair is independent and its sine is small."""
    for u, v in _pairs(rows):
        product, area = inner(u, u) * inner(v, v), inner(u, u) * inner(v, v) - inner(u, v) ** 2
        if 0 < 64 * area <= product:
            return True
    return False


def _rank(rows: Rows) -> int:
    return jacobian(rows).gramian().rank()


def _in_hull(rows: Rows) -> bool:
    return not any(METHODS["mgda"].direction(rows).exact)


PROMISES: dict[str, Callable[[Rows, str], bool]] = {
    "aligned": lambda rows, _: (
        all(inner(u, v) >= 0 for u, v in _pairs(rows)) and all(map(any, rows))
    ),
    "all_conflicting": lambda rows, _: (
        _rank(rows) == len(rows) and all(inner(u, v) < 0 for u, v in _pairs(rows))
    ),
    "antiparallel": lambda rows, _: _multiples(rows, -1.0, -2.0, -0.5),
    "badly_scaled": lambda rows, _: _norms_apart(rows),
    "conflicting": lambda rows, _: any(inner(u, v) < 0 for u, v in _pairs(rows)),
    "denormal": lambda rows, dtype: (
        all(map(any, rows))
        and all(abs(entry) <= 8 * 2.0 ** TINY[dtype] for row in rows for entry in row)
    ),
    "dependent": lambda rows, _: _rank(rows) < len(rows),
    "duplicate": lambda rows, _: _multiples(rows, 1.0),
    "generic": lambda rows, _: bool(rows),
    "near_dependent": lambda rows, _: _nearly_dependent(rows),
    "near_tie": lambda rows, _: _near(rows),
    "orthogonal": lambda rows, _: (
        all(inner(u, v) == 0 for u, v in _pairs(rows)) and all(map(any, rows))
    ),
    "parallel": lambda rows, _: _multiples(rows, 2.0, 0.5, 4.0),
    "self_opposing": lambda rows, _: _turns(rows),
    "single_task": lambda rows, _: len(rows) == 1,
    "stationary": lambda rows, _: _in_hull(rows) and all(map(any, rows)),
    "stationary_face": lambda rows, _: _in_hull(rows),
    "tall": lambda rows, _: len(rows) > len(rows[0]),
    "wide": lambda rows, _: len(rows[0]) >= 2 * len(rows),
    "zero_row": lambda rows, _: not all(map(any, rows)),
}


@pytest.mark.parametrize("dtype", PRECISION)
@pytest.mark.parametrize("name", FAMILIES)
def test_every_draw_keeps_the_promise(name: str, dtype: str) -> None:
    """Every jacobian of a family has what the family promises, in numbers of the dtype."""
    family = FAMILIES[name]
    for tasks, width in SIZES:
        if not family.least_tasks <= tasks <= family.most_tasks or (name, tasks) == ("tall", 1):
            continue
        for rows in draw(family(tasks, width, dtype), examples=8, number=tasks):
            assert len(rows) == tasks
            assert PROMISES[name](rows, dtype), rows
            assert all(representable(entry, dtype) for row in rows for entry in row), rows


def test_promises_are_complete() -> None:
    """No family goes without a test of its promise."""
    assert set(PROMISES) == set(FAMILIES)


def test_a_gradient_may_turn_against_itself_before_the_end() -> None:
    """Among the self-opposing there is one that a loop over all tasks would project on itself."""
    rows = find(FAMILIES["self_opposing"](4, 2, "float64"), _turns, settings=QUIET)
    assert len(rows) == 4


def test_full_mantissas_are_drawn() -> None:
    """Rounding is exercised: some entry needs more than half of the dtype's digits."""
    rows = find(
        FAMILIES["generic"](1, 1, "float32"),
        lambda rows: (rows[0][0] * 2.0**12) % 1 != 0,
        settings=QUIET,
    )
    assert representable(rows[0][0], "float32")


@pytest.mark.parametrize(
    ("number", "dtype", "held"),
    [(0.1, "float64", True), (0.1, "float32", False), (2.0**-149, "float32", True),
     (257.0, "bfloat16", False), (256.0, "bfloat16", True), (2.0**200, "float32", False)],
)  # fmt: skip
def test_representable(number: float, dtype: str, held: bool) -> None:  # noqa: FBT001  (a truth value)
    """A number belongs to a dtype if it survives the round trip, and is finite there."""
    assert representable(number, dtype) is held


def test_orders_leave_out_the_own_task() -> None:
    """Each task meets all the others once, and never itself."""
    for met in draw(orders(4), examples=10, number=0):
        assert [sorted(order) for order in met] == [list(_others(i, 4)) for i in range(4)]


def test_a_family_refuses_too_few_tasks() -> None:
    """The message names the family, the rule and the value."""
    with pytest.raises(ValueError, match=r"tasks of conflicting must be at least 2 \(got 1\)"):
        FAMILIES["conflicting"](1, 2, "float64")


def test_search_draws_the_same_twice() -> None:
    """One seed, one sequence of draws."""
    strategy = FAMILIES["generic"](3, 3, "float64")
    assert draw(strategy, examples=20, number=7) == draw(strategy, examples=20, number=7)
    assert draw(just(1), examples=3, number=0) == [1]
