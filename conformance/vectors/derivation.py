"""What is right for a frozen case: exact outputs, or the admissible set, with bounds and margins.

Everything is computed from the question alone, so that `vectors check` can compute it again.
"""

from collections.abc import Sequence
from math import isfinite
from typing import Any, Final

from flint import arb, ctx

from conformance import tolerance
from conformance.expectation import Expectation, expectation, length, setting_of
from conformance.perturbation import Outcome, turns
from conformance.question import Question, answer_to, question
from conformance.vectors.notation import decimals, written, written_output
from conformance.vectors.record import BENT
from mtl_reference import RESULTS
from mtl_reference.enclosure import Real
from mtl_reference.method import Answer, Kind, Outputs
from mtl_reference.methods.cagrad_fast import condensed
from mtl_reference.pairing import inner
from mtl_reference.rational import jacobian, rational
from mtl_reference.surd import sqrt
from properties.example import Example
from properties.question import undefined_before

Right = dict[str, Any]

IN_BALL: Final = ("cagrad", "cagrad_fast")
MOST_OUTCOMES: Final = 4
SILENT: Final[Right] = {"bound": None, "margin": None, "condition": None}


class NotFrozenError(ValueError):
    """A case that no vector can hold: its answer is open, or the dtype cannot hold it."""


def right(example: Example, dtype: str, *, beyond: bool = False) -> Right:
    """What a vector tells beside its question; NotFrozenError where nothing can be told.

    ``beyond``: the numbers may leave the range in which products of rows are held.
    """
    asked = question(example, injected=True)
    if asked.drawn:
        raise NotFrozenError("its randomness is not given")  # noqa: EM101, TRY003
    try:
        answer = answer_to(asked)
    except ValueError:
        return {**SILENT, "result": "invalid"}
    if example.extra.get("invalid") == BENT:
        return {**SILENT, "result": "invalid"}
    if example.extra.get("invalid"):
        raise NotFrozenError("the definition takes it")  # noqa: EM101, TRY003
    if undefined_before(example):
        raise NotFrozenError("an earlier step has no answer")  # noqa: EM101, TRY003
    if answer.kind is Kind.UNDEFINED:
        return {**SILENT, "set": {"any": answer.reason or "undefined"}, "result": "set"}
    if answer.kind is Kind.SET:
        return _ball(example, dtype, answer)
    return _told(asked, expectation(asked, dtype), dtype, beyond=beyond)


def _told(asked: Question, expected: Expectation, dtype: str, *, beyond: bool) -> Right:
    """One answer, or one of a few where branches are open."""
    known = expected.analysis
    if known.excessive or not known.complete or not known.defined or not known.outcomes:
        raise NotFrozenError("an open branch has no bound")  # noqa: EM101, TRY003
    if not known.outcomes[0].exact or len(known.outcomes) > MOST_OUTCOMES:
        raise NotFrozenError("too many branches are open")  # noqa: EM101, TRY003
    if not (expected.in_range or beyond):
        raise NotFrozenError("the Gramian leaves the range")  # noqa: EM101, TRY003
    with ctx.workprec(tolerance.BITS):
        several = [_outcome(expected, each) for each in known.outcomes]
        first, size = several[0], _size(expected, known.outcomes[0])
    if not all(isfinite(each) for one in several for each in _bounds(one)):
        raise NotFrozenError("a bound is not finite")  # noqa: EM101, TRY003
    figures = {"margin": margin(asked, dtype), "condition": _condition(first["bound"], size)}
    if len(several) == 1:
        return {**first, **figures, "result": "valid"}
    return {"set": {"outcomes": several}, "bound": None, **figures, "result": "set"}


def _outcome(expected: Expectation, outcome: Outcome) -> Right:
    """The outputs of one outcome that are judged, each with its bound."""
    image, bounds = expected.image(outcome), outcome.bounds.rows
    exact: Outputs = expected.answer.outputs if outcome.exact else {}
    found: dict[str, Any] = {}
    for name, rows in image.items():
        if name in exact:
            found[name] = written_output(exact[name])
        elif outcome.exact:
            continue
        else:
            told = [[written(_real(each)) for each in row.entries()] for row in rows]
            found[name] = told if _ranked(name) else told[0]
    own = {name: _figures(name, bounds[name]) for name in found}
    main = own.pop(expected.main)
    return {"expected": found, "bound": main, **({"bounds": own} if own else {})}


def _bounds(told: Right) -> list[float]:
    """All bounds of an outcome."""
    found = [told["bound"], *told.get("bounds", {}).values()]
    return [each for one in found for each in (one if isinstance(one, list) else [one])]


def _ranked(name: str) -> bool:
    return len(RESULTS[name].shape) > 1


def _figures(name: str, bounds: Sequence[arb]) -> Any:  # noqa: ANN401  (a number, or one a row)
    """The bounds of an output's rows."""
    told = [decimals(float(each)) for each in bounds]
    return told if _ranked(name) else told[0]


def _real(ball: arb) -> Real:
    return Real(lambda _: ball)


def _size(expected: Expectation, outcome: Outcome) -> arb:
    """Length of the main output."""
    rows = [length(row) for row in expected.image(outcome)[expected.main]]
    return sum((each * each for each in rows), arb(0)).sqrt()


def _condition(bound: float | Sequence[float], size: arb) -> float | None:
    """B over the length of the answer; None for the answer zero."""
    one = bound if isinstance(bound, float) else sum(each * each for each in bound) ** 0.5
    return None if size.contains(0) else decimals(one / float(size))


def margin(asked: Question, dtype: str) -> float | None:
    """How far the nearest branch is from turning, over the farthest that rounding moves it.

    Above 1 every branch is resolved; None where there is none that rounding could turn.
    """
    setting = setting_of(asked, dtype)
    found = []
    with ctx.workprec(tolerance.BITS):
        for decision, turn in turns(setting):
            reach = turn * arb(tolerance.worst_case(setting.width, dtype))
            if reach.is_zero() or setting.known(decision):
                continue
            value = arb(0) if decision.value.contains(0) else abs(decision.value)
            found.append(float(value / reach))
    known = [each for each in found if isfinite(each)]
    return decimals(min(known)) if known else None


def _ball(example: Example, dtype: str, answer: Answer) -> Right:
    """CAGrad's answers where no direction gains for all: points of a ball that no row opposes."""
    if example.method not in IN_BALL:
        raise NotFrozenError(f"several answers: {answer.reason}")  # noqa: EM102, TRY003
    gradients = jacobian(example.rows)
    c = rational(example.params.get("c", 0.5))  # type: ignore[arg-type]  # a number
    every = range(gradients.tasks)
    rows, shares = condensed(gradients, sorted(example.random.get("sample", every)))
    centre, gramian = rows.combine(shares), rows.gramian()
    with ctx.workprec(tolerance.BITS):
        norms = [arb(gramian[task, task]).sqrt() for task in range(rows.tasks)]
        bound = tolerance.set_bound(norms, gradients.width, dtype, c)
    told = {
        "centre": written_output(centre),
        "radius": written(c * sqrt(inner(centre, centre))),  # type: ignore[arg-type]  # rationals
        "rows": [written_output(rows.row(task)) for task in range(rows.tasks)],
    }
    own = {"set": {"ball": told}, "bound": decimals(float(bound)), "margin": None}
    return {**own, "condition": None, "result": "set"}
