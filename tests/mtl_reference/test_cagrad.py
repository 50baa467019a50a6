"""CAGrad: exact answers in Q(sqrt D), sets of answers, its certificate and its branches."""

from itertools import combinations

import pytest
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_reference import ascent, simplex
from mtl_reference.branches.cagrad import trace
from mtl_reference.certificates.cagrad import certificate
from mtl_reference.enclosure import Number, Vector, enclose
from mtl_reference.method import Kind, Outputs, Relation, Residual
from mtl_reference.methods.cagrad import direction
from mtl_reference.pairing import combine, inner, products
from mtl_reference.rational import Jacobian, jacobian, root_above
from mtl_reference.surd import sqrt

RADII = [fmpq(0), fmpq(1, 2), fmpq(1), fmpq(2)]
SMALL_ROWS = st.integers(1, 3).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(-2, 2), min_size=width, max_size=width), min_size=1, max_size=4
    )
)
CASES = {
    "right angles": ([(2, 0), (0, 2)], 1, ("2", "2")),
    "two lengths": ([(1, 0), (0, 2)], 2, ("4/5 + 1/5*sqrt(91)", "2/5 + 1/10*sqrt(91)")),
    "one task decides": ([(1, 0), (0, 2)], 0.5, ("1/2 + 1/4*sqrt(5)", "1")),
    "c = 0": ([(1, 0), (-3, 0.5)], 0, ("-1", "1/4")),
    "a single task": ([(3, -4)], 0.75, ("21/4", "-7")),
    "equal rows": ([(1, 2), (1, 2)], 0.5, ("3/2", "3")),
    "a dependent row ties": (
        [(-1, -2), (0, -1), (3, 2)],
        2,
        ("1/2 + 1/6*sqrt(39)", "-1/2 - 1/6*sqrt(39)"),
    ),
    "mean zero": ([(1, 0), (-1, 0)], 2, ("0", "0")),
    "opposite rows on a line": ([(1,), (-2,)], 0.5, ("-1/4",)),
    "0 inside, the sphere just met": ([(1, 0), (0, 1), (-1, -2)], 1, ("0", "0")),
    "0 inside, the sphere not met": ([(1, 0), (0, 1), (-1, -2)], 2, ("0", "0")),
}


def broken(outputs: Outputs, gradients: Jacobian, c: fmpq | float) -> list[str]:
    """The names of the conditions that the outputs do not meet."""
    return [r.name for r in certificate(gradients, outputs, c=c) if not _holds(r)]


def _holds(residual: Residual) -> bool:
    if residual.relation is Relation.ZERO:
        return bool(residual.value == 0)
    return bool(residual.value >= 0)


@pytest.mark.parametrize("case", CASES)
def test_direction(case: str) -> None:
    """The exact direction is the hand-computed one and carries its certificate."""
    rows, c, expected = CASES[case]
    answer = direction(rows, c=c)
    assert tuple(map(str, answer.exact)) == expected
    assert broken(answer.outputs, jacobian(rows), c) == []
    assert broken({"direction": answer.exact}, jacobian(rows), c) == []
    assert broken({"weights": answer.outputs["weights"]}, jacobian(rows), c) == []


@settings(derandomize=True, deadline=None, max_examples=60)
@given(SMALL_ROWS, st.sampled_from(RADII), st.integers(1, 9), st.data())
def test_slopes_bound_how_residuals_move(
    rows: list[list[int]], c: fmpq, size: int, data: st.DataObject
) -> None:
    """A wrong output breaks a condition by no more than its slopes and curvatures allow."""
    gradients = jacobian(rows)
    answer = direction(gradients, c=c)
    if answer.kind is Kind.SET:
        return
    outputs, moves = {}, {}
    for name, vector in answer.outputs.items():
        signs = data.draw(st.lists(st.integers(-1, 1), min_size=len(vector), max_size=len(vector)))
        outputs[name] = tuple(x + fmpq(s * size, 16) for x, s in zip(vector, signs, strict=True))
        moves[name] = root_above(fmpq(sum(map(abs, signs)) * size * size, 256))
    for kept in (outputs, {"direction": outputs["direction"]}, {"weights": outputs["weights"]}):
        for residual in certificate(gradients, kept, c=c):
            first = sum((s * moves[n] for n, s in residual.slopes.items()), fmpq(0))
            second = sum((b * moves[n] ** 2 for n, b in residual.curvatures.items()), fmpq(0))
            assert residual.value >= -first - second, residual.name
            assert residual.relation is not Relation.ZERO or residual.value <= first + second


def kkt_points(gradients: Jacobian, c: fmpq) -> list[Vector]:
    """Every point with right signs on some independent support, by enumeration in surds."""
    gramian, tasks = gradients.gramian(), gradients.tasks
    mean = gradients.combine([fmpq(1, tasks)] * tasks)
    offsets, square = gradients.products(mean), c * c * inner(mean, mean)
    found = []
    for size in range(1, tasks + 1):
        for face in combinations(range(tasks), size):
            block = fmpq_mat([[gramian[i, j] for j in face] for i in face])
            if block.det() == 0:
                continue
            x = block.solve(fmpq_mat(size, 1, [1] * size)).entries()
            y = block.solve(fmpq_mat(size, 1, [offsets[i] for i in face])).entries()
            a, p = sum(x), sum(y)
            q = sum(offsets[i] * value for i, value in zip(face, y, strict=True))
            if p * p < a * (q - square):
                continue
            level = (sqrt(p * p - a * (q - square)) + p) / a
            weights: list[Number] = [fmpq(1, tasks)] * tasks
            for i, left, right in zip(face, x, y, strict=True):
                weights[i] += level * left - right
            point = combine(gradients, tuple(weights))
            reached = all(side >= level for side in products(gradients, point))
            if reached and all(weight >= fmpq(1, tasks) for weight in weights):
                found.append(point)
    return found


@settings(derandomize=True, deadline=None, max_examples=120)
@given(SMALL_ROWS, st.sampled_from(RADII[1:]))
def test_answer_is_the_only_kkt_point(rows: list[list[int]], c: fmpq) -> None:
    """Enumeration of all supports finds the same single direction, and none where a set is told."""
    gradients = jacobian(rows)
    answer = direction(gradients, c=c)
    points = kkt_points(gradients, c)
    if answer.kind is Kind.SET:
        assert points == []
        return
    assert broken(answer.outputs, gradients, c) == []
    assert all(bool(x == y) for point in points for x, y in zip(point, answer.exact, strict=True))
    assert points or not any(answer.exact) or c == 0


def test_small_radius_leaves_a_conflict() -> None:
    """For c < 1 the best level may be negative: here task 0 gets about -0.485."""
    rows = [(1, 0), (-3, 0.5)]
    sides = products(jacobian(rows), direction(rows, c=0.5).exact)
    assert -fmpq(486, 1000) < sides[0] < -fmpq(484, 1000)
    assert min(products(jacobian(rows), direction(rows, c=1).exact)) >= 0


def test_float_radius_is_the_rational_that_it_is() -> None:
    """The float 0.1 is not one tenth, and the exact answer knows."""
    assert direction([(1, 0)], c=0.1).exact == (1 + fmpq(*(0.1).as_integer_ratio()), 0)
    assert direction([(1, 0)], c=0.1).exact != direction([(1, 0)], c="1/10").exact


def test_set_of_answers_below_radius_one() -> None:
    """Rows (1, 0), (-1, 0), (0, 1) hold the level at 0, and every point of a segment attains it."""
    answer = direction([(1, 0), (-1, 0), (0, 1)], c=0.5)
    assert answer.kind is Kind.SET
    inside = [(fmpq(0), fmpq(1, 3)), (fmpq(0), fmpq(1, 2)), (fmpq(0), fmpq(1, 6))]
    outside = [(fmpq(0), fmpq(17, 32)), (fmpq(1, 9), fmpq(1, 3)), (fmpq(0), fmpq(0))]
    assert all(answer.contains(vector) for vector in inside)
    assert not any(answer.contains(vector) for vector in outside)


def test_set_of_answers_leaves_the_span_of_the_rows() -> None:
    """Opposite rows in the plane with c > 1: what is orthogonal to them is free within the ball."""
    answer = direction([(1, 0), (-2, 0)], c=2)
    assert answer.kind is Kind.SET
    assert answer.contains((fmpq(0), fmpq(3, 4)))
    assert not answer.contains((fmpq(0), fmpq(1)))


GUESSES = [None, (0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)]


@pytest.mark.parametrize("guess", GUESSES)
@pytest.mark.parametrize(
    "rows",
    [
        [(3, 0, 1), (-1, 2, 0), (0, -1, 2), (3, 0, 1), (2, 1, 1)],
        [(1, 0), (0, 1), (-1, -2)],
        [(1, 0), (-3, 1), (2, 5)],
    ],
)
def test_wrong_guesses_change_nothing(
    rows: list[tuple[int, ...]], guess: tuple[int, ...] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever support is guessed, the proof refuses a wrong one and the exact search goes on."""
    monkeypatch.setattr(ascent, "likely_ascent", lambda *_: guess)
    monkeypatch.setattr(simplex, "likely_support", lambda *_: ())
    for c in RADII:
        answer = direction(rows, c=c)
        assert answer.kind is Kind.EXACT
        assert broken(answer.outputs, jacobian(rows), c) == []


@pytest.mark.parametrize(
    ("c", "vector", "condition"),
    [
        (1, (fmpq(2), fmpq(1)), "the direction lies in the ball"),
        (1, (fmpq(1), fmpq(1)), "the direction reaches the sphere or is zero"),
        (1, (fmpq(1, 2), fmpq(1)), "the direction reaches the sphere or is zero"),
        (1, (fmpq(1), fmpq(2)), "the direction's multipliers only at tasks of the lowest level"),
        (1, (fmpq(0), fmpq(0)), "the direction's multiplier of task 0 is not negative"),
    ],
)
def test_certificate_names_what_is_wrong(c: int, vector: Vector, condition: str) -> None:
    """Outside of the ball, short of the sphere, off the optimum: each breaks its condition."""
    assert condition in broken({"direction": vector}, jacobian([(1, 0), (0, 2)]), c)


def test_impossible_radius_is_refused() -> None:
    """No ball has a negative or an infinite radius, and the message names the parameter."""
    with pytest.raises(ValueError, match=r"c must not be negative \(got -0.5\)"):
        direction([(1, 0)], c=-0.5)
    with pytest.raises(ValueError, match=r"c must be a finite number \(got inf\)"):
        direction([(1, 0)], c=float("inf"))


@pytest.mark.parametrize("rows", [[(2, 1), (-1, 3), (3, 3)], [(1.0, 1e-12), (-1.0, 2e-12)]])
def test_trace_gives_the_weights_of_the_exact_answer(rows: list[tuple[float, ...]]) -> None:
    """The frozen map has the exact weights, and its decisions the signs of their outcomes."""
    gramian = jacobian(rows).gramian()
    tasks = range(len(rows))
    with ctx.workprec(400):
        norms = [arb(gramian[i, i]).sqrt() for i in tasks]
        told = trace(arb_mat(gramian), norms, {}, c=0.5)
        exact = [enclose(w, 300) for w in direction(rows, c=0.5).outputs["weights"]]
    assert all(a.overlaps(b) and a.rad() < 1e-60 for a, b in zip(told.weights, exact, strict=True))
    assert all(bool(d.value > 0) == d.outcome for d in told.decisions)


@pytest.mark.parametrize("task", [0, 1, 2])
def test_trace_follows_a_flipped_support(task: int) -> None:
    """With one task added or removed the chosen rows share one level, and the sphere is kept."""
    gramian = jacobian([(2, 0, 0), (0, 1, 0), (2, 2, 1)]).gramian()
    outcome = {f"support {i}": (i < 2) != (i == task) for i in range(3)}
    with ctx.workprec(400):
        balls = arb_mat(gramian)
        told = trace(balls, [arb(gramian[i, i]).sqrt() for i in range(3)], outcome, c=2)
        sides = (balls * arb_mat(3, 1, told.weights)).entries()
        extra = arb_mat(3, 1, [w - arb(fmpq(1, 3)) for w in told.weights])
        mean = arb_mat(3, 1, [arb(fmpq(1, 3))] * 3)
        length = (extra.transpose() * balls * extra)[0, 0]
        radius = 4 * (mean.transpose() * balls * mean)[0, 0]
    levels = [sides[i] for i in range(3) if outcome[f"support {i}"]]
    assert all(level.overlaps(levels[0]) for level in levels)
    assert length.overlaps(radius)
