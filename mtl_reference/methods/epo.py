"""EPO search: weights by a linear program that balances the losses, or descends once they are.

[MR20] D. Mahapatra, V. Rajan, Multi-Task Learning with User Preferences: Gradient Descent with
Controlled Ascent in Pareto Optimization, 2020. For a preference r > 0 and losses l > 0 let
h = r l / sum(r l), mu = sum_j h_j log(T h_j), which is 0 iff all r_j l_j are equal, and
a_j = r_j (log(T h_j) - mu). The weights b on the simplex solve, with K the Gramian,

    balance (mu above the threshold): max b'Ka, with (Kb)_j >= (Ka)_j where (Ka)_j <= 0 and
        (Kb)_j >= 0 for the tasks of the largest r_j l_j; with Kb >= 0 if no (Ka)_j is positive;
    descent: max sum_j (Kb)_j, with Kb >= 0, and in "restricted" mode b'Ka >= min(0, max_j (Ka)_j).

The answer is a vertex of a polyhedron whose sides hold logarithms: refinable reals. The vertex is
guessed by the simplex method on rationals near them, and the signs of slacks and multipliers are
then proved by balls; where balls of 4096 bits do not tell a number from zero, it is taken for zero.

*Departures*
1. The threshold for mu is 2^-13; the released code has 1e-4, which no binary float is.

*Degenerate cases.* A program may have several optimal vertices: where a multiplier is zero, the
answer is a *set*, told by the program's constraints and its value. No b may keep the constraints:
*undefined*. A loss of 0 has no logarithm: *undefined*.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from flint import fmpq, fmpq_mat

from mtl_reference import rational
from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.linear import near, solution, vertex
from mtl_reference.method import Answer, Kind, Method, Parameter, chosen, finite, sized
from mtl_reference.pairing import combine, inner, products, times
from mtl_reference.rational import Jacobian, RationalVector, Rows, Scalar, numbers
from mtl_reference.simplex import minimum_norm, total
from mtl_reference.transcendental import logarithm

MODES = ("restricted", "relaxed")

METHOD = Method(
    id="epo",
    paper="[MR20] Mahapatra, Rajan: Multi-Task Learning with User Preferences (2020)",
    number_field="refinable reals",
    parameters=(
        Parameter("mode", "restricted", "whether descent keeps the balance", choices=MODES),
        Parameter("threshold", 2.0**-13, "imbalance up to which it descends", minimum=0.0),
    ),
    inputs=("jacobian", "losses", "preference"),
    outputs=("direction", "weights"),
)


@final
@dataclass(frozen=True, slots=True)
class Program:
    """The linear program: max c'b with Ab >= r over the simplex.

    ``views`` are the weights with which each row of A, and last the objective, sees the direction:
    A_j b = <G'view_j, G'b>.
    """

    objective: Vector
    rows: tuple[Vector, ...]
    bounds: tuple[Number, ...]
    views: tuple[Vector, ...]


def direction(
    jacobian: Rows,
    *,
    losses: Sequence[Scalar],
    preference: Sequence[Scalar],
    mode: str = "restricted",
    threshold: float = 2.0**-13,
) -> Answer:
    """Direction for rows (T, d), losses (T,) and a preference (T,), with weights b (T,).

    Raises ValueError for what is not finite, negative losses, and a preference that is not
    positive.

    >>> print(*direction([(1, 0), (0, 1)], losses=(1, 1), preference=(1, 2)).to_float64())
    0.0 1.0
    """
    chosen("mode", mode, MODES)
    gradients, limit = rational.jacobian(jacobian), finite("threshold", threshold)
    values = _sign(sized("losses", numbers("losses", losses), gradients.tasks), "losses", 0)
    wish = sized("preference", numbers("preference", preference), gradients.tasks)
    _sign(wish, "preference", 1)
    if 0 in values:
        return Answer(Kind.UNDEFINED, reason="a loss is 0, and has no logarithm")
    program = stated(gradients.gramian(), values, wish, mode, limit)
    tight = vertex(program.objective, program.rows, program.bounds)
    if tight is None:
        return Answer(Kind.UNDEFINED, reason="no weights keep the constraints")
    return _proved(gradients, program, *tight)


def _sign(vector: tuple[fmpq, ...], name: str, least: int) -> tuple[fmpq, ...]:
    for task, value in enumerate(vector):
        if value < 0 or (least and value == 0):
            rule = "positive" if least else "not negative"
            message = f"{name}[{task}] must be {rule} (got {value})"
            raise ValueError(message)
    return vector


def stated(
    gramian: fmpq_mat, losses: RationalVector, preference: RationalVector, mode: str, limit: fmpq
) -> Program:
    """The program of [MR20], section 4, for a Gramian (T, T)."""
    tasks, axes = gramian.nrows(), _axes(gramian.nrows())
    pulls = adjustments(losses, preference)
    pulled = times(gramian, pulls[1])
    signs = [decide(number) or 0 for number in pulled]
    zero: Number = fmpq(0)
    if decide(pulls[0] - limit) == 1:
        bound: dict[int, Number] = {j: pulled[j] for j in range(tasks) if signs[j] <= 0}
        weighed = [r * loss for r, loss in zip(preference, losses, strict=True)]
        bound |= {j: zero for j in range(tasks) if weighed[j] == max(weighed)}
        if 1 not in signs:
            bound = dict.fromkeys(range(tasks), zero)
        kept = sorted(bound)
        rows = tuple(_row(gramian, j) for j in kept)
        views = (*(axes[j] for j in kept), pulls[1])
        return Program(pulled, rows, tuple(bound[j] for j in kept), views)
    rows = tuple(_row(gramian, j) for j in range(tasks))
    bounds, views = (zero,) * tasks, axes
    if mode == "restricted":
        rows, views = (*rows, pulled), (*axes, pulls[1])
        bounds = (*bounds, zero if 1 in signs or 0 in signs else max(pulled))
    ones = (fmpq(1),) * tasks
    return Program(tuple(times(gramian, ones)), rows, bounds, (*views, ones))


def adjustments(losses: RationalVector, preference: RationalVector) -> tuple[Number, Vector]:
    """The imbalance mu and the adjustments a (T,) of equations (9) and (10) [MR20]."""
    weighed = [r * loss for r, loss in zip(preference, losses, strict=True)]
    shares = [each / total(weighed) for each in weighed]
    logarithms = [logarithm(len(shares) * share) for share in shares]
    imbalance = inner(shares, logarithms)
    pairs = zip(preference, logarithms, strict=True)
    return imbalance, tuple(r * (each - imbalance) for r, each in pairs)


def at_vertex(program: Program, zero: tuple[int, ...], tight: tuple[int, ...]) -> Vector:
    """The weights at which these constraints are tight, sum b = 1 beside them."""
    nothing: tuple[Number, ...] = (fmpq(0),) * len(zero)
    sides = (fmpq(1), *nothing, *(program.bounds[j] for j in tight))
    return solution(_system(program, zero, tight), sides)


def _system(program: Program, zero: tuple[int, ...], tight: tuple[int, ...]) -> list[Vector]:
    tasks = len(program.objective)
    axes = _axes(tasks)
    return [(fmpq(1),) * tasks, *(axes[i] for i in zero), *(program.rows[j] for j in tight)]


def _axes(tasks: int) -> tuple[Vector, ...]:
    return tuple(tuple(fmpq(int(i == j)) for j in range(tasks)) for i in range(tasks))


def _row(gramian: fmpq_mat, task: int) -> Vector:
    return tuple(gramian[task, other] for other in range(gramian.ncols()))


def _proved(
    gradients: Jacobian, program: Program, zero: tuple[int, ...], tight: tuple[int, ...]
) -> Answer:
    """The vertex with its signs proved; ArithmeticError where it is not the optimum after all."""
    weights = at_vertex(program, zero, tight)
    columns = [*zip(*_system(program, zero, tight), strict=True)]
    _, *pushes = solution(columns, program.objective)
    slacks: list[Number] = [weights[i] for i in range(gradients.tasks) if i not in zero]
    free = [j for j in range(len(program.rows)) if j not in tight]
    slacks += [inner(program.rows[j], weights) - program.bounds[j] for j in free]
    signs = [decide(-push) for push in pushes]
    if -1 in (*signs, *map(decide, slacks)):
        message = "the vertex found by the simplex method is not the optimum"
        raise ArithmeticError(message)
    if all(sign == 1 for sign in signs):
        outputs = {"direction": combine(gradients, weights), "weights": weights}
        return Answer(Kind.EXACT, outputs)
    value = inner(program.objective, weights)
    reason = (
        "several weights have the best value: every one that keeps the constraints is an answer"
    )
    return Answer(
        Kind.SET,
        reason=reason,
        members=lambda vector: _is_best(gradients, program, value, vector),
    )


def _is_best(gradients: Jacobian, program: Program, value: Number, vector: Vector) -> bool:
    """Whether a direction lies in the hull of the rows, keeps the constraints and has the value."""
    sides = products(gradients, vector)
    *rest, reached = [inner(view, sides) for view in program.views]
    kept = all(decide(side - bound) != -1 for side, bound in zip(rest, program.bounds, strict=True))
    return kept and decide(reached - value) in {0, None} and _in_hull(gradients, vector)


def _in_hull(gradients: Jacobian, vector: Vector) -> bool:
    """Whether a direction is a combination with weights on the simplex; it is read as rational."""
    point = [near(number) for number in vector]
    rows = [
        [g - x for g, x in zip(gradients.row(task), point, strict=True)]
        for task in range(gradients.tasks)
    ]
    gramian = rational.jacobian(rows).gramian()
    shares = fmpq_mat(gradients.tasks, 1, minimum_norm(gramian))
    return bool((shares.transpose() * gramian * shares)[0, 0] == 0)
