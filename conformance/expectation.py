"""What is right for one input: the exact answer, its outcomes and bounds, kept for reuse."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Any, cast

from flint import arb, arb_mat, ctx

from conformance import tolerance
from conformance.perturbation import Analysis, Outcomes, Setting, analysis
from conformance.question import Question, answer_to
from conformance.sensitivity import Run
from mtl_reference import METHODS, QUANTITIES
from mtl_reference.enclosure import Vector, enclose
from mtl_reference.method import Answer, Kind
from mtl_reference.rational import Jacobian, jacobian, rational

MOST_TASKS_BY_GRADIENT = 6
MOST_TASKS_BY_DIRECTION = 4

NOTHING = Analysis((), complete=False)


@dataclass(frozen=True, slots=True)
class Expectation:
    """An input with all that judging an answer to it needs.

    ``rows`` are the exact gradients as balls (T, d). ``outcomes`` are found as they are asked
    for, None where there are none to be found; ``candidates`` for each task the gradients that
    some order admits, where orders were not given.
    """

    jacobian: Jacobian
    answer: Answer
    rows: arb_mat
    gramian: arb_mat
    norms: tuple[arb, ...]
    outcomes: Outcomes | None
    in_range: bool
    candidates: tuple[tuple[tuple[arb_mat, arb], ...], ...] = ()

    @property
    def analysis(self) -> Analysis:
        """All outcomes; none, and an incomplete analysis, where there are none to be found."""
        return NOTHING if self.outcomes is None else self.outcomes.analysis

    def image(self, weights: Sequence[arb]) -> arb_mat:
        """The combination of the rows with T coefficients, (1, d)."""
        return arb_mat(1, len(weights), list(weights)) * self.rows


@lru_cache(maxsize=256)
def expectation(asked: Question, dtype: str) -> Expectation:
    """Exact answer, outcomes and bounds of one question in one dtype."""
    answer = answer_to(asked)
    exact = stacked(asked.method, asked.inputs)
    with ctx.workprec(tolerance.BITS):
        gramian = arb_mat(exact.gramian())
        norms = tuple(gramian[task, task].sqrt() for task in range(exact.tasks))
        matrix = arb_mat(exact.numerators) * (1 / arb(exact.denominator))
        in_range = tolerance.within_range(norms, dtype)

    def setting(random: Mapping[str, Any]) -> Setting:
        given, trace = _given(asked, random), METHODS[asked.method].trace
        c = rational(given.get("c", 0))
        return Setting(
            asked.method,
            lambda k, n, o: trace(k, n, o, **given),
            gramian,
            norms,
            exact.width,
            dtype,
            c,
        )

    found: Outcomes | None = None
    candidates: tuple[tuple[tuple[arb_mat, arb], ...], ...] = ()
    if answer.kind is Kind.UNDEFINED:
        pass
    elif asked.drawn == ("orders",):
        if exact.tasks <= MOST_TASKS_BY_GRADIENT:
            met = [setting({"orders": each}) for each in all_orders(exact.tasks)]
            candidates = _candidates(matrix, met)
    elif not asked.drawn:
        found = Outcomes(setting(asked.random), lambda run: _answers(run, answer, matrix, dtype))
    return Expectation(exact, answer, matrix, gramian, norms, found, in_range, candidates)


def stacked(method: str, inputs: Mapping[str, Any]) -> Jacobian:
    """The rows that a method combines, one input below the other, as one exact matrix."""
    rows: list[Any] = []
    for name in METHODS[method].rows:
        found = inputs[name]
        rows += found if len(QUANTITIES[name].shape) > 1 else [found]
    return jacobian(rows)


def _answers(run: Run, answer: Answer, rows: arb_mat, dtype: str) -> bool:
    """Whether a run gives the exact answer, in each output that has a bound.

    Where the map has no derivative at the exact Gramian it was followed from a point near by,
    and that may be the neighbourhood of another answer.
    """
    if answer.kind is not Kind.EXACT or run.bounds is None:
        return not run.near
    given = [answer.exact, *cast("tuple[Vector, ...]", answer.outputs.get("task_gradients", ()))]
    coefficients = [run.trace.weights, *run.trace.task_weights]
    sizes = [run.bounds.direction, *run.bounds.tasks]
    near = arb(tolerance.DISTINCT * tolerance.roundoff(dtype))
    return all(
        bool(length(exact_row(vector) - arb_mat([list(weights)]) * rows).upper() <= near * size)
        for vector, weights, size in zip(given, coefficients, sizes, strict=False)
    )


def _given(asked: Question, random: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments of a trace: defaults, parameters, random and other inputs."""
    given: dict[str, Any] = {each.name: each.default for each in METHODS[asked.method].parameters}
    rows = METHODS[asked.method].rows
    others = {name: found for name, found in asked.inputs.items() if name not in rows}
    return given | dict(asked.params) | others | dict(random)


def all_orders(tasks: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Orders that together show each task each order of the others once."""
    for order in permutations(range(tasks - 1)):
        yield tuple(tuple(other + (other >= task) for other in order) for task in range(tasks))


def _candidates(
    rows: arb_mat, settings: Sequence[Setting]
) -> tuple[tuple[tuple[arb_mat, arb], ...], ...]:
    """For each task the distinct gradients that some order and outcome gives, with bounds."""
    found: list[dict[object, tuple[arb_mat, arb]]] = [{} for _ in range(rows.nrows())]
    for setting in settings:
        for outcome in analysis(setting).outcomes:
            for task, weights in enumerate(outcome.task_weights):
                key = tuple(weight.mid().man_exp() for weight in weights)
                if key not in found[task]:
                    with ctx.workprec(tolerance.BITS):
                        image = arb_mat([list(weights)]) * rows
                    found[task][key] = image, outcome.bounds.tasks[task]
    return tuple(tuple(each.values()) for each in found)


def exact_row(vector: Vector) -> arb_mat:
    """A vector of exact numbers as balls (1, d), wide enough for nothing to be lost."""
    with ctx.workprec(tolerance.BITS):
        return arb_mat([[enclose(number, tolerance.BITS) for number in vector]])


def length(row: arb_mat) -> arb:
    """Euclidean length of a row of balls (1, d)."""
    return (row * row.transpose())[0, 0].nonnegative_part().sqrt()
