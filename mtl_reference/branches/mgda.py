"""MGDA in balls with its support frozen: a smooth map from the Gramian to the weights."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flint import arb, arb_mat

from mtl_reference.method import Decision, Trace
from mtl_reference.simplex import independent, likely_support, solve_on


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    losses: Sequence[arb] | None = None,
    normalization: str = "none",
) -> Trace:
    """Weights (T,) of the point nearest to 0 in the affine hull of the support.

    With a normalization it is the hull of the rows over their divisors: Gramian and lengths are
    divided first. Only without one do the weights give the shortest vector itself, which cannot
    move far: its ``reach`` is told.

    The decision "support i" tests w_i n_i for a row of the support, and for any other how far
    the row's projection falls short of d, (|d|^2 - <g_i, d>) / n_i: both are lengths, positive
    where the row belongs to the support. A row that depends affinely on those before it adds
    nothing to the affine hull: its weight is 0. Where such rows touch the point, they may as well
    carry weight in place of others: ``terms`` tells the longest that may.
    """
    tasks = len(norms)
    if normalization != "none":
        sizes = _sizes(norms, losses or (), normalization)
        entries = [
            gramian[i, j] / (sizes[i] * sizes[j]) for i in range(tasks) for j in range(tasks)
        ]
        lengths = [norm / size for norm, size in zip(norms, sizes, strict=True)]
        told = trace(arb_mat(tasks, tasks, entries), lengths, outcome)
        return replace(told, reach=None, terms={})
    guess = _support(gramian, outcome)
    members = {task for task in range(tasks) if outcome.get(_name(task), task in guess)}
    weights = _weights(gramian, sorted(members))
    point = gramian * arb_mat(tasks, 1, weights)
    square = sum((weights[i] * point[i, 0] for i in range(tasks)), arb(0))
    decisions = []
    for task in range(tasks):
        slack = point[task, 0] - square
        shortfall = -slack if norms[task].contains(0) else -slack / norms[task]
        value = weights[task] * norms[task] if task in members else shortfall
        decisions.append(Decision(_name(task), value, task in members))
    largest = max((norm.mid() for norm in norms), default=arb(0))
    free = carriers(gramian, decisions)
    terms = {"direction": max(norms[task].mid() for task in free)} if free else {}
    return Trace(tuple(weights), tuple(decisions), reach=largest, terms=terms)


def carriers(gramian: arb_mat, decisions: Sequence[Decision]) -> list[int]:
    """The rows that may carry weight, where the weights are not unique; none where they are.

    A row beside the support whose projection is d's, and which depends affinely on the support.
    """
    matrix = _lifted(gramian)
    members = [task for task, each in enumerate(decisions) if each.outcome]
    basis = independent(matrix, members)
    free = [
        task
        for task, each in enumerate(decisions)
        if task not in basis
        and each.value.contains(0)
        and len(independent(matrix, [*basis, task])) == len(basis)
    ]
    return [*basis, *free] if free else []


def _sizes(norms: Sequence[arb], losses: Sequence[arb], normalization: str) -> list[arb]:
    """The divisor of each row; ZeroDivisionError where one is not positive."""
    lengths = [arb(1) if normalization == "loss" else norm for norm in norms]
    factors = losses if normalization != "l2" else [arb(1)] * len(lengths)
    sizes = [length * factor for length, factor in zip(lengths, factors, strict=True)]
    if not all(size > 0 for size in sizes):
        message = "a row is divided by a number that is not positive"
        raise ZeroDivisionError(message)
    return sizes


def _name(task: int) -> str:
    return f"support {task}"


def _support(gramian: arb_mat, outcome: Mapping[str, bool]) -> tuple[int, ...]:
    """The support at the midpoints, where the outcome does not tell all of it."""
    tasks = gramian.nrows()
    if all(_name(task) in outcome for task in range(tasks)):
        return ()
    squares = [gramian[task, task].mid() for task in range(tasks)]
    if any(not square > 0 for square in squares):
        return (next(task for task, square in enumerate(squares) if not square > 0),)
    return likely_support(gramian, [_height(gramian)] * tasks)


def _weights(gramian: arb_mat, support: Sequence[int]) -> list[arb]:
    """Solve K w = mu 1, 1'w = 1 on the support: u with (K + h^2 1 1') u = h 1 is parallel to w."""
    tasks = gramian.nrows()
    height, matrix = _height(gramian), _lifted(gramian)
    rows = independent(matrix, support)
    solution = solve_on(matrix, rows, [[height] * tasks])[0]
    mass = sum(solution, arb(0))
    return [value / mass for value in solution]


def _lifted(gramian: arb_mat) -> arb_mat:
    """K + h^2 1 1': independent rows of it are affinely independent rows of K."""
    tasks, height = gramian.nrows(), _height(gramian)
    return gramian + arb_mat(tasks, tasks, [height * height] * (tasks * tasks))


def _height(gramian: arb_mat) -> arb:
    """The shortest non-zero row: a length in whose units the hull is neither flat nor a point."""
    squares = [gramian[task, task].mid() for task in range(gramian.nrows())]
    return min((square for square in squares if square > 0), default=arb(1)).sqrt().mid()
