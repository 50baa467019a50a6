"""What is right for one input: the exact answer, its outcomes and bounds, kept for reuse."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import permutations
from typing import cast

from flint import arb, arb_mat, ctx

from conformance import tolerance
from conformance.entry_by_entry import EntryByEntry
from conformance.perturbation import Analysis, Outcome, Outcomes, analysis
from conformance.question import Question, answer_to, filled
from conformance.sensitivity import Run
from conformance.setting import Setting
from conformance.through_gramian import ThroughGramian
from mtl_reference import METHODS
from mtl_reference.enclosure import Vector, enclose
from mtl_reference.method import Answer, Kind, Output

MOST_TASKS_BY_GRADIENT = 6
MOST_TASKS_BY_DIRECTION = 4

HALF = 0.5  # any draw: it is asked for only where the answer does not depend on it
NOTHING = Analysis((), complete=False)


@dataclass(frozen=True, slots=True)
class Expectation:
    """A question with all that judging an answer to it needs.

    ``outcomes`` are found as they are asked for, None where there are none to be found;
    ``candidates`` for each task the gradients that some order admits, where orders were not
    given.
    """

    setting: Setting
    answer: Answer
    outcomes: Outcomes | None
    candidates: tuple[tuple[tuple[arb_mat, arb], ...], ...] = ()

    @property
    def analysis(self) -> Analysis:
        """All outcomes; none, and an incomplete analysis, where there are none to be found."""
        return NOTHING if self.outcomes is None else self.outcomes.analysis

    @property
    def main(self) -> str:
        """The output that the method is named for."""
        return self.setting.method.main

    @property
    def in_range(self) -> bool:
        """Whether the dtype holds what an answer takes."""
        return self.setting.in_range

    def image(self, outcome: Outcome) -> dict[str, list[arb_mat]]:
        """The outputs of an outcome that are judged, as rows of balls."""
        return self.setting.image(outcome.trace)


def setting_of(asked: Question, dtype: str) -> Setting:
    """A question as the model of its method sees it."""
    if METHODS[asked.method].perturbation == "gramian":
        return ThroughGramian(asked, dtype)
    return EntryByEntry(asked, dtype)


@lru_cache(maxsize=256)
def expectation(asked: Question, dtype: str) -> Expectation:
    """Exact answer, outcomes and bounds of one question in one dtype."""
    answer = answer_to(asked)
    setting = setting_of(filled(asked, HALF), dtype)
    found: Outcomes | None = None
    candidates: tuple[tuple[tuple[arb_mat, arb], ...], ...] = ()
    if answer.kind is Kind.UNDEFINED:
        pass
    elif asked.drawn == ("orders",):
        few = setting.tasks <= MOST_TASKS_BY_GRADIENT and len(asked.steps) == 1
        if few and "task_gradients" in METHODS[asked.method].outputs:
            candidates = _candidates(asked, dtype)
    elif not asked.drawn or answer.kind is Kind.EXACT:
        found = Outcomes(setting, lambda run: _answers(run, answer, setting))
    return Expectation(setting, answer, found, candidates)


def _answers(run: Run, answer: Answer, setting: Setting) -> bool:
    """Whether a run gives the exact answer, in each output that has a bound.

    Where the map has no derivative at the exact Gramian it was followed from a point near by,
    and that may be the neighbourhood of another answer.
    """
    if answer.kind is not Kind.EXACT or run.bounds is None:
        return not run.near
    near = arb(tolerance.DISTINCT * tolerance.roundoff(setting.dtype))
    image = setting.image(run.trace)
    return all(
        bool(length(one - other).upper() <= near * size)
        for name, given in rows_of(answer, image).items()
        for one, other, size in zip(given, image[name], run.bounds.rows[name], strict=False)
    )


def rows_of(answer: Answer, among: Iterable[str]) -> dict[str, list[arb_mat]]:
    """The exact outputs of some names as rows of balls."""
    return {
        name: [exact_row(row) for row in rows_in(answer.outputs[name])]
        for name in among
        if name in answer.outputs
    }


def rows_in(output: Output) -> list[Vector]:
    """An output row by row."""
    nested = bool(output) and isinstance(output[0], tuple)
    return list(cast("tuple[Vector, ...]", output)) if nested else [cast("Vector", output)]


def all_orders(tasks: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Orders that together show each task each order of the others once."""
    for order in permutations(range(tasks - 1)):
        yield tuple(tuple(other + (other >= task) for other in order) for task in range(tasks))


def _candidates(asked: Question, dtype: str) -> tuple[tuple[tuple[arb_mat, arb], ...], ...]:
    """For each task the distinct gradients that some order and outcome gives, with bounds."""
    found: list[dict[object, tuple[arb_mat, arb]]] = [{} for _ in range(asked.tasks)]
    *earlier, last = asked.steps
    for orders in all_orders(asked.tasks):
        step = replace(last, random=(*last.random, ("orders", orders)))
        setting = setting_of(replace(asked, steps=(*earlier, step)), dtype)
        for outcome in analysis(setting).outcomes:
            with ctx.workprec(tolerance.BITS):
                rows = setting.image(outcome.trace)["task_gradients"]
            for task, weights in enumerate(outcome.trace.task_weights):
                key = tuple(weight.mid().man_exp() for weight in weights)
                found[task].setdefault(
                    key, (rows[task], outcome.bounds.rows["task_gradients"][task])
                )
    return tuple(tuple(each.values()) for each in found)


def exact_row(vector: Vector) -> arb_mat:
    """A vector of exact numbers as balls (1, d), wide enough for nothing to be lost."""
    with ctx.workprec(tolerance.BITS):
        return arb_mat([[enclose(number, tolerance.BITS) for number in vector]])


def length(row: arb_mat) -> arb:
    """Euclidean length of a row of balls (1, d)."""
    return (row * row.transpose())[0, 0].nonnegative_part().sqrt()
