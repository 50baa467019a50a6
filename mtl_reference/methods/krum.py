"""Krum: the gradients that lie nearest to their neighbours, averaged.

[BEGS17] P. Blanchard, E. M. El Mhamdi, R. Guerraoui, J. Stainer, Machine Learning with Adversaries:
Byzantine Tolerant Gradient Descent, 2017. The definition is taken from general knowledge of the
paper and has not been read again.

The score of task i is the sum of the squared distances to its T - f - 2 nearest other gradients,
f the number of gradients that may be adversarial. The m gradients of the least scores are averaged
(m = 1 is Krum, more is Multi-Krum). Squared distances are rational, and so is everything.

*Departures*
1. Where scores tie at the edge of the choice the answer is the set of what every choice gives,
   unless all give the same; the paper takes the smallest number.
2. T >= f + 3 is asked, which the score needs; the paper's guarantee needs T >= 2 f + 3.
"""

from collections.abc import Iterator
from itertools import combinations

from flint import fmpq, fmpq_mat

from mtl_reference.enclosure import Vector, decide
from mtl_reference.method import Answer, Kind, Method, Parameter, finite
from mtl_reference.pairing import difference
from mtl_reference.rational import RationalVector, Rows, jacobian

METHOD = Method(
    id="krum",
    paper="[BEGS17] Blanchard et al.: Machine Learning with Adversaries (2017)",
    number_field="Q",
    parameters=(
        Parameter("n_byzantine", 0.0, "f, how many gradients may be adversarial; T >= f + 3", 0.0),
        Parameter("n_selected", 1.0, "m, how many gradients are averaged; at most T", 1.0),
    ),
    outputs=("direction", "weights"),
)


def direction(rows: Rows, *, n_byzantine: float = 0.0, n_selected: float = 1.0) -> Answer:
    """Mean of the selected rows of (T, d), with the weights (T,) where one choice is possible.

    Raises ValueError for a jacobian that is not finite, numbers that are not whole, n_byzantine
    below 0 or above T - 3, and n_selected below 1 or above T.

    >>> print(*direction([(0, 0), (1, 0), (2, 1), (9, 9)], n_selected=2).exact)
    1/2 0
    """
    gradients = jacobian(rows)
    tasks = gradients.tasks
    others = tasks - 2 - whole("n_byzantine", n_byzantine, 0, tasks - 3)
    scored = scores(gradients.gramian(), others)
    choices = list(_choices(scored, whole("n_selected", n_selected, 1, tasks)))
    answers = {tuple(gradients.combine(weights)) for weights in choices}
    if len(answers) > 1:
        reason = "scores are equal at the edge of the choice"
        return Answer(Kind.SET, reason=reason, members=lambda vector: _reached(answers, vector))
    outputs: dict[str, Vector] = {"direction": next(iter(answers))}
    return Answer(Kind.EXACT, outputs | ({"weights": choices[0]} if len(choices) == 1 else {}))


def whole(name: str, value: float, least: int, most: int) -> int:
    """A parameter that must be a whole number from ``least`` to ``most``."""
    number = finite(name, value)
    if number.q != 1 or not least <= number <= most:
        message = f"{name} must be a whole number from {least} to {most} (got {value})"
        raise ValueError(message)
    return int(number.p)


def scores(gramian: fmpq_mat, others: int) -> RationalVector:
    """Section 4 of [BEGS17]: sums of the squared distances to the nearest others, (T,)."""
    tasks = range(gramian.nrows())
    squares = [
        sorted(gramian[i, i] + gramian[j, j] - 2 * gramian[i, j] for j in tasks if j != i)
        for i in tasks
    ]
    return tuple(sum(row[:others], fmpq(0)) for row in squares)


def _choices(scored: RationalVector, selected: int) -> Iterator[RationalVector]:
    """The weights of every choice of the least scores: more than one where scores tie."""
    edge = sorted(scored)[selected - 1]
    inside = [task for task, score in enumerate(scored) if score < edge]
    tied = [task for task, score in enumerate(scored) if score == edge]
    for rest in combinations(tied, selected - len(inside)):
        chosen = {*inside, *rest}
        yield tuple(fmpq(int(task in chosen), selected) for task in range(len(scored)))


def _reached(answers: set[tuple[fmpq, ...]], vector: Vector) -> bool:
    return any(
        all(decide(rest) in {0, None} for rest in difference(answer, vector)) for answer in answers
    )
