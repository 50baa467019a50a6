"""The exact reference as a subject: judged with no tolerance at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import final

from mtl_reference import METHODS
from mtl_reference.enclosure import Number, Real, decide, enclose
from mtl_reference.method import Kind, ParameterValue, Relation, State
from properties.example import Example, Margin, Observation, Ruling, Step, margin_of
from properties.question import NOTHING, answer, certify, exact_rows, inputs_of, random_of

BITS = 512  # working precision at which a refinable number is asked for its sign


def sign(number: Number) -> int | None:
    """Sign of a number; a refinable one that 512 bits do not tell from zero is zero, nan is None.

    >>> sign(Real(lambda bits: enclose(jacobian([(2,)]).row(0)[0], bits)))
    1
    """
    if not isinstance(number, Real):
        return decide(number)
    ball = number.enclosure(BITS)
    if not ball.is_finite():
        return None
    return bool(ball > 0) - bool(ball < 0)


@final
class ReferenceSubject:
    """The methods of the reference, each margin exactly zero or not negative."""

    def observe(self, example: Example, *, repeat: int = 0) -> Observation:
        """Observe the exact answer; "refused" where the input is invalid."""
        del repeat
        if example.extra.get("invalid") == "whole numbers":
            return Observation(example, NOTHING, {}, "skipped", "exact numbers have no dtype")
        if example.extra.get("invalid") == "one row alone":
            example = _alone(example)
        try:
            told = answer(example)
        except ValueError as error:
            return Observation(example, NOTHING, {}, "refused", str(error))
        rows = exact_rows(example)
        if told.kind is Kind.UNDEFINED or METHODS[example.method].main not in told.outputs:
            return Observation(example, rows, {}, "undefined", f"{told.kind}: {told.reason}")
        return Observation(example, rows, told.outputs)

    def judge(self, law: str, example: Example, margins: Sequence[Margin]) -> Ruling:
        """Pass if every margin keeps its relation exactly."""
        del law, example
        return weigh(margins)

    def accuracy(self, observation: Observation) -> Ruling:
        """Pass if the certificate, which never calls the solver, holds of the answer."""
        residuals = certify(observation.example, observation.jacobian, observation.outputs)
        return weigh(margin_of(residual, observation) for residual in residuals)

    def session(self, example: Example) -> "ReferenceSession":
        """Open a session for an example's method and parameters; no step is taken yet."""
        return ReferenceSession(example.method, example.params)


@final
class ReferenceSession:
    """A state that is handed from step to step."""

    def __init__(self, method: str, params: Mapping[str, ParameterValue]) -> None:
        """A fresh state."""
        self.method, self.params = METHODS[method], dict(params)
        self.state: State | None = None
        self.taken: tuple[Step, ...] = ()

    def step(self, step: Step) -> Observation:
        """Answer to the next step; the state moves on."""
        example = Example(self.method.id, step.rows, self.params, step.orders, {}, step.inputs,
                          step.random, self.taken)  # fmt: skip
        given = inputs_of(step, self.method), random_of(step), self.params, self.state
        told = self.method.answer(*given)
        self.taken = (*self.taken, step)
        self.state = told.state or self.state
        rows = exact_rows(example)
        if told.kind is Kind.UNDEFINED:
            return Observation(example, rows, {}, "undefined", told.reason)
        return Observation(example, rows, told.outputs)

    def close(self) -> None:
        """Forget the state."""
        self.state = None


def _alone(example: Example) -> Example:
    """The first entry of the first input, alone: of another rank than is asked for."""
    first = METHODS[example.method].inputs[0]
    if first == "jacobian":
        return replace(example, rows=example.rows[0])  # type: ignore[arg-type]  # on purpose
    return replace(example, inputs={**example.inputs, first: example.inputs[first][0]})


def weigh(margins: Iterable[Margin]) -> Ruling:
    """Rule on margins with no tolerance: the first that fails is named."""
    worst = None
    for margin in margins:
        found = sign(margin.value)
        if found is None:
            return Ruling("undecided", message=f"{margin.name}: the value is not finite")
        if found < 0 or (margin.relation is Relation.ZERO and found):
            size = float(enclose(margin.value, 64).mid())
            kept = -abs(size)
            return Ruling("fail", kept, f"{margin.name}: {margin.relation} broken by {size!r}")
        worst = 0.0
    return Ruling("pass", worst)
